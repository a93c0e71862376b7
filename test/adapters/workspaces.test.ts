/** Workspaces on real git: made, looked at, committed, merged into, put back, removed; repeated and cut off. */
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mirrorOf } from '../../src/adapters/git/mirror.ts';
import { createWorkspaces } from '../../src/adapters/workspaces.ts';
import {
  commitFiles,
  filesBelow,
  newRepository,
  newTask,
  newWorld,
  put,
  scratchFolder,
  userGit,
} from './scratch-repository.ts';

const read = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');

describe('prepare', () => {
  it('makes a worktree of the base on a branch of its own and writes nothing to the repository', async () => {
    const { repository, workspaces, task, baseCommit } = newWorld();
    const before = userGit(repository, 'for-each-ref');
    const prepared = await workspaces.prepare(task);
    expect(prepared).toEqual({ baseCommit, path: workspaces.pathOf(task), dirty: false });
    expect(filesBelow(prepared.path)).toEqual(['.gitignore', 'a.txt', 'src/b.txt']);
    expect(userGit(prepared.path, 'symbolic-ref', 'HEAD')).toBe(`refs/heads/pawl/${task.id}`);
    expect(userGit(prepared.path, 'rev-parse', 'HEAD')).toBe(baseCommit);
    expect(userGit(prepared.path, 'status', '--porcelain')).toBe('');
    expect(userGit(repository, 'for-each-ref')).toBe(before);
    expect(await workspaces.exists(task)).toBe(true);
    expect(await workspaces.head(task)).toBe(baseCommit);
  });

  it('changes nothing the second time, wherever the base is by then', async () => {
    const { repository, workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'a.txt': 'work in progress' });
    commitFiles(repository, { 'c.txt': 'later' });
    expect((await workspaces.prepare(task)).baseCommit).toBe(baseCommit);
    expect(read(path, 'a.txt')).toBe('work in progress');
  });

  it('leaves changes of the user alone and says that there are some', async () => {
    const { repository, workspaces, task } = newWorld();
    put(repository, { 'a.txt': 'mine', 'new.txt': 'mine' });
    const { path, dirty } = await workspaces.prepare(task);
    expect(dirty).toBe(true);
    expect(read(path, 'a.txt')).toBe('one\ntwo\nthree\n');
    expect(read(repository, 'a.txt')).toBe('mine');
    expect(existsSync(join(path, 'new.txt'))).toBe(false);
  });

  it('brings a newer base for the next task, and the base of each branch', async () => {
    const { repository, workspaces, task } = newWorld();
    await workspaces.prepare(task);
    const newer = commitFiles(repository, { 'c.txt': 'c' });
    expect((await workspaces.prepare(newTask(repository))).baseCommit).toBe(newer);
    userGit(repository, 'checkout', '-q', '-b', 'feature/x');
    const feature = commitFiles(repository, { 'd.txt': 'd' });
    const other = newTask(repository, 'feature/x');
    expect((await workspaces.prepare(other)).baseCommit).toBe(feature);
    expect(filesBelow(workspaces.pathOf(other))).toContain('d.txt');
  });

  it('follows a base that was rewound or replaced by another history', async () => {
    const { repository, workspaces, task, baseCommit } = newWorld();
    commitFiles(repository, { 'c.txt': 'c' });
    await workspaces.prepare(task);
    userGit(repository, 'reset', '-q', '--hard', baseCommit);
    userGit(repository, 'reflog', 'expire', '--expire=now', '--all');
    userGit(repository, 'gc', '-q', '--prune=now');
    expect((await workspaces.prepare(newTask(repository))).baseCommit).toBe(baseCommit);
    userGit(repository, 'checkout', '-q', '--orphan', 'fresh');
    const fresh = commitFiles(repository, { 'e.txt': 'e' });
    const task2 = newTask(repository, 'fresh');
    expect((await workspaces.prepare(task2)).baseCommit).toBe(fresh);
  });

  it('works from a bare repository, a shallow clone and a linked working tree', async () => {
    const { repository, workspaces } = newWorld();
    const tip = commitFiles(repository, { 'c.txt': 'c' });
    const [bare, shallow, linked] = [
      scratchFolder('bare'),
      scratchFolder('shallow'),
      scratchFolder('linked'),
    ];
    userGit(repository, 'clone', '-q', '--bare', repository, bare);
    userGit(repository, 'clone', '-q', '--depth', '1', `file://${repository}`, shallow);
    rmSync(linked, { recursive: true });
    userGit(repository, 'worktree', 'add', '-q', '-b', 'side', linked);
    expect((await workspaces.prepare(newTask(bare))).baseCommit).toBe(tip);
    const task = newTask(shallow);
    expect((await workspaces.prepare(task)).baseCommit).toBe(tip);
    expect(userGit(workspaces.pathOf(task), 'rev-list', '--count', 'HEAD')).toBe('1');
    userGit(shallow, 'fetch', '-q', '--unshallow');
    const next = commitFiles(shallow, { 'd.txt': 'd' });
    const whole = newTask(shallow);
    expect((await workspaces.prepare(whole)).baseCommit).toBe(next);
    expect(userGit(workspaces.pathOf(whole), 'rev-list', '--count', 'HEAD')).toBe('3');
    expect((await workspaces.prepare(newTask(linked, 'side'))).baseCommit).toBe(tip);
  });

  it.each([
    ['nothing is there', (folder: string) => join(folder, 'none'), /does not exist/],
    ['it is no repository', (folder: string) => folder, /is not a git repository: run `git init`/],
  ])('refuses in words when %s', async (_, at, message) => {
    const { workspaces } = newWorld();
    const task = newTask(at(scratchFolder()));
    await expect(workspaces.prepare(task)).rejects.toThrow(message);
    await expect(workspaces.prepare(task)).rejects.toMatchObject({ code: 'precondition' });
    expect(await workspaces.exists(task)).toBe(false);
  });

  it('makes many workspaces of one new repository at once', async () => {
    const { repository, places } = newWorld();
    const tasks = Array.from({ length: 8 }, () => newTask(repository));
    const prepared = await Promise.all(tasks.map((task) => createWorkspaces(places).prepare(task)));
    for (const { path } of prepared) expect(filesBelow(path)).toContain('a.txt');
    await Promise.all(
      tasks.map(async (task) => {
        put(createWorkspaces(places).pathOf(task), { 'mine.txt': task.id });
        await createWorkspaces(places).commit(task, 'work', `${task.id}/1/commit`);
        await createWorkspaces(places).remove(task);
      }),
    );
    expect(readdirSync(places.workspaces)).toEqual([]);
    expect(userGit(mirrorOf(places.mirrors, repository), 'for-each-ref', 'refs/heads')).toBe('');
  });
});

