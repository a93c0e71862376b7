/**
 * Installs the official MCP conformance suite and inspector, exactly as the lock file beside this says, into a folder of
 * the per-user cache named by the lock's digest. Prints nothing when they are there; two at once: one waits for the other.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cachedProgram, provide } from '../setup/cache.mjs';
import { withoutNpmScript } from '../setup/node.mjs';
import { run, SetupStopped } from '../setup/run.mjs';
import { SetupError, say, telling } from '../setup/telling.mjs';
import { SUITES_NAME } from './place.mjs';

/** A program that is there only when the whole install was moved into place. */
const find = () => cachedProgram(SUITES_NAME, join('node_modules', '.bin', 'conformance'));

async function install(folder) {
  const made = join(folder, 'suites');
  mkdirSync(made);
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(join(import.meta.dirname, file), join(made, file));
  try {
    // Not `npm ci`: it refuses a lock that lacks a package of a platform which the registry at hand does not have.
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: made,
      env: withoutNpmScript(process.env),
    });
  } catch (error) {
    if (error instanceof SetupStopped) throw error;
    throw new SetupError('the MCP suites for the tests could not be installed', {
      tried: [`npm install of scripts/mcp: ${error.message}`],
      ways: ['check that npm reaches its registry, then run this again'],
      cause: error,
    });
  }
  return 'suites';
}

try {
  await provide({
    name: SUITES_NAME,
    find,
    onWait: () => say('… waiting for another set-up that installs the MCP suites'),
    make: (folder) => telling('installing the MCP suites for the tests (npm install)', () => install(folder)),
  });
} catch (error) {
  if (error instanceof SetupStopped) process.kill(process.pid, error.signal);
  else if (error instanceof SetupError) say(error.report());
  else throw error;
  process.exitCode = 1;
}
