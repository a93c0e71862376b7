import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createWorkspaces } from '../../../src/adapters/git/workspaces.ts';
import { newPlaces, newRepository, newTask, put } from '../scratch-repository.ts';

it('remarks on what the diff of a commit does not show', async () => {
  const workspaces = createWorkspaces(newPlaces());
  const task = newTask(newRepository({ 'a.txt': 'a\n', 'gone.bin': Buffer.from([0, 1]) }));
  const { path, baseCommit } = await workspaces.prepare(task);
  put(path, {
    'a.txt': 'b\n',
    'new.bin': Buffer.from([0, 1, 2]),
    'large.txt': 'line\n'.repeat(300_000),
    'sub/small.txt': 'small\n',
  });
  symlinkSync('/etc/hostname', join(path, 'out'));
  symlinkSync('small.txt', join(path, 'sub', 'in'));
  const commit = (await workspaces.commit(task, 'work', 'key')) ?? expect.fail('nothing was committed');
  const { remarks, files } = await workspaces.diff(task, baseCommit, commit);
  expect(files).toHaveLength(6);
  expect(remarks.map(({ path: one }) => one)).toEqual(['large.txt', 'new.bin', 'out']);
  expect((await workspaces.diff(task, baseCommit, baseCommit)).remarks).toEqual([]);
});

it('remarks on secrets in what a change adds, at their lines, and on none that were there before', async () => {
  const secret = ['gh', 'p_16C7e42F292c6912E7710c838347Ae178B4a'].join('');
  const workspaces = createWorkspaces(newPlaces());
  const task = newTask(newRepository({ 'old.txt': `${secret}\n`, 'a.txt': 'one\ntwo\n' }));
  const { path, baseCommit } = await workspaces.prepare(task);
  put(path, { 'old.txt': `${secret}\nmore\n`, 'a.txt': `one\ntwo\n${secret}\n` });
  const commit = (await workspaces.commit(task, 'work', 'key')) ?? expect.fail('nothing was committed');
  const { remarks } = await workspaces.diff(task, baseCommit, commit);
  expect(remarks).toEqual([
    { path: 'a.txt', why: expect.stringMatching(/^seems to hold a secret in line 3 \(GitHub Token\)/) },
  ]);
  expect(JSON.stringify(remarks)).not.toContain(secret);
});

it('remarks on a new name of which file systems that fold names have another file', async () => {
  const workspaces = createWorkspaces(newPlaces());
  const task = newTask(newRepository({ 'readme.md': 'a\n', 'Old.md': 'b\n', 'caf\u00e9.txt': 'c\n' }));
  const { path, baseCommit } = await workspaces.prepare(task);
  renameSync(join(path, 'Old.md'), join(path, 'old.md'));
  put(path, {
    'README.md': 'new\n',
    'cafe\u0301.txt': 'new\n',
    'Sub/x': 'x\n',
    'sub/X': 'x\n',
    'sub/y': 'y\n',
  });
  const commit = (await workspaces.commit(task, 'work', 'key')) ?? expect.fail('nothing was committed');
  const { remarks } = await workspaces.diff(task, baseCommit, commit);
  expect(remarks.map(({ path: one, why }) => [one, /^cannot be beside (\S+) /.exec(why)?.[1]])).toEqual([
    ['README.md', 'readme.md'],
    ['Sub/x', 'sub/X'],
    ['cafe\u0301.txt', 'caf\u00e9.txt'],
    ['sub/X', 'Sub/x'],
  ]);
});