describe('snapshot and restore', () => {
  it('sees every file that is not ignored and leaves the index of the agent alone', async () => {
    const { workspaces, task } = newWorld();
    const { path } = await workspaces.prepare(task);
    const clean = await workspaces.snapshot(task);
    expect(clean.changedFiles).toEqual([]);
    put(path, { 'new.txt': 'n', 'ignored/x': 'x', 'a.txt': 'changed' });
    rmSync(join(path, 'src/b.txt'));
    userGit(path, 'add', 'new.txt');
    const status = userGit(path, 'status', '--porcelain');
    const { tree, changedFiles } = await workspaces.snapshot(task);
    expect(changedFiles).toEqual(['a.txt', 'new.txt', 'src/b.txt']);
    expect(userGit(path, 'status', '--porcelain')).toBe(status);
    expect(userGit(path, 'ls-tree', '--name-only', tree).split('\n')).toEqual([
      '.gitignore',
      'a.txt',
      'new.txt',
    ]);
    expect(await workspaces.snapshot(task)).toEqual({ tree, changedFiles });
  });

  it('puts the worktree back to a tree or a commit, whatever an agent did to it', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'new.txt': 'n', 'ignored/x': 'x' });
    const { tree } = await workspaces.snapshot(task);
    rmSync(join(path, 'src'), { recursive: true });
    put(path, { src: 'a file now', 'a.txt': 'other', 'junk/deep/y': 'y', 'new.txt': 'changed' });
    userGit(path, 'checkout', '-q', '--detach');
    rmSync(join(path, '.git'));
    userGit(path, 'init', '-q');
    await workspaces.restore(task, tree);
    expect(filesBelow(path)).toEqual(['.gitignore', 'a.txt', 'ignored/x', 'new.txt', 'src/b.txt']);
    expect(read(path, 'new.txt')).toBe('n');
    expect(userGit(path, 'symbolic-ref', 'HEAD')).toBe(`refs/heads/pawl/${task.id}`);
    expect((await workspaces.snapshot(task)).tree).toBe(tree);
    await workspaces.restore(task, baseCommit);
    expect(filesBelow(path)).toEqual(['.gitignore', 'a.txt', 'ignored/x', 'src/b.txt']);
    expect(userGit(path, 'status', '--porcelain')).toBe('');
  });

  it('does not need the files that git of the agent left half-done', async () => {
    const { workspaces, task, baseCommit, places, repository } = newWorld();
    const { path } = await workspaces.prepare(task);
    const admin = join(mirrorOf(places.mirrors, repository), 'worktrees', task.id);
    put(admin, {
      'index.lock': '',
      'HEAD.lock': '',
      MERGE_HEAD: baseCommit,
      index: 'torn',
      HEAD: 'nonsense',
    });
    put(admin, { 'rebase-merge/head-name': 'refs/heads/x' });
    put(path, { 'new.txt': 'n' });
    const { changedFiles } = await workspaces.snapshot(task);
    expect(changedFiles).toEqual(['new.txt']);
    await workspaces.restore(task, baseCommit);
    expect(userGit(path, 'status').split('\n')[0]).toBe(`On branch pawl/${task.id}`);
    expect(userGit(path, 'status', '--porcelain')).toBe('');
  });

  it('starts a new index when its own is torn', async () => {
    const { workspaces, task, places, repository } = newWorld();
    const { path } = await workspaces.prepare(task);
    const index = join(mirrorOf(places.mirrors, repository), 'pawl', task.id, 'index');
    rmSync(index);
    writeFileSync(index, 'DIRC torn');
    put(path, { 'new.txt': 'n' });
    expect((await workspaces.snapshot(task)).changedFiles).toEqual(['new.txt']);
  });

  it('sees a change of the same size within the same second', async () => {
    const { workspaces, task } = newWorld();
    const { path } = await workspaces.prepare(task);
    for (const text of ['aaa', 'bbb', 'ccc', 'ddd']) {
      put(path, { 'a.txt': text });
      const { tree } = await workspaces.snapshot(task);
      expect(userGit(path, 'show', `${tree}:a.txt`)).toBe(text);
    }
  });
});

