/**
 * Set-up, run before `npm start` and (with `--tests`) before `npm test`: a Node new enough, then, on that Node, the
 * packages and Temporal, and for tests the time-skipping server and Git LFS. Running it again costs next to nothing.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideGitLfs } from './git-lfs.mjs';
import { goOnWith } from './go-on.mjs';
import { provideNode } from './node.mjs';
import { providePackages } from './packages.mjs';
import { SetupStopped } from './run.mjs';
import { SetupError, say } from './telling.mjs';
import { provideTemporal, temporalConfigured } from './temporal.mjs';
import { provideTestServer } from './test-server.mjs';

const here = fileURLToPath(import.meta.url);
const root = dirname(dirname(dirname(here)));
const forTests = process.argv.includes('--tests');

async function setUp() {
  const node = await provideNode();
  if (node !== process.execPath) return goOnWith(node, [here, ...process.argv.slice(2)]);
  await providePackages(root);
  const done = [`Node ${process.versions.node}`, 'packages', await page(), await temporal()];
  if (forTests) {
    await provideTestServer();
    done.push('time-skipping test server', await gitLfs());
  }
  say(`✔ ${done.join(' · ')}`);
}

/** Tests run on a server of their own, whatever the settings name. */
async function temporal() {
  if (temporalConfigured() && !forTests)
    return `Temporal at ${process.env.TEMPORAL_ADDRESS || process.env.TEMPORAL_PROFILE}`;
  const { server, from } = await provideTemporal();
  return `Temporal ${server} (${from})`;
}

/** Compiled now, so that no browser has to wait for it. */
async function page() {
  const { dashboardFiles } = await import('../../src/dashboard-files.ts');
  await dashboardFiles();
  return 'page';
}

/** Pawl works without it, and so do all tests but those with files that it keeps: these are skipped then. */
async function gitLfs() {
  try {
    await provideGitLfs();
    return 'Git LFS';
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.report());
    return 'no Git LFS, so the tests that need it are skipped';
  }
}

try {
  await setUp();
} catch (error) {
  if (error instanceof SetupStopped) process.kill(process.pid, error.signal);
  else if (error instanceof SetupError) say(error.report());
  else throw error;
  process.exitCode = 1;
}
