/** Conflicts of merges that an agent began itself, and left unsolved. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitFiles, newWorld, put, SEED, userGit } from '../scratch-repository.ts';

/** A workspace in which an agent has begun a merge that conflicts. */
async function inConflict() {
  const { workspaces, task } = newWorld();
  const { path, baseCommit } = await workspaces.prepare(task);
  const branch = userGit(path, 'symbolic-ref', '--short', 'HEAD');
  userGit(path, 'checkout', '-q', '-b', 'other');
  commitFiles(path, { 'a.txt': 'other\n' });
  userGit(path, 'checkout', '-q', branch);
  commitFiles(path, { 'a.txt': 'mine\n' });
  const merged = spawnSync('git', ['merge', '-q', 'other'], { cwd: path, env: AGENT });
  expect(merged.status).toBe(1);
  const commit = (number: number) => workspaces.commit(task, 'work', `${task.id}/${number}/commit`);
  return { workspaces, task, path, baseCommit, commit };
}

const AGENT = {
  PATH: process.env.PATH,
  ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@x', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@x' },
};
const MARKERS = '<<<<<<< ours\n=======\n>>>>>>> x\n';
const unsolved = (...files: readonly string[]) => ({
  ...{ name: 'UnsolvedConflict', code: 'conflict', files, ofAgent: true },
});

describe('a conflict that an agent left', () => {
  it('is no result, also where git is told that it is solved', async () => {
    const { commit, path, workspaces, task, baseCommit } = await inConflict();
    await expect(commit(1)).rejects.toMatchObject(unsolved('a.txt'));
    userGit(path, 'add', 'a.txt');
    await expect(commit(2)).rejects.toMatchObject(unsolved('a.txt'));
    expect(await workspaces.head(task)).toBe(baseCommit);
    put(path, { 'a.txt': 'solved\n' });
    const made = (await commit(3)) ?? '';
    expect(userGit(path, 'show', `${made}:a.txt`)).toBe('solved');
    // From here on markers are only a person's to see.
    put(path, { 'a.txt': MARKERS });
    expect(await commit(4)).toMatch(/^[0-9a-f]{40}$/);
  });

  it('is none in a file that was renamed either, and the next attempt is asked about that', async () => {
    const { commit, path } = await inConflict();
    renameSync(join(path, 'a.txt'), join(path, 'moved.txt'));
    await expect(commit(1)).rejects.toMatchObject(unsolved('moved.txt'));
    userGit(path, 'add', '--all');
    await expect(commit(2)).rejects.toMatchObject(unsolved('moved.txt'));
    put(path, { 'moved.txt': 'solved\n' });
    expect(await commit(3)).toMatch(/^[0-9a-f]{40}$/);
  });

  it('of a stash is none either', async () => {
    const { workspaces, task } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'a.txt': 'stashed\n' });
    userGit(path, 'stash', '-q');
    commitFiles(path, { 'a.txt': 'committed\n' });
    expect(spawnSync('git', ['stash', 'pop', '-q'], { cwd: path, env: AGENT }).status).toBe(1);
    const made = workspaces.commit(task, 'work', `${task.id}/1/commit`);
    await expect(made).rejects.toMatchObject(unsolved('a.txt'));
  });

  it('is solved by a file without markers, whatever git was told', async () => {
    const { commit, path } = await inConflict();
    put(path, { 'a.txt': 'solved\n' });
    expect(await commit(1)).toMatch(/^[0-9a-f]{40}$/);
  });

  it('is kept as it is where nobody goes on with it', async () => {
    const { workspaces, task, path } = await inConflict();
    await workspaces.commitUnfinished(task, 'Unfinished work', `${task.id}/0/keep`);
    expect(userGit(path, 'show', `${await workspaces.head(task)}:a.txt`)).toContain('<<<<<<< HEAD');
  });

  it.each<[string, (index: string, before: Buffer) => void]>([
    ['no index', () => undefined],
    ['a torn index', (index, before) => writeFileSync(index, before.subarray(0, 40))],
    ['a folder for an index', (index) => mkdirSync(index)],
    ['a pipe for an index', (index) => spawnSync('mkfifo', [index])],
  ])('is not known by %s, and nothing fails', async (_, harm) => {
    const { commit, path } = await inConflict();
    const index = join(path, '.git/index');
    const before = readFileSync(index);
    rmSync(index);
    harm(index, before);
    expect(await commit(1)).toMatch(/^[0-9a-f]{40}$/);
  });
});

it('remarks on markers that a change adds, and on none that were there before', async () => {
  const { workspaces, task } = newWorld({ ...SEED, 'kept.md': MARKERS });
  const { path, baseCommit } = await workspaces.prepare(task);
  put(path, { 'kept.md': `${MARKERS}more\n`, 'a.txt': `one\n${MARKERS}` });
  const commit = (await workspaces.commit(task, 'work', 'key')) ?? expect.fail('nothing was committed');
  const { remarks } = await workspaces.diff(task, baseCommit, commit);
  expect(remarks).toEqual([
    { path: 'a.txt', why: expect.stringMatching(/^holds conflict markers from line 2/) },
  ]);
});