describe('commit', () => {
  it('commits everything that is not ignored once per key', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    expect(await workspaces.commit(task, 'nothing', 'k/1/commit')).toBeUndefined();
    put(path, { 'new.txt': 'n', 'ignored/x': 'x' });
    const commit = await workspaces.commit(task, 'Title\n\nwith NUL \0 and more', `${task.id}/1/commit`);
    expect(userGit(path, 'log', '-1', '--format=%P|%cn <%ce>|%s')).toBe(
      `${baseCommit}|Pawl <pawl@localhost>|Title`,
    );
    expect(userGit(path, 'log', '-1', '--format=%(trailers:key=Pawl-Effect,valueonly)').trim()).toBe(
      `${task.id}/1/commit`,
    );
    expect(userGit(path, 'rev-parse', 'HEAD')).toBe(commit);
    expect(userGit(path, 'status', '--porcelain')).toBe('');
    put(path, { 'late.txt': 'after the commit' });
    expect(await workspaces.commit(task, 'again', `${task.id}/1/commit`)).toBe(commit);
    const second = await workspaces.commit(task, 'more', `${task.id}/2/commit`);
    expect(userGit(path, 'rev-list', '--first-parent', 'HEAD').split('\n')).toEqual([
      second,
      commit,
      baseCommit,
    ]);
    expect(await workspaces.head(task)).toBe(second);
  });

  it('has nothing to commit when all was taken back', async () => {
    const { workspaces, task } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'a.txt': 'x' });
    await workspaces.commit(task, 'one', 'k/1/commit');
    put(path, { 'a.txt': 'one\ntwo\nthree\n' });
    expect(await workspaces.commit(task, 'two', 'k/2/commit')).toBeUndefined();
  });

  it('keeps commits that the agent made on the branch', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    const own = commitFiles(path, { 'own.txt': 'o' }, 'by the agent');
    const commit = await workspaces.commit(task, 'all', `${task.id}/1/commit`);
    expect(userGit(path, 'rev-list', 'HEAD').split('\n')).toEqual([commit, own, baseCommit]);
    expect(userGit(path, 'show', '--format=', '--name-only', 'HEAD')).toBe('');
  });

  it.each([
    ['on another branch', (path: string) => userGit(path, 'checkout', '-q', '-b', 'elsewhere')],
    ['on a detached HEAD', (path: string) => userGit(path, 'checkout', '-q', '--detach')],
    ['on another history', (path: string) => userGit(path, 'checkout', '-q', '--orphan', 'other')],
    [
      'on a branch that it moved',
      (path: string) =>
        userGit(path, 'update-ref', 'HEAD', userGit(path, 'commit-tree', 'HEAD^{tree}', '-m', 'x')),
    ],
    [
      'with no branch at all',
      (path: string, task: string) => {
        userGit(path, 'checkout', '-q', '--detach');
        userGit(path, 'branch', '-D', `pawl/${task}`);
      },
    ],
  ])('takes the files as they are when the agent works %s', async (_, leave) => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    leave(path, task.id);
    commitFiles(path, { 'own.txt': 'o' }, 'by the agent');
    put(path, { 'left.txt': 'not committed' });
    const commit = await workspaces.commit(task, 'all', `${task.id}/1/commit`);
    expect(userGit(path, 'log', '-1', '--format=%P', commit ?? '')).toBe(baseCommit);
    expect(userGit(path, 'symbolic-ref', 'HEAD')).toBe(`refs/heads/pawl/${task.id}`);
    expect(userGit(path, 'rev-parse', 'HEAD')).toBe(commit);
    const { files } = await workspaces.diff(task, baseCommit, commit ?? '');
    expect(files.map((file) => file.path)).toEqual(['left.txt', 'own.txt']);
  });

  it('takes the files of repositories that the agent made inside, and nothing they ignore', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'app/index.js': 'x', 'app/.gitignore': 'node_modules\n', 'app/node_modules/y': 'y' });
    put(path, { 'app/ignored/z': 'z', 'empty/file': 'e', 'app/lib/inner/deep': 'd', 'plain.txt': 'p' });
    for (const folder of ['app', 'empty', 'app/lib/inner']) userGit(join(path, folder), 'init', '-q');
    commitFiles(join(path, 'app/lib/inner'), {});
    commitFiles(join(path, 'app'), {});
    put(path, { 'app/later.js': 'not committed there' });
    const before = await workspaces.snapshot(task);
    const commit = await workspaces.commit(task, 'all', 'k/1/commit');
    const { files } = await workspaces.diff(task, baseCommit, commit ?? '');
    const names = [
      'app/.gitignore',
      'app/index.js',
      'app/later.js',
      'app/lib/inner/deep',
      'empty/file',
      'plain.txt',
    ];
    expect(files.map((file) => file.path)).toEqual(names);
    expect([...before.changedFiles].sort()).toEqual(names);
    expect((await workspaces.snapshot(task)).tree).toBe(before.tree);
    await workspaces.restore(task, commit ?? '');
    expect((await workspaces.snapshot(task)).tree).toBe(before.tree);
  });

  it('finds its commit again when it was killed between moving the branch and noting it', async () => {
    const { workspaces, task, places, repository, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'new.txt': 'n' });
    const commit = await workspaces.commit(task, 'one', 'k/1/commit');
    userGit(mirrorOf(places.mirrors, repository), 'update-ref', `refs/pawl/tip/${task.id}`, baseCommit);
    expect(await workspaces.commit(task, 'one', 'k/1/commit')).toBe(commit);
    expect(await workspaces.head(task)).toBe(commit);
  });

  it('goes on where a killed git left refs locked', async () => {
    const { workspaces, task, places, repository } = newWorld();
    const { path } = await workspaces.prepare(task);
    const mirror = mirrorOf(places.mirrors, repository);
    const stale = [`refs/heads/pawl/${task.id}.lock`, `refs/pawl/tip/${task.id}.lock`, 'packed-refs.lock'];
    for (const name of stale) {
      put(mirror, { [name]: '' });
      utimesSync(join(mirror, name), 1, 1);
    }
    put(path, { 'new.txt': 'n' });
    expect(await workspaces.commit(task, 'one', 'k/1/commit')).toMatch(/^[0-9a-f]{40}$/);
    put(mirror, { 'packed-refs.lock': '' });
    utimesSync(join(mirror, 'packed-refs.lock'), 1, 1);
    await workspaces.remove(task);
    expect(await workspaces.exists(task)).toBe(false);
  });

  it('does not take a key in the base commit for its own', async () => {
    const { workspaces, task, repository } = newWorld();
    const key = `${task.id}/1/commit`;
    userGit(
      repository,
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      `old\n\nPawl-Task: ${task.id}\nPawl-Effect: ${key}`,
    );
    const { path } = await workspaces.prepare(task);
    put(path, { 'new.txt': 'n' });
    const commit = await workspaces.commit(task, 'one', key);
    expect(userGit(path, 'show', `${commit}:new.txt`)).toBe('n');
  });
});

