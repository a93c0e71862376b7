/**
 * A Node that is new enough. Must run on Node 18: it is what an older Node executes before anything else. Where the
 * machine's own Node is too old, one is taken from npm, which the machine has, into the per-user cache.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cachedProgram, provide } from './cache.mjs';
import { atLeast, NODE, PLATFORM } from './pins.mjs';
import { run, SetupStopped } from './run.mjs';
import { SetupError, say, telling } from './telling.mjs';

const NAME = `node-${NODE.version}-${PLATFORM}`;
const WAY = `install Node ${NODE.minimum.join('.')} or newer yourself and put it first on PATH`;

/** The program to run Pawl with, or undefined when none is there yet: this process's own, else the cached one. */
export function nodeProgram(env = process.env, own = process.versions.node) {
  if (atLeast(own, NODE.minimum)) return process.execPath;
  return cachedProgram(NAME, join('bin', 'node'), env);
}

/** `nodeProgram`, installed into the cache when it is missing. @throws SetupError */
export async function provideNode(env = process.env, own = process.versions.node) {
  const there = nodeProgram(env, own);
  if (there !== undefined) return there;
  const packageName = NODE.packages[PLATFORM];
  const old = `Node ${own} is too old, Pawl needs ${NODE.minimum.join('.')} or newer`;
  if (packageName === undefined)
    throw new SetupError(`${old}, and has none for ${PLATFORM}`, { ways: [WAY] });
  if (isMusl()) throw new SetupError(`${old}, and has none for musl: it runs on glibc`, { ways: [WAY] });
  return provide({
    name: NAME,
    env,
    find: () => nodeProgram(env, own),
    onWait: () => say(`… waiting for another set-up that installs Node ${NODE.version}`),
    make: (folder) =>
      telling(`installing Node ${NODE.version} (the machine has ${own})`, () =>
        installFromNpm(packageName, folder, env),
      ),
  });
}

async function installFromNpm(packageName, folder, env) {
  mkdirSync(folder, { recursive: true });
  // Without a package.json of its own, npm would climb to one above the cache.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const asked = `${packageName}@${NODE.version}`;
  const flags = [
    '--global=false',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--engine-strict=false',
  ];
  try {
    await run('npm', ['install', '--prefix', folder, ...flags, asked], {
      cwd: folder,
      env: withoutNpmScript(env),
    });
  } catch (error) {
    if (error instanceof SetupStopped) throw error;
    throw new SetupError(`Node ${NODE.version} could not be installed`, {
      tried: [`npm install ${asked}: ${error.message}`],
      ways: [WAY, 'check that npm reaches its registry, then run this again'],
      cause: error,
    });
  }
  const made = join('node_modules', packageName);
  await run(join(folder, made, 'bin', 'node'), ['--version'], { env });
  return made;
}

/** What `npm start` sets for its scripts would reach the inner npm as settings (`--prefix`, say). */
export function withoutNpmScript(env) {
  const own =
    /^npm_(?:command|execpath|lifecycle_|node_execpath|package_|config_(?:local_prefix|prefix|global_prefix)$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)));
}

/** `env` with the folder of `node` first on PATH, so that whatever is started finds that Node. */
export const withNodeFirst = (node, env = process.env) => ({
  ...env,
  PATH: [dirname(node), env.PATH].filter(Boolean).join(delimiter),
});

function isMusl() {
  return process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
}
