/** Ignored files that an agent has only staged: in the commit as in one that it makes of its index, and nothing from elsewhere. */
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWorkspaces } from '../../../src/adapters/git/workspaces.ts';
import {
  commitFiles,
  newPlaces,
  newRepository,
  newTask,
  put,
  scratchFolder,
  userGit,
} from '../scratch-repository.ts';

const TOOL = '#!/bin/sh\necho tool\n';

async function working(setUp: (path: string) => void = () => undefined) {
  const workspaces = createWorkspaces(newPlaces());
  const clone = newRepository({ 'a.txt': 'a\n', '.gitignore': 'bin/\nout/\n.env\n' });
  put(clone, { 'bin/tool': TOOL, '.env': 'x\n', 'bin/é': 'é\n' });
  userGit(clone, 'add', '-f', 'bin', '.env');
  commitFiles(clone, {}, 'by force');
  const task = newTask(clone);
  const { path, baseCommit } = await workspaces.prepare(task);
  setUp(path);
  await workspaces.noteSetup(task);
  let count = 0;
  const commit = async () => {
    count += 1;
    return workspaces.commit(task, 'work', `key-${count}`);
  };
  const changesOf = async (oid: string | undefined) => {
    const { files } = await workspaces.diff(task, baseCommit, oid ?? expect.fail('nothing was committed'));
    return files.map((file) => [file.status, file.path].join(' '));
  };
  return { workspaces, clone, task, path, baseCommit, commit, changesOf };
}

describe('is in the commit', () => {
  it('what was moved, as `git mv` does it', async () => {
    const { path, commit, workspaces, task } = await working();
    userGit(path, 'mv', 'bin/tool', 'bin/tool2');
    userGit(path, 'mv', 'bin/é', 'bin/ü');
    expect((await workspaces.snapshot(task)).changedFiles).toEqual([
      'bin/tool',
      'bin/tool2',
      'bin/é',
      'bin/ü',
    ]);
    const oid = (await commit()) ?? '';
    const names = userGit(path, 'ls-tree', '-r', '--name-only', '-z', oid);
    expect(names.split('\0')).toEqual(['.env', '.gitignore', 'a.txt', 'bin/tool2', 'bin/ü', '']);
    expect(userGit(path, 'show', `${oid}:bin/tool2`)).toBe(TOOL.trimEnd());
    // From here on it is tracked.
    put(path, { 'bin/tool2': 'later\n' });
    expect(userGit(path, 'show', `${await commit()}:bin/tool2`)).toBe('later');
  });

  it('what was added by force, as it is now, and nothing beside it', async () => {
    const { path, commit, changesOf } = await working();
    put(path, { 'out/result.md': 'then\n', 'out/other': 'other\n' });
    symlinkSync('result.md', join(path, 'out/link'));
    userGit(path, 'add', '-f', 'out/result.md', 'out/link');
    put(path, { 'out/result.md': 'now\n' });
    const oid = await commit();
    expect(await changesOf(oid)).toEqual(['added out/link', 'added out/result.md']);
    expect(userGit(path, 'show', `${oid}:out/result.md`)).toBe('now');
  });

  it('what was added so after a commit of the agent’s own', async () => {
    const { path, commit, changesOf } = await working();
    put(path, { 'n.txt': 'n\n', 'out/r': 'r\n' });
    userGit(path, 'add', 'n.txt');
    userGit(path, 'commit', '-qm', 'mine');
    userGit(path, 'add', '-f', 'out/r');
    expect(await changesOf(await commit())).toEqual(['added n.txt', 'added out/r']);
  });

  it('not what was taken out of the index, and it stays a file', async () => {
    const { path, commit, changesOf } = await working();
    userGit(path, 'rm', '-q', '--cached', '.env');
    expect(await changesOf(await commit())).toEqual(['deleted .env']);
    expect(readFileSync(join(path, '.env'), 'utf8')).toBe('x\n');
  });

  it.each<[string, (path: string) => void]>([
    ['is meant to be added alone', (path) => userGit(path, 'add', '-f', '--intent-to-add', 'out/r')],
    ['was removed since', (path) => userGit(path, 'add', '-f', 'out/r') + rmSync(join(path, 'out/r'))],
    ['is staged no more', (path) => userGit(path, 'add', '-f', 'out/r') + userGit(path, 'reset', '-q')],
    [
      'is in a split index',
      (path) => userGit(path, 'update-index', '--split-index') + userGit(path, 'add', '-f', 'out/r'),
    ],
  ])('not what %s', async (_, act) => {
    const { path, commit, changesOf } = await working();
    put(path, { 'out/r': 'r\n', 'n.txt': 'n\n' });
    act(path);
    expect(await changesOf(await commit())).toEqual(['added n.txt']);
  });

  it('not what set-up has added so, unless the agent changes it', async () => {
    const { path, commit, changesOf, workspaces, task } = await working((at) => {
      put(at, { 'out/gen': 'generated\n' });
      userGit(at, 'add', '-f', 'out/gen');
    });
    expect(await commit()).toBeUndefined();
    put(path, { 'n.txt': 'n\n' });
    userGit(path, 'add', '--all');
    userGit(path, 'commit', '-qm', 'mine');
    const oid = (await commit()) ?? '';
    expect(await changesOf(oid)).toEqual(['added n.txt']);
    await workspaces.restore(task, oid);
    expect(readFileSync(join(path, 'out/gen'), 'utf8')).toBe('generated\n');
    put(path, { 'out/gen': 'by the agent\n' });
    expect(await changesOf(await commit())).toEqual(['added n.txt', 'added out/gen']);
  });
});