describe('mergeBase', () => {
  const diverged = async (
    theirs: Readonly<Record<string, string>>,
    ours: Readonly<Record<string, string>>,
  ) => {
    const world = newWorld();
    const { workspaces, task, repository } = world;
    const { path } = await workspaces.prepare(task);
    put(path, ours);
    const head = (await workspaces.commit(task, 'ours', 'k/1/commit')) ?? '';
    const base = commitFiles(repository, theirs);
    return { ...world, path, head, base };
  };

  it('merges a newer base into branch and worktree, the same way every time', async () => {
    const { workspaces, task, path, head, base } = await diverged({ 'theirs.txt': 't' }, { 'ours.txt': 'o' });
    put(path, { 'left-over.txt': 'of a check' });
    const merged = await workspaces.mergeBase(task, head, base);
    if (merged.kind !== 'merged') throw new Error('expected a merge');
    expect(userGit(path, 'log', '-1', '--format=%P', merged.commit)).toBe(`${head} ${base}`);
    expect(filesBelow(path)).toEqual(['.gitignore', 'a.txt', 'ours.txt', 'src/b.txt', 'theirs.txt']);
    expect(userGit(path, 'status', '--porcelain')).toBe('');
    expect(await workspaces.head(task)).toBe(merged.commit);
    rmSync(join(path, 'theirs.txt'));
    expect(await workspaces.mergeBase(task, head, base)).toEqual(merged);
    expect(existsSync(join(path, 'theirs.txt'))).toBe(true);
  });

  it('leaves markers on a conflict, commits nothing, and makes the next commit the merge', async () => {
    const conflict = { 'a.txt': 'theirs\n', 'more.txt': 'm' };
    const { workspaces, task, path, head, base } = await diverged(conflict, { 'a.txt': 'ours\n' });
    expect(await workspaces.mergeBase(task, head, base)).toEqual({ kind: 'conflict', files: ['a.txt'] });
    expect(read(path, 'a.txt')).toMatch(/^<<<<<<< .*\nours\n=======\ntheirs\n>>>>>>> /);
    expect(await workspaces.head(task)).toBe(head);
    expect(await workspaces.commit(task, 'nothing done', 'k/2/commit')).toBeUndefined();
    expect(await workspaces.mergeBase(task, head, base)).toEqual({ kind: 'conflict', files: ['a.txt'] });
    put(path, { 'a.txt': 'both\n' });
    const { tree } = await workspaces.snapshot(task);
    await workspaces.restore(task, tree);
    const commit = await workspaces.commit(task, 'solved', 'k/3/commit');
    expect(userGit(path, 'log', '-1', '--format=%P', commit ?? '')).toBe(`${head} ${base}`);
    expect(userGit(path, 'show', `${commit}:more.txt`)).toBe('m');
    put(path, { 'next.txt': 'x' });
    const next = await workspaces.commit(task, 'next', 'k/4/commit');
    expect(userGit(path, 'log', '-1', '--format=%P', next ?? '')).toBe(commit);
  });

  it('forgets an unsolved conflict when the worktree goes back to a commit', async () => {
    const { workspaces, task, path, head, base } = await diverged({ 'a.txt': 't\n' }, { 'a.txt': 'o\n' });
    await workspaces.mergeBase(task, head, base);
    await workspaces.restore(task, head);
    put(path, { 'other.txt': 'x' });
    const commit = await workspaces.commit(task, 'other', 'k/2/commit');
    expect(userGit(path, 'log', '-1', '--format=%P', commit ?? '')).toBe(head);
  });

  it('refuses a head that is not the branch, and histories without a common past', async () => {
    const { workspaces, task, head, base, baseCommit, repository } = await diverged({ x: 'x' }, { y: 'y' });
    await expect(workspaces.mergeBase(task, baseCommit, base)).rejects.toMatchObject({ code: 'conflict' });
    await expect(workspaces.mergeBase(task, head, 'HEAD')).rejects.toMatchObject({ code: 'invalid_input' });
    userGit(repository, 'checkout', '-q', '--orphan', 'fresh');
    const alien = commitFiles(repository, { z: 'z' });
    await expect(workspaces.mergeBase(task, head, alien)).rejects.toThrow(/no common past/);
  });
});

