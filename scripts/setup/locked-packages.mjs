/**
 * Packages that only some tests need, exactly as a lock file says, in a folder of the per-user cache named by the lock's
 * digest: installed once for each content of it, and never in this clone.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedProgram, cacheFolder, provide } from './cache.mjs';
import { withoutNpmScript } from './node.mjs';
import { run, SetupStopped } from './run.mjs';
import { SetupError, say, telling } from './telling.mjs';

/** The folder's name for what the lock file in `source` says. */
export function lockedName(prefix, source) {
  const lock = readFileSync(join(source, 'package-lock.json'));
  return `${prefix}-${createHash('sha256').update(lock).digest('hex').slice(0, 16)}`;
}

/** Where the programs are once they are installed. */
export const lockedBin = (name) => join(cacheFolder(), name, 'node_modules', '.bin');

/**
 * Prints nothing when they are there; two at once: one waits for the other. Sets the exit code when it cannot.
 * `program` is one that is there only when the whole install was moved into place, `what` they are in words.
 */
export async function installLocked({ name, source, program, what }) {
  try {
    await provide({
      name,
      find: () => cachedProgram(name, join('node_modules', '.bin', program)),
      onWait: () => say(`… waiting for another set-up that installs ${what}`),
      make: (folder) => telling(`installing ${what} (npm install)`, () => install(folder, source, what)),
    });
  } catch (error) {
    if (error instanceof SetupStopped) process.kill(process.pid, error.signal);
    else if (error instanceof SetupError) say(error.report());
    else throw error;
    process.exitCode = 1;
  }
}

async function install(folder, source, what) {
  const made = join(folder, 'packages');
  mkdirSync(made);
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(join(source, file), join(made, file));
  try {
    // Not `npm ci`: it refuses a lock that lacks a package of a platform which the registry at hand does not have.
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: made,
      env: withoutNpmScript(process.env),
    });
  } catch (error) {
    if (error instanceof SetupStopped) throw error;
    throw new SetupError(`${what} could not be installed`, {
      tried: [`npm install of ${source}: ${error.message}`],
      ways: ['check that npm reaches its registry, then run this again'],
      cause: error,
    });
  }
  return 'packages';
}
