/** Git LFS, for tests only: the machine's own, the cache's, or a build by `go install`, which needs no download of a release. */
import { join } from 'node:path';
import { cachedProgram, programsOnPath, provide } from './cache.mjs';
import { GIT_LFS, PLATFORM } from './pins.mjs';
import { run, SetupStopped } from './run.mjs';
import { SetupError, say, telling } from './telling.mjs';

const NAME = `git-lfs-${GIT_LFS.version}-${PLATFORM}`;
const PROGRAM = 'git-lfs';
/** It takes two minutes where the machine is busy; without a network it ends sooner, in words. */
const BUILD_MS_MAX = 10 * 60_000;

/** The program, or undefined when it is not there. */
export const findGitLfs = (env = process.env) =>
  programsOnPath(PROGRAM, env)[0] ?? cachedProgram(NAME, PROGRAM, env);

/** `findGitLfs`, built into the cache when it is missing. @throws SetupError */
export const provideGitLfs = (env = process.env) =>
  provide({
    name: NAME,
    env,
    find: () => findGitLfs(env),
    onWait: () => say('… waiting for another set-up that provides Git LFS'),
    make: (folder) =>
      telling(`building Git LFS ${GIT_LFS.version} with Go, once`, () => buildWithGo(folder, env)),
  });

async function buildWithGo(folder, env) {
  const args = ['install', '-trimpath', '-modcacherw', `${GIT_LFS.goModule}@v${GIT_LFS.version}`];
  // Its caches go away with the folder; -modcacherw lets them.
  const own = {
    GOBIN: join(folder, 'program'),
    GOCACHE: join(folder, 'build-cache'),
    GOMODCACHE: join(folder, 'module-cache'),
    GOTMPDIR: folder,
  };
  try {
    await run('go', args, { cwd: folder, env: { ...env, ...own }, timeoutMs: BUILD_MS_MAX });
    return 'program';
  } catch (error) {
    if (error instanceof SetupStopped) throw error;
    throw new SetupError('Git LFS could not be had for the tests that need it', {
      tried: [error.message],
      ways: ['install git-lfs so that it is on PATH', 'install Go and run this again: it builds Git LFS'],
    });
  }
}