describe('files', () => {
  it('reads files of a commit and never follows a link', async () => {
    const { repository, workspaces, task } = newWorld();
    symlinkSync('/etc/passwd', join(repository, 'link'));
    symlinkSync('src', join(repository, 'folder-link'));
    const commit = commitFiles(repository, { 'pawl.yaml': 'checks: []\n' });
    await workspaces.prepare(task);
    expect(await workspaces.fileAt(task, commit, 'pawl.yaml')).toBe('checks: []\n');
    for (const path of ['none', 'link', 'src', 'folder-link/b.txt', 'a.txt/x']) {
      expect(await workspaces.fileAt(task, commit, path)).toBeUndefined();
    }
    for (const path of ['../a.txt', '/etc/passwd', '', 'src/../a.txt', '.git/config', 'a\0b']) {
      await expect(workspaces.fileAt(task, commit, path)).rejects.toMatchObject({ code: 'invalid_input' });
    }
    await expect(workspaces.fileAt(task, '--help', 'a.txt')).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('overlays files of the base, also where links and folders are in the way', async () => {
    const { workspaces, task, baseCommit } = newWorld({
      'test/x.test.js': 'base',
      'test/y.test.js': 'base',
      'c.test.js': 'base',
      'd.test.js': 'base',
      'kept.js': 'base',
    });
    const { path } = await workspaces.prepare(task);
    const outside = scratchFolder('outside');
    put(outside, { 'x.test.js': 'outside', 'new.test.js': 'outside' });
    rmSync(join(path, 'test'), { recursive: true });
    symlinkSync(outside, join(path, 'test'));
    rmSync(join(path, 'c.test.js'));
    mkdirSync(join(path, 'c.test.js/deep'), { recursive: true });
    put(path, { 'c.test.js/deep/z': 'z', 'added.test.js': 'agent', 'kept.js': 'agent', 'build/out': 'o' });
    rmSync(join(path, 'd.test.js'));
    linkSync(join(outside, 'x.test.js'), join(path, 'd.test.js'));
    const paths = [
      'test/x.test.js',
      'test/y.test.js',
      'c.test.js',
      'd.test.js',
      'added.test.js',
      'test/new.test.js',
    ];
    await workspaces.overlay(task, baseCommit, paths);
    expect(lstatSync(join(path, 'test')).isDirectory()).toBe(true);
    for (const one of paths.slice(0, 4)) expect(read(path, one)).toBe('base');
    expect(existsSync(join(path, 'added.test.js'))).toBe(false);
    expect(read(path, 'kept.js')).toBe('agent');
    expect(read(path, 'build/out')).toBe('o');
    expect(filesBelow(outside)).toEqual(['new.test.js', 'x.test.js']);
    expect(read(outside, 'x.test.js')).toBe('outside');
  });

  it('writes one file, never through a link and never outside', async () => {
    const { workspaces, task } = newWorld();
    const { path } = await workspaces.prepare(task);
    const outside = scratchFolder('outside');
    put(outside, { 'package.json': 'outside' });
    symlinkSync(join(outside, 'package.json'), join(path, 'package.json'));
    symlinkSync(outside, join(path, 'sub'));
    mkdirSync(join(path, 'dir.json/x'), { recursive: true });
    for (const name of ['package.json', 'sub/package.json', 'dir.json', 'deep/new/f.json', 'a.txt/f.json']) {
      await workspaces.write(task, name, 'inside');
      expect(read(path, name)).toBe('inside');
    }
    expect(lstatSync(join(path, 'sub')).isDirectory()).toBe(true);
    expect(filesBelow(outside)).toEqual(['package.json']);
    expect(read(outside, 'package.json')).toBe('outside');
    for (const wrong of ['../x', '/x', '.git', '.git/config', '.GIT/config', 'a/../../x', 'a//b', './a']) {
      await expect(workspaces.write(task, wrong, 'x')).rejects.toMatchObject({ code: 'invalid_input' });
    }
  });

  it('tells what differs: patch, names and numbers', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'a.txt': 'one\n2\nthree\nfour\n', 'new.bin': Buffer.from([0, 1, 2, 255]), '-dash': 'd\n' });
    rmSync(join(path, 'src/b.txt'));
    const commit = (await workspaces.commit(task, 'x', 'k/1/commit')) ?? '';
    const diff = await workspaces.diff(task, baseCommit, commit);
    expect(diff.files).toEqual([
      { path: '-dash', status: 'added' },
      { path: 'a.txt', status: 'modified' },
      { path: 'new.bin', status: 'added' },
      { path: 'src/b.txt', status: 'deleted' },
    ]);
    expect(diff).toMatchObject({ insertions: 3, deletions: 2 });
    expect(diff.patch).toContain('+2\n');
    expect(await workspaces.diff(task, commit, commit)).toEqual({
      patch: '',
      files: [],
      insertions: 0,
      deletions: 0,
    });
  });
});

