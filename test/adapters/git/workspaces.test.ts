/** Workspaces on real git: made from the base, kept when made again, removed, built anew. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import { createWorkspaces } from '../../../src/adapters/git/workspaces.ts';
import {
  commitFiles,
  filesBelow,
  newRepository,
  newTask,
  newWorld,
  put,
  scratchFolder,
  userGit,
} from '../scratch-repository.ts';

const read = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');

describe('prepare', () => {
  it('makes a worktree of the base on a branch of its own and writes nothing to the repository', async () => {
    const { repository, workspaces, task, baseCommit } = newWorld();
    const before = userGit(repository, 'for-each-ref');
    const prepared = await workspaces.prepare(task);
    expect(prepared).toEqual({
      baseCommit,
      path: workspaces.pathOf(task),
      dirty: false,
      kept: [],
      begun: false,
      notes: [],
    });
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
    expect(existsSync(join(mirror, 'worktrees'))).toBe(false);
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
