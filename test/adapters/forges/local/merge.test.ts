/** Merges of the local forge: what happens to the user's base branch, after kills and by hand too; `checkout.test.ts`: their files. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mirrorOf, repositoryKey } from '../../../../src/adapters/git/mirror.ts';
import {
  commitFiles,
  filesBelow,
  newTask,
  newWorld,
  put,
  ready,
  scratchFolder,
  tipOf,
  userGit,
} from '../../scratch-repository.ts';

describe('merge', () => {
  it('takes the files along where the base is checked out and clean', async () => {
    const { repository, forge, merge } = await ready();
    put(repository, { 'untracked.txt': 'mine', 'ignored/x': 'mine' });
    const merged = await forge.merge(merge);
    expect(merged).toEqual({ kind: 'merged', commit: tipOf(repository, 'refs/heads/main') });
    expect(readFileSync(join(repository, 'new.txt'), 'utf8')).toBe('new');
    expect(userGit(repository, 'status', '--porcelain')).toBe('?? untracked.txt');
    expect(userGit(repository, 'reflog', '-1', '--format=%gs')).toBe('pawl: merge pull request #1');
    const about = userGit(
      repository,
      'log',
      '-1',
      '--format=%s|%an <%ae>|%(trailers:key=Pawl-Task,valueonly)',
    );
    expect(about.trim()).toBe(`Merge pull request #1: Do it|Pawl <pawl@localhost>|${merge.task.id}`);
  });

  it('takes the files along in a linked working tree, and leaves the main one alone', async () => {
    const world = newWorld();
    const linked = join(scratchFolder('linked'), 'tree');
    userGit(world.repository, 'checkout', '-q', '-b', 'side');
    userGit(world.repository, 'worktree', 'add', '-q', linked, 'main');
    const { forge, merge } = await ready(world);
    await forge.merge(merge);
    expect(filesBelow(linked)).toContain('new.txt');
    expect(filesBelow(world.repository)).not.toContain('new.txt');
    for (const place of [linked, world.repository]) expect(userGit(place, 'status', '--porcelain')).toBe('');
  });

  it('moves the ref alone where the base is not checked out, or the repository is bare', async () => {
    const world = newWorld();
    userGit(world.repository, 'checkout', '-q', '-b', 'side');
    const { forge, merge, repository } = await ready(world);
    const merged = await forge.merge(merge);
    expect(merged).toEqual({ kind: 'merged', commit: tipOf(repository, 'refs/heads/main') });
    expect(userGit(repository, 'status', '--porcelain')).toBe('');
    const bare = scratchFolder('bare');
    userGit(repository, 'clone', '-q', '--bare', repository, bare);
    const inBare = await ready({ ...world, repository: bare, task: newTask(bare) }, { 'bare.txt': 'b' });
    const second = await inBare.forge.merge(inBare.merge);
    expect(second).toEqual({ kind: 'merged', commit: tipOf(bare, 'refs/heads/main') });
    expect(existsSync(join(bare, 'bare.txt'))).toBe(false);
  });

  it('leaves files to the user that are stored in another form', async () => {
    const filtered = newWorld({ '.gitattributes': '*.bin filter=lfs\n', 'x.txt': 'x' });
    const first = await ready(filtered, { 'y.bin': 'y' });
    expect(await first.forge.merge(first.merge)).toHaveProperty('takeCommand');
    const plain = await ready(newWorld({ '.gitattributes': '*.bin filter=lfs\n', 'x.txt': 'x' }), {
      'y.txt': 'y',
    });
    expect(await plain.forge.merge(plain.merge)).not.toHaveProperty('takeCommand');
    const announced = await ready(newWorld(), { '.gitattributes': '*.bin filter=lfs\n', 'y.bin': 'y' });
    expect(await announced.forge.merge(announced.merge)).toHaveProperty('takeCommand');
  });

  it('finishes what was cut off after the files, after the base, and after the record', async () => {
    const { repository, forge, merge, places } = await ready();
    const merged = await forge.merge(merge);
    const folder = join(places.pullRequests, repositoryKey(repository));
    const [name = ''] = readdirSync(folder);
    const record = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const forget = () => writeFileSync(join(folder, name), JSON.stringify({ ...record, merged: undefined }));
    forget();
    expect(await forge.merge(merge)).toEqual(merged);
    forget();
    userGit(repository, 'update-ref', 'refs/heads/main', merge.baseCommit);
    expect(await forge.merge(merge)).toEqual(merged);
    expect(userGit(repository, 'status', '--porcelain')).toBe('');
    userGit(repository, 'branch', `pawl/${merge.task.id}`, merge.commit);
    forget();
    expect(await forge.merge(merge)).toEqual(merged);
    expect(tipOf(repository, `refs/heads/pawl/${merge.task.id}`)).toBeUndefined();
  });

  it('finds that the user has merged it by hand', async () => {
    const byFastForward = await ready();
    userGit(byFastForward.repository, 'merge', '-q', '--ff-only', byFastForward.commit);
    const { commit } = byFastForward;
    expect(await byFastForward.forge.merge(byFastForward.merge)).toEqual({ kind: 'merged', commit });
    const byMerge = await ready();
    userGit(byMerge.repository, 'merge', '-q', '--no-ff', '-m', 'mine', byMerge.commit);
    const tip = tipOf(byMerge.repository, 'refs/heads/main');
    commitFiles(byMerge.repository, { 'on-top.txt': 'x' });
    expect(await byMerge.forge.merge(byMerge.merge)).toEqual({ kind: 'merged', commit: tip });
  });

  it('says in words when the base is gone', async () => {
    const { repository, forge, merge } = await ready();
    userGit(repository, 'branch', '-m', 'main', 'trunk');
    await expect(forge.merge(merge)).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringContaining('has no branch "main"'),
    });
  });

  it('prepares the next task from the merge without fetching', async () => {
    const { repository, forge, merge, workspaces } = await ready();
    const merged = await forge.merge(merge);
    const next = await workspaces.prepare(newTask(repository));
    expect(merged).toEqual({ kind: 'merged', commit: next.baseCommit });
  });
});

it('leaves a whole repository behind', async () => {
  const { repository, forge, merge, workspaces, places } = await ready();
  await forge.merge(merge);
  await workspaces.remove(merge.task);
  userGit(repository, 'fsck', '--strict');
  userGit(mirrorOf(places.mirrors, repository), 'fsck', '--strict');
});
