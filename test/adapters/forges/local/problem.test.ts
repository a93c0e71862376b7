/** What would keep a task from being merged into the user's own repository, told before an agent is paid. */
import { accessSync, chmodSync, constants, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocalForge } from '../../../../src/adapters/forges/local/forge.ts';
import {
  commitFiles,
  newPlaces,
  newTask,
  newWorld,
  put,
  ready,
  scratchFolder,
  userGit,
  workOn,
} from '../../scratch-repository.ts';

const HOUR_AGO = Date.now() / 1_000 - 3_600;

const lock = (repository: string, name: string, time = HOUR_AGO) => {
  const path = join(repository, '.git', `${name}.lock`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  utimesSync(path, time, time);
};

type Row = readonly [string, (repository: string, id: string) => void, RegExp];
const ROWS: readonly Row[] = [
  [
    'a branch whose name is a folder of the task’s branch',
    (repository) => userGit(repository, 'branch', 'pawl'),
    /^branch pawl in .* is in the way of pawl\/task-\d+, because of its name: rename it, then retry$/,
  ],
  [
    'the same, packed',
    (repository) => {
      userGit(repository, 'branch', 'pawl');
      userGit(repository, 'pack-refs', '--all');
    },
    /^branch pawl in .* is in the way of pawl\//,
  ],
  [
    'a branch below the task’s branch',
    (repository, id) => userGit(repository, 'branch', `pawl/${id}/more`),
    /^branch pawl\/.*\/more in .* is in the way of pawl\//,
  ],
  [
    'a ref in the way of what is kept for the user',
    (repository) => userGit(repository, 'update-ref', 'refs/pawl', 'main'),
    /^refs\/pawl in .* is in the way of pawl\//,
  ],
  [
    'a branch of somebody else under its name',
    (repository, id) => {
      userGit(repository, 'switch', '-qc', `pawl/${id}`);
      commitFiles(repository, { 'own.txt': 'mine' });
      userGit(repository, 'switch', '-q', 'main');
    },
    /^branch pawl\/.* holds work that is not of this task: rename it \(`git -C .* branch -m pawl\/(task-\d+) pawl\/\1-by-hand`\), then retry$/,
  ],
  [
    'one without commits of its own that is checked out',
    (repository, id) => userGit(repository, 'switch', '-qc', `pawl/${id}`),
    /^branch pawl\/.* is checked out in .*: leave it there \(`git -C .* switch --detach`\), then retry$/,
  ],
  ['no base', (repository) => userGit(repository, 'branch', '-m', 'trunk'), /has no branch "main"/],
  [
    'a base that only stands for another branch',
    (repository) => {
      userGit(repository, 'branch', '-m', 'trunk');
      userGit(repository, 'symbolic-ref', 'refs/heads/main', 'refs/heads/trunk');
    },
    /^branch main in .* only stands for branch trunk: name that one with --base$/,
  ],
  [
    'a rebase of the base',
    (repository) => {
      userGit(repository, '-c', 'sequence.editor=echo break >', 'rebase', '-q', '-i', '--root');
    },
    /^a rebase of main is under way in .*: end it, then retry$/,
  ],
  [
    'a rebase of the base in the working tree of a bare repository, whose HEAD names it',
    (repository: string) => {
      const tree = scratchFolder('tree');
      userGit(repository, 'config', 'core.bare', 'true');
      userGit(repository, 'worktree', 'add', '-q', '-f', tree, 'main');
      userGit(tree, '-c', 'sequence.editor=echo break >', 'rebase', '-q', '-i', '--root');
    },
    /^a rebase of main is under way in .*: end it, then retry$/,
  ],
  [
    'a lock of the base that is left',
    (repository) => lock(repository, 'refs/heads/main'),
    /^another git has held .*main\.lock for long: if none runs there, remove that file/,
  ],
  ['a lock of all refs that is left', (repository) => lock(repository, 'packed-refs'), /packed-refs\.lock/],
  [
    'a lock of its branch that is left',
    (repository, id) => lock(repository, `refs/heads/pawl/${id}`),
    /pawl\/task-\d+\.lock/,
  ],
  [
    'a kind of repository that git does not know',
    (repository) => {
      userGit(repository, 'config', 'core.repositoryFormatVersion', '1');
      userGit(repository, 'config', 'extensions.madeUp', 'true');
    },
    /is of another kind than the git on PATH knows \(unknown repository extension found: madeup\)/,
  ],
  [
    'no repository any more',
    (repository) => rmSync(join(repository, '.git'), { recursive: true }),
    /is not a git repository/,
  ],
];

describe('told before an agent is paid', () => {
  it('nothing of a repository as people have it', async () => {
    const { forge, task, repository } = newWorld();
    commitFiles(repository, { 'more.txt': 'more' });
    put(repository, { 'a.txt': 'mine', 'untracked.txt': 'mine' });
    userGit(repository, 'branch', 'pawls');
    userGit(repository, 'branch', 'pawl/another-task');
    lock(repository, 'refs/heads/main', Date.now() / 1_000);
    expect(await forge.problem(task)).toBeUndefined();
  });

  it.each(ROWS)('%s', async (_, make, words) => {
    const { forge, task, repository } = newWorld();
    make(repository, task.id);
    expect(await forge.problem(task)).toMatch(words);
  });

  it.each(['where the base is', 'where the base was'])(
    'not one of its name without commits, %s',
    async (where) => {
      const world = newWorld();
      const { forge, task, repository } = world;
      const branch = `pawl/${task.id}`;
      userGit(repository, 'branch', branch);
      if (where === 'where the base was') commitFiles(repository, { 'more.txt': 'more' });
      expect(await forge.problem(task)).toBeUndefined();
      const { merge } = await ready(world);
      expect(userGit(repository, 'rev-parse', branch)).toBe(merge.commit);
      expect(await forge.merge(merge)).toMatchObject({ kind: 'merged' });
      expect(userGit(repository, 'branch', '--list', branch)).toBe('');
    },
  );

  it('a branch that a reviewer has begun anew while the task waits; not one on which they went on', async () => {
    const { forge, task, repository } = await ready();
    expect(await forge.problem(task)).toBeUndefined();
    userGit(repository, 'switch', '-q', `pawl/${task.id}`);
    commitFiles(repository, { 'review.txt': 'mine' });
    expect(await forge.problem(task)).toBeUndefined();
    userGit(repository, 'reset', '-q', '--hard', 'main');
    commitFiles(repository, { 'review.txt': 'mine' });
    expect(await forge.problem(task)).toMatch(/holds work that is not of this task/);
  });

  it.each(['objects', 'refs', 'refs/heads'])('%s that cannot be written', async (name) => {
    const { forge, task, repository } = newWorld();
    const folder = join(repository, '.git', name);
    chmodSync(folder, 0o555);
    try {
      // Some users may write anywhere.
      if (mayWrite(folder)) return;
      expect(await forge.problem(task)).toMatch(/cannot be written by the user who runs Pawl/);
    } finally {
      chmodSync(folder, 0o755);
    }
  });

  it('a working tree with the base that git cannot find', async () => {
    const seed = newWorld().repository;
    const [main, git] = [join(scratchFolder(), 'main'), join(scratchFolder(), 'git')];
    userGit(seed, 'clone', '-q', `--separate-git-dir=${git}`, seed, main);
    const linked = join(scratchFolder(), 'linked');
    userGit(main, 'worktree', 'add', '-q', '-b', 'side', linked);
    const forge = createLocalForge(newPlaces());
    expect(await forge.problem(newTask(linked))).toMatch(
      /git does not know in which folder that is: name that folder in place of .*linked$/,
    );
    expect(await forge.problem(newTask(linked, 'side'))).toBeUndefined();
    expect(await forge.problem(newTask(main))).toBeUndefined();
  });
});

it('a branch that another git holds is waited for, then tried again later', async () => {
  const world = newWorld();
  const { commit } = await workOn(world, world.task, { 'new.txt': 'n' });
  lock(world.repository, `refs/heads/pawl/${world.task.id}`);
  await expect(world.forge.push(world.task, commit)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('if no git runs there, remove that file'),
  });
});

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
