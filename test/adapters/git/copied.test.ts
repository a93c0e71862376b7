/** Files that are copied into a workspace: there for its programs, and in no commit, tree or kept work, whatever an agent does. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createVariables } from '../../../src/adapters/programs/variables.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { commitFiles, newWorld, put, scratchFolder, userGit } from '../scratch-repository.ts';

const SECRET = 'DATABASE_URL=postgres://me:hunter2hunter2@db/app\nAPI="quoted words here"\n';
const BASE = { 'a.txt': 'a\n', '.gitignore': '.env\nlocal/\nlink*\n*.pipe\n' };

async function prepared(paths = ['.env', 'local/key.json']) {
  const world = newWorld(BASE);
  put(world.repository, { '.env': SECRET, 'local/key.json': '{"key": "private words"}\n' });
  const { workspaces, task } = world;
  const { path, baseCommit } = await workspaces.prepare(task);
  await workspaces.copy(task, baseCommit, paths);
  return { ...world, path, baseCommit };
}

const git = (cwd: string, ...args: readonly string[]) => userGit(cwd, ...args);
const AGENTS: Readonly<Record<string, (workspace: string) => void>> = {
  'leaves them alone': () => undefined,
  'adds them by force and commits': (at) => {
    git(at, 'add', '--force', '.env', 'local');
    git(at, 'commit', '-qm', 'all of it');
  },
  'adds them by force and takes them out again': (at) => {
    git(at, 'add', '--force', '.env');
    git(at, 'commit', '-qm', 'in');
    git(at, 'rm', '-q', '--cached', '.env');
    git(at, 'commit', '-qm', 'out');
  },
  'says what is in them in a message and a name, and in a commit in between': (at) => {
    put(at, { 'c.txt': `first\n${SECRET}` });
    git(at, 'add', 'c.txt');
    git(at, '-c', 'user.name=hunter2hunter2', 'commit', '-qm', 'use hunter2hunter2');
    git(at, 'rm', '-q', 'c.txt');
    git(at, 'commit', '-qm', 'out');
  },
  'ignores them no more': (at) => put(at, { '.gitignore': '' }),
  'ignores them no more and commits': (at) => {
    put(at, { '.gitignore': '!.env\n' });
    git(at, 'add', '--all');
    git(at, 'commit', '-qm', 'all of it');
  },
  'copies one as it is': (at) => put(at, { 'example.txt': SECRET }),
  'changes and removes them': (at) => {
    put(at, { '.env': 'OTHER=of the agent\n' });
    userGit(at, 'clean', '-qfdx', 'local');
  },
  'puts links in their places': (at) => {
    userGit(at, 'clean', '-qfdx');
    symlinkSync('/etc', join(at, 'local'));
    symlinkSync('/etc/hostname', join(at, '.env'));
  },
  'stashes them': (at) => {
    put(at, { 'stashed.txt': 's\n' });
    git(at, 'stash', '-q', '--all');
  },
  'commits them on another branch': (at) => {
    git(at, 'checkout', '-qb', 'other');
    git(at, 'add', '--force', '.env');
    git(at, 'commit', '-qm', 'all of it');
    git(at, 'checkout', '-q', '-');
  },
};

/** What of their work is kept nowhere. */
const LOST: Readonly<Record<string, string>> = {
  'stashes them': 'a stash',
  'commits them on another branch': 'branch other',
};

/** All that a commit holds, as `<object> <path>`. */
const objectsIn = (repository: string, ...revisions: readonly string[]) =>
  userGit(repository, 'rev-list', '--objects', ...revisions).split('\n');

describe('an agent that', () => {
  it.each(Object.entries(AGENTS))('%s has its work without them', async (name, act) => {
    const { workspaces, task, path, places, repository, baseCommit } = await prepared();
    act(path);
    put(path, { 'work.txt': 'work\n' });
    const { tree } = await workspaces.snapshot(task);
    const commit = (await workspaces.commit(task, 'work', 'key')) ?? '';
    const mirror = join(places.mirrors, readdirSync(places.mirrors)[0] ?? '');
    const secret = userGit(repository, 'hash-object', '.env');
    for (const held of [objectsIn(mirror, commit), objectsIn(mirror, '--no-object-names', tree)]) {
      expect(held.filter((line) => line.startsWith(secret) || /(?:^| )(?:\.env|local\/)/.test(line))).toEqual(
        [],
      );
    }
    expect(objectsIn(mirror, commit).join('\n')).toContain(' work.txt');
    expect(userGit(mirror, 'log', '-p', '--format=fuller', commit)).not.toContain('hunter2');
    await workspaces.restore(task, commit);
    expect(readFileSync(join(path, '.env'), 'utf8')).toBe(SECRET);
    expect(readFileSync(join(path, 'local', 'key.json'), 'utf8')).toContain('private words');
    const kept = await workspaces.keep(task, { commit, aside: false });
    // What is lost for its sake is said.
    expect(kept).toEqual(LOST[name] === undefined ? [] : [{ holds: LOST[name] }]);
    await workspaces.commitUnfinished(task, 'unfinished', 'other-key');
    expect(userGit(repository, 'branch', '--list', 'pawl/*')).toBe('');
    expect(() => userGit(repository, 'cat-file', '-e', secret)).toThrow();
    await workspaces.remove(task);
    expect(existsSync(join(places.copied, `${task.id}.json`))).toBe(false);
    expect((await workspaces.fileAt(await again(workspaces, task), baseCommit, 'a.txt')) ?? '').toBe('a\n');
  });
});