describe('remove', () => {
  it('leaves nothing of the workspace, twice over, also where folders are read-only', async () => {
    const { workspaces, task, places, repository } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'cache/ro/file': 'x' });
    userGit(path, 'commit', '-q', '--allow-empty', '-m', 'x');
    const mirror = mirrorOf(places.mirrors, repository);
    await workspaces.remove(task);
    await workspaces.remove(task);
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(join(mirror, 'pawl'))).toEqual([]);
    expect(readdirSync(join(mirror, 'worktrees'))).toEqual([]);
    expect(userGit(mirror, 'for-each-ref', `--format=%(refname)`)).toBe('refs/pawl/fetched/main');
    await expect(workspaces.head(task)).rejects.toMatchObject({ code: 'not_found' });
    await workspaces.remove(newTask(newRepository()));
  });

  it('starts anew from the base of then when it is prepared again', async () => {
    const { workspaces, task, repository } = newWorld();
    await workspaces.prepare(task);
    await workspaces.remove(task);
    const newer = commitFiles(repository, { 'c.txt': 'c' });
    expect((await workspaces.prepare(task)).baseCommit).toBe(newer);
  });

  it('builds again what somebody removed by hand, without losing what was committed', async () => {
    const { workspaces, task, places } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'new.txt': 'n' });
    const commit = await workspaces.commit(task, 'x', 'k/1/commit');
    rmSync(path, { recursive: true });
    expect(await workspaces.exists(task)).toBe(false);
    await expect(workspaces.snapshot(task)).rejects.toMatchObject({ code: 'not_found' });
    await workspaces.prepare(task);
    expect(read(path, 'new.txt')).toBe('n');
    expect(await workspaces.head(task)).toBe(commit);
    rmSync(places.mirrors, { recursive: true });
    await workspaces.prepare(task);
    expect(existsSync(join(path, 'new.txt'))).toBe(false);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });
});
