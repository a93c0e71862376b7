/** The npm packages of a clone, installed exactly as `package-lock.json` says. An installed Pawl has them already. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache.mjs';
import { withLock } from './lock.mjs';
import { withoutNpmScript } from './node.mjs';
import { run, SetupStopped } from './run.mjs';
import { SetupError, say, telling } from './telling.mjs';

const MARK = 'pawl-installed-lock';
/** No package needs an install script; NODE_ENV=production must not leave out what tests and the sample use. */
const FLAGS = ['--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];

/** Whether any packages are there. npm writes its hidden lock last, so a killed install is not taken for a whole one. */
export const packagesThere = (root) => timeOf(join(root, 'node_modules', '.package-lock.json')) !== undefined;

/** Whether they are those of the lock file: set-up noted its digest, or npm finished after the lock was written. */
export function packagesCurrent(root) {
  const finished = timeOf(join(root, 'node_modules', '.package-lock.json'));
  if (finished === undefined) return false;
  return (
    finished >= (timeOf(lockOf(root)) ?? 0) || readText(join(root, 'node_modules', MARK)) === digestOf(root)
  );
}

/** Runs `npm ci` where it is needed; true when it was. Two at once: one installs, the other waits. @throws SetupError */
export async function providePackages(root, env = process.env) {
  if (packagesCurrent(root)) return false;
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const waiting = () => say('… waiting for another set-up that installs the packages');
  return withLock(join(cacheFolder(env), 'locks', `packages-${name}.lock`), waiting, async () => {
    if (packagesCurrent(root)) return false;
    try {
      await telling('installing packages (npm ci)', () =>
        run('npm', ['ci', ...FLAGS], { cwd: root, env: withoutNpmScript(env) }),
      );
    } catch (error) {
      if (error instanceof SetupStopped) throw error;
      throw new SetupError('the packages could not be installed', {
        tried: [`npm ci in ${root}: ${error.message}`],
        ways: [
          'run `npm ci` there to see all of its output',
          'check that npm reaches its registry, then run this again',
        ],
        cause: error,
      });
    }
    writeFileSync(join(root, 'node_modules', MARK), digestOf(root));
    return true;
  });
}

const lockOf = (root) => join(root, 'package-lock.json');
const digestOf = (root) =>
  createHash('sha256')
    .update(readFileSync(lockOf(root)))
    .digest('hex');

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function readText(path) {
  return timeOf(path) === undefined ? undefined : readFileSync(path, 'utf8');
}