/** A workspace that is made anew has nothing of the one before. */
async function again(
  workspaces: Awaited<ReturnType<typeof prepared>>['workspaces'],
  task: Awaited<ReturnType<typeof prepared>>['task'],
) {
  await workspaces.prepare(task);
  expect(existsSync(join(workspaces.pathOf(task), '.env'))).toBe(false);
  return task;
}

it('copies twice as once, and what is named the second time alone', async () => {
  const { workspaces, task, path, baseCommit, places } = await prepared();
  put(path, { '.env': 'changed\n' });
  await workspaces.copy(task, baseCommit, ['.env']);
  expect(readFileSync(join(path, '.env'), 'utf8')).toBe(SECRET);
  expect(statSync(join(places.copied, `${task.id}.json`)).mode & 0o077).toBe(0);
});

it('lets an example with the same content be changed and committed', async () => {
  const world = newWorld({ ...BASE, 'example.env': SECRET });
  put(world.repository, { '.env': SECRET });
  const { workspaces, task } = world;
  const { path, baseCommit } = await workspaces.prepare(task);
  await workspaces.copy(task, baseCommit, ['.env']);
  put(path, { 'moved.env': SECRET });
  const commit = (await workspaces.commit(task, 'work', 'key')) ?? '';
  expect((await workspaces.changes(task, baseCommit, commit)).files).toEqual([
    { path: 'moved.env', status: 'added' },
  ]);
});

it('masks what is in them while they are there', async () => {
  const { places, workspaces, task } = await prepared();
  const { mask } = createVariables(
    { envFile: join(places.home, '.env'), token: join(places.home, 'token'), copied: places.copied },
    {},
  );
  const told = 'hunter2hunter2 "quoted words here" private words postgres://me:hunter2hunter2@db/app a.txt';
  expect(mask().text(told)).not.toMatch(/hunter2|quoted words|private words/);
  expect(mask().text(told)).toContain('a.txt');
  await workspaces.remove(task);
  expect(mask().text(told)).toBe(told);
});

describe('refused in words', () => {
  const refusals: readonly (readonly [string, (repository: string) => void, string, RegExp])[] = [
    ['a file that is not there', () => undefined, '.env', /it is not in .*: make it there/],
    ['a file that git tracks', () => undefined, 'a.txt', /git tracks it on the base branch/],
    ['a folder', (at) => put(at, { 'local/x': 'x' }), 'local', /no plain file/],
    ['a link', (at) => symlinkSync('/etc/hostname', join(at, 'link')), 'link', /no plain file/],
    [
      'a file behind a link',
      (at) => symlinkSync('/etc', join(at, 'linked')),
      'linked/hostname',
      /no folder linked in .*, or it is a link/,
    ],
    ['a pipe', (at) => mkfifo(join(at, 'a.pipe')), 'a.pipe', /no plain file/],
    [
      'a large file',
      (at) => writeFileSync(join(at, '.env'), 'x'.repeat(LIMITS.copiedFileBytesMax + 1)),
      '.env',
      /larger than 65536 bytes/,
    ],
    ["a file of git's", () => undefined, '.git/config', /inside the repository/],
    ["a file of another repository's", (at) => newNested(at), 'local/.git/config', /of a repository of git/],
    [
      'a file that git does not ignore',
      (at) => put(at, { 'plain.txt': 'x' }),
      'plain.txt',
      /git does not ignore it on main; name it in \.gitignore/,
    ],
  ];

  it.each(refusals)('%s', async (_, make, path, words) => {
    const { workspaces, task, repository } = newWorld(BASE);
    make(repository);
    const { baseCommit } = await workspaces.prepare(task);
    const copied = workspaces.copy(task, baseCommit, [path]);
    await expect(copied).rejects.toThrow(words);
    await expect(copied).rejects.not.toThrow('xxx');
  });

  it('of a bare repository', async () => {
    const { workspaces, task, repository } = newWorld(BASE);
    const bare = join(scratchFolder('bare'), 'bare.git');
    userGit(repository, 'clone', '-q', '--bare', repository, bare);
    const ofBare = { ...task, repository: bare };
    const { baseCommit } = await workspaces.prepare(ofBare);
    await expect(workspaces.copy(ofBare, baseCommit, ['.env'])).rejects.toThrow(/is bare and has no files/);
  });

  it('takes a file that has a second name', async () => {
    const { workspaces, task, repository } = newWorld(BASE);
    put(repository, { 'local/first': 'x' });
    linkSync(join(repository, 'local', 'first'), join(repository, '.env'));
    const { baseCommit, path } = await workspaces.prepare(task);
    await workspaces.copy(task, baseCommit, ['.env']);
    expect(readFileSync(join(path, '.env'), 'utf8')).toBe('x');
    expect(commitFiles(repository, { 'b.txt': 'b' })).not.toBe(baseCommit);
  });
});

function mkfifo(path: string): void {
  execFileSync('mkfifo', [path]);
}

function newNested(at: string): void {
  mkdirSync(join(at, 'local'), { recursive: true });
  userGit(join(at, 'local'), 'init', '-q');
}
