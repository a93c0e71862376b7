/** A commit that an agent makes in a submodule: refused while the submodule's remote does not have it, and kept. Real git. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runChecks } from '../../src/activities/check.ts';
import { cleanUp } from '../../src/activities/delivery.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { newRepository, newWorld, put, userGit } from '../adapters/scratch-repository.ts';
import { checkDeps } from './check-rig.ts';

const FILES = ['-c', 'protocol.file.allow=always'];
const SETUP = ['git', ...FILES, 'submodule', 'update', '--init'];

/** A task whose agent has committed in `vendor/lib`, and the remote of that. */
async function workInSubmodule() {
  const remote = newRepository({ 'lib.txt': 'one\n' });
  const world = newWorld();
  const { repository, workspaces, forge, task } = world;
  userGit(repository, ...FILES, 'submodule', 'add', '-q', remote, 'vendor/lib');
  userGit(repository, 'commit', '-qm', 'with the library');
  const { path, baseCommit } = await workspaces.prepare(task);
  userGit(path, ...FILES, 'submodule', '--quiet', 'update', '--init');
  await workspaces.noteSetup(task);
  const library = join(path, 'vendor/lib');
  const before = userGit(library, 'rev-parse', 'HEAD');
  put(library, { 'lib.txt': 'two\n' });
  userGit(library, 'commit', '-qam', 'mine');
  put(path, { 'y.txt': 'y\n' });
  const commit = (await workspaces.commit(task, 'work', 'k')) ?? '';
  const deps = {
    ...checkDeps(world),
    forge,
    removeScratch: async () => undefined,
  } as unknown as ActivityDeps; // no more is asked of them
  const checks = [{ name: 'library', run: ['grep', '-q', 'two', 'vendor/lib/lib.txt'] }];
  const input = { task, attempt: 1, baseCommit, commit, checks, protect: [], setup: SETUP };
  const made = userGit(library, 'rev-parse', 'HEAD');
  return {
    repository,
    remote,
    before,
    made,
    library,
    check: () => runChecks(deps, input, { signal: new AbortController().signal }),
    cleanUp: () => cleanUp(deps, { task, baseCommit }),
  };
}

it('is refused before anything is run, with the ways out, and passes once the remote has the commit', async () => {
  const { check, library, made, before, remote } = await workInSubmodule();
  expect(await check()).toMatchObject({
    evidence: [],
    problem: `submodule vendor/lib is at ${made}, which ${remote} does not have: push it there, or put it back to ${before}`,
  });
  userGit(library, ...FILES, 'push', '-q', remote, 'HEAD:refs/heads/more');
  expect((await check()).evidence).toMatchObject([{ name: 'library', passed: true }]);
});

it('is kept in the user’s repository where the task ends without a merge, with the way out', async () => {
  const { cleanUp: end, repository, made } = await workInSubmodule();
  const { kept = [] } = await end();
  const line = kept.find((one) => one.includes('submodule')) ?? '';
  expect(line).toMatch(
    /^pawl\/[\w-]+\.kept-1 \(a commit of submodule vendor\/lib: push it to the remote of that\)$/,
  );
  expect(userGit(repository, 'rev-parse', line.split(' ')[0] ?? '')).toBe(made);
  expect(userGit(repository, 'show', `${made}:lib.txt`)).toBe('two');
});