describe('an index of an agent that means harm', () => {
  /** Its index as git wrote it, with other names of the same length. */
  const renamed = (path: string, names: Readonly<Record<string, string>>) => {
    const file = join(path, '.git/index');
    let text = readFileSync(file, 'latin1');
    for (const [from, to] of Object.entries(names)) text = text.replace(from, to);
    writeFileSync(file, text, 'latin1');
  };

  it('brings nothing from outside, and is in no one’s way', async () => {
    const outside = scratchFolder('outside');
    put(outside, { secret: 'secret\n' });
    const { path, commit, changesOf, workspaces, task } = await working();
    put(join(path, '..'), { secret: 'secret\n' });
    const far = `${'n'.repeat(200)}/${'n'.repeat(200)}`;
    const names = ['12345', '123456', '1234567', 'linked/secret', 'folder', 'r', far].map(
      (name) => `out/${name}`,
    );
    for (const name of names) put(path, { [name]: 'mine\n' });
    userGit(path, 'add', '-f', ...names);
    renamed(path, {
      'out/1234567': '.git/config',
      'out/123456': '/etc/hosts',
      'out/12345': '../secret',
      [far]: far.replace('/', 'n'),
    });
    for (const name of ['linked', 'folder']) rmSync(join(path, 'out', name), { recursive: true });
    symlinkSync(outside, join(path, 'out/linked'));
    mkdirSync(join(path, 'out/folder'));
    await workspaces.snapshot(task);
    expect(await changesOf(await commit())).toEqual(['added out/r']);
  });

  it('and files that nobody may read are left out where the work is kept', async () => {
    const { path, workspaces, task } = await working();
    put(path, { 'out/r': 'r\n', 'n.txt': 'n\n' });
    userGit(path, 'add', '-f', 'out/r');
    chmodSync(join(path, 'out/r'), 0);
    await workspaces.commitUnfinished(task, 'Unfinished work', 'key');
    chmodSync(join(path, 'out/r'), 0o600);
    expect(userGit(path, 'ls-tree', '-r', '--name-only', await workspaces.head(task))).toContain('n.txt');
  });
});
