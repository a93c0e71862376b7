/** A task that has begun, and the ways in which an agent leaves work besides its change. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import { commitFiles, newWorld, put, scratchFolder, userGit } from '../scratch-repository.ts';

export async function begun() {
  const world = newWorld();
  const { path, baseCommit } = await world.workspaces.prepare(world.task);
  const { repository, workspaces, task, places } = world;
  let attempts = 0;
  return {
    ...world,
    path,
    baseCommit,
    mirror: mirrorOf(places.mirrors, repository),
    settle() {
      attempts += 1;
      return workspaces.commit(task, 'work', `${task.id}/${attempts}/commit`);
    },
    branches: () =>
      userGit(repository, 'for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads').split('\n'),
    /** Files that a clone of the user's repository has on a branch, beyond those of the base. */
    filesOn(branch: string) {
      const clone = scratchFolder('clone');
      userGit(repository, 'clone', '-q', '--no-local', repository, clone);
      userGit(clone, 'fsck', '--strict');
      return userGit(clone, 'diff', '--name-only', baseCommit, `origin/${branch}`)
        .split('\n')
        .filter(Boolean);
    },
  };
}
export type Begun = Awaited<ReturnType<typeof begun>>;

/** Commits a file on a branch, and goes back. */
export const elsewhere = (path: string, branch: string, file: string): string => {
  userGit(path, 'checkout', '-q', '-b', branch);
  const commit = commitFiles(path, { [file]: file });
  userGit(path, 'checkout', '-q', '-');
  return commit;
};

/** What an agent does, and the files of what is kept of it. */
export const LEFT: readonly (readonly [string, (world: Begun) => Promise<void> | void, readonly string[]])[] =
  [
    [
      'on a commit of no branch',
      ({ path }) => {
        userGit(path, 'checkout', '-q', '--detach');
        commitFiles(path, { 'own.txt': 'o' });
        userGit(path, 'checkout', '-q', '--detach', 'HEAD~');
        commitFiles(path, { 'other.txt': 'x' });
      },
      [],
    ],
    [
      'on its branch, before history that it rewrote',
      async ({ path, settle }) => {
        commitFiles(path, { 'own.txt': 'o' });
        await settle();
        userGit(path, 'reset', '-q', '--hard', 'HEAD~2');
        commitFiles(path, { 'new.txt': 'n' });
      },
      [],
    ],
    [
      'on the base branch',
      ({ path }) => {
        userGit(path, 'checkout', '-q', 'main');
        commitFiles(path, { 'main.txt': 'm' });
        userGit(path, 'checkout', '-q', '-');
      },
      ['main.txt'],
    ],
    [
      'and taken back',
      ({ path }) => {
        commitFiles(path, { 'own.txt': 'o' });
        userGit(path, 'revert', '--no-edit', 'HEAD');
      },
      [],
    ],
    [
      'and popped again',
      ({ path }) => {
        put(path, { 'a.txt': 'x' });
        userGit(path, 'stash', '-q');
        userGit(path, 'stash', 'pop', '-q');
      },
      [],
    ],
    [
      'on a branch that it merged',
      ({ path }) => {
        elsewhere(path, 'side', 'side.txt');
        userGit(path, 'merge', '-q', '--no-ff', '--no-edit', 'side');
      },
      [],
    ],
    [
      'on a branch whose files it took',
      ({ path }) => {
        elsewhere(path, 'side', 'side.txt');
        userGit(path, 'checkout', '-q', 'side', '--', '.');
      },
      [],
    ],
    [
      'on an orphan',
      ({ path, task }) => {
        userGit(path, 'checkout', '-q', '--orphan', 'alone');
        commitFiles(path, { 'alone.txt': 'a' });
        userGit(path, 'checkout', '-q', '-f', `pawl/${task.id}`);
      },
      ['alone.txt'],
    ],
    ['on a branch without anything new', ({ path }) => userGit(path, 'branch', 'same'), []],
    [
      'on a branch of which a part is missing',
      ({ path }) => {
        const commit = elsewhere(path, 'torn', 'torn.txt');
        const blob = userGit(path, 'rev-parse', `${commit}:torn.txt`);
        rmSync(join(path, '.git/objects', blob.slice(0, 2), blob.slice(2)));
      },
      [],
    ],
    [
      'on a branch that names a blob',
      ({ path }) => {
        put(path, { '.git/refs/heads/blob': `${userGit(path, 'rev-parse', 'HEAD:a.txt')}\n` });
      },
      [],
    ],
    [
      'on a branch whose name is in the way of its own',
      ({ path, task }) => {
        userGit(path, 'checkout', '-q', '--detach');
        userGit(path, 'branch', '-D', `pawl/${task.id}`);
        commitFiles(path, { 'pawl.txt': 'p' });
        userGit(path, 'branch', 'pawl');
        userGit(path, 'checkout', '-q', 'main');
        put(path, { 'new.txt': 'n' });
      },
      ['pawl.txt'],
    ],
    [
      'on a branch below the name of its own',
      ({ path, task }) => {
        userGit(path, 'checkout', '-q', '--detach');
        userGit(path, 'branch', '-D', `pawl/${task.id}`);
        commitFiles(path, { 'below.txt': 'b' });
        userGit(path, 'branch', `pawl/${task.id}/more`);
        userGit(path, 'checkout', '-q', 'main');
        put(path, { 'new.txt': 'n' });
      },
      ['below.txt'],
    ],
  ];
