/** A repository with a submodule that has one itself, a task in it, and the step that checks it. Real git. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runChecks } from '../../src/activities/check.ts';
import { cleanUp } from '../../src/activities/delivery.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { PROTECTED } from '../../src/domain/protect.ts';
import type { Command } from '../../src/domain/task-spec.ts';
import type { Submodules } from '../../src/domain/wanted-submodules.ts';
import { newRepository, newWorld, userGit } from '../adapters/scratch-repository.ts';
import { checkDeps } from './check-rig.ts';

export const FILES = ['-c', 'protocol.file.allow=always'];

/** Takes a repository in as a submodule; answers the commit. */
export const addSubmodule = (repository: string, remote: string, path: string): string => {
  userGit(repository, ...FILES, 'submodule', '--quiet', 'add', remote, path);
  userGit(repository, 'commit', '-qm', `take ${path} in`);
  return userGit(repository, 'rev-parse', 'HEAD');
};

/** Takes the submodule of a repository out of its own clone, so that only its remote has it. */
export const forget = (repository: string): void => {
  userGit(repository, 'submodule', '--quiet', 'deinit', '-f', '--all');
  rmSync(join(repository, '.git/modules'), { recursive: true });
};

/** `vendor/lib`, which has a submodule `inner` itself. */
export function newLibraries() {
  const inner = newRepository({ 'inner.txt': 'inner\n' });
  const library = newRepository({ 'lib.txt': 'one\n', '.gitignore': 'node_modules/\n' });
  addSubmodule(library, inner, 'inner');
  return { inner, library };
}

/** A task in whose workspace `vendor/lib` was asked for. */
export async function working({
  wanted = true,
  clone = false,
}: {
  wanted?: Submodules;
  clone?: boolean;
} = {}) {
  const { inner, library } = newLibraries();
  const world = newWorld({ 'a.txt': 'a\n', 'pawl.yaml': `submodules: ${JSON.stringify(wanted)}\n` });
  const { repository, workspaces, checkSpaces, places, forge, task } = world;
  addSubmodule(repository, library, 'vendor/lib');
  if (!clone) forget(repository);
  const { path, baseCommit } = await workspaces.prepare(task);
  const problems = await workspaces.submodules(task, { base: baseCommit, commit: baseCommit, wanted });
  const deps = {
    ...checkDeps(world),
    forge,
    removeScratch: async () => undefined,
  } as unknown as ActivityDeps; // no more is asked of them
  const commit = async () => (await workspaces.commit(task, 'work', String(Math.random()))) ?? '';
  return {
    ...world,
    inner,
    library,
    path,
    baseCommit,
    problems,
    at: join(places.checks, `${task.id}-check`),
    commit,
    cleanUp: () => cleanUp(deps, { task, baseCommit }),
    checkOut: (at: string) => checkSpaces.checkOut(task, at),
    check: async (run: Command, more: { setup?: Command; protect?: string[]; commit?: string } = {}) => {
      const input = {
        task,
        attempt: 1,
        baseCommit,
        commit: more.commit ?? (await commit()),
        checks: [{ name: 'tests', run }],
        protect: more.protect ?? [...PROTECTED],
        setup: more.setup ?? null,
      };
      return runChecks(deps, input, { signal: new AbortController().signal });
    },
  };
}
