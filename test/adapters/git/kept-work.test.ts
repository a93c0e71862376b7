/** What an agent left besides its change: named, kept in the user's repository under names of its own, and nothing else is. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitFiles, put, tipOf, userGit } from '../scratch-repository.ts';
import { begun, elsewhere, LEFT } from './left-rows.ts';

/** A branch may not be there, or cannot be left or merged. */
function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('Command failed'))) throw error;
  }
}

function takeStep(path: string, step: readonly string[], index: number): void {
  if (step[0] === 'write') commitFiles(path, { [`${index}.txt`]: `${index}` });
  else userGit(path, ...step);
}

describe('what is left', () => {
  it('on branches and as stashes is named, and kept once', async () => {
    const { path, workspaces, task, settle, branches, filesOn, repository } = await begun();
    const commit = elsewhere(path, 'fix/login', 'login.txt');
    for (const text of ['older', 'newer']) {
      put(path, { 's.txt': text });
      userGit(path, 'stash', '--include-untracked', '-q');
    }
    expect(await settle()).toBeUndefined();
    expect(await workspaces.left(task)).toEqual(['branch fix/login', 'a stash', 'a stash']);
    const name = `pawl/${task.id}.kept-`;
    const kept = [
      { branch: `${name}1`, holds: 'branch fix/login' },
      { branch: `${name}2`, holds: 'a stash' },
      { branch: `${name}3`, holds: 'a stash' },
    ];
    expect(await workspaces.keep(task)).toEqual(kept);
    expect(await workspaces.keep(task)).toEqual(kept);
    await workspaces.remove(task);
    expect(branches()).toEqual(['main', ...kept.map(({ branch }) => branch)]);
    expect(filesOn(`${name}1`)).toEqual(['login.txt']);
    expect(tipOf(repository, `refs/heads/${name}1`)).toBe(commit);
    for (const [index, text] of [
      [2, 'newer'],
      [3, 'older'],
    ] as const) {
      userGit(repository, 'stash', 'apply', '-q', `${name}${index}`);
      expect(userGit(repository, 'stash', 'list')).toBe('');
      expect(userGit(repository, 'status', '--porcelain')).toBe('?? s.txt');
      expect(userGit('/', '-C', repository, 'hash-object', 's.txt')).toBe(
        userGit(repository, 'rev-parse', `${name}${index}^3:s.txt`),
      );
      rmSync(join(repository, 's.txt'));
      expect(text).toBe(userGit(repository, 'show', `${name}${index}^3:s.txt`));
    }
  });

  it.each(LEFT)('%s', async (_, act, files) => {
    const world = await begun();
    const { workspaces, task, settle, filesOn } = world;
    await act(world);
    await settle();
    const kept = await workspaces.keep(task);
    await workspaces.remove(task);
    expect(kept.flatMap(({ branch = '' }) => filesOn(branch))).toEqual(files);
  });

  it('is kept beside branches of the user, which stay where they are', async () => {
    const { path, workspaces, task, repository, branches } = await begun();
    userGit(repository, 'branch', `pawl/${task.id}.kept-7`);
    userGit(repository, 'branch', `pawl/${task.id}.kept-mine`);
    elsewhere(path, 'side', 'side.txt');
    expect(await workspaces.keep(task)).toEqual([{ branch: `pawl/${task.id}.kept-8`, holds: 'branch side' }]);
    expect(branches()).toHaveLength(4);
  });

  it('stays in the mirror where the user’s repository has a branch in the way', async () => {
    const { path, workspaces, task, repository, mirror } = await begun();
    const commit = elsewhere(path, 'side', 'side.txt');
    userGit(repository, 'branch', 'pawl');
    await expect(workspaces.keep(task)).rejects.toMatchObject({ code: 'precondition' });
    await workspaces.remove(task);
    expect(tipOf(mirror, `refs/pawl/kept/${task.id}/${commit}`)).toBe(commit);
  });

  it('is reachable whatever the agent did, with each commit that a branch or HEAD of it names', async () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const step = fc.oneof(
      name.map((one) => ['checkout', '-q', '-B', one]),
      name.map((one) => ['checkout', '-q', one]),
      name.map((one) => ['branch', '-D', one]),
      name.map((one) => ['merge', '-q', '--no-edit', one]),
      fc.constant(['checkout', '-q', '--detach']),
      fc.constant(['pack-refs', '--all']),
      fc.constant(['gc', '-q']),
      fc.constant(['write']),
      fc.constant(['settle']),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), async (steps) => {
        const { path, workspaces, task, repository, settle, forge, baseCommit } = await begun();
        for (const [index, step] of steps.entries()) {
          if (step[0] === 'settle') await settle();
          else attempt(() => takeStep(path, step, index));
        }
        const listed = userGit(path, 'for-each-ref', '--format=%(objectname)', 'refs/heads').split('\n');
        const heads = new Set([...listed, userGit(path, 'rev-parse', 'HEAD')]);
        const trees = [...heads].map((oid) => userGit(path, 'rev-parse', `${oid}^{tree}`));
        await settle();
        const head = await workspaces.head(task);
        if (head !== baseCommit) await forge.push(task, head);
        await workspaces.keep(task);
        await workspaces.remove(task);
        const reachable = userGit(repository, 'log', '--all', '--format=%T').split('\n');
        expect(trees.filter((tree) => !reachable.includes(tree))).toEqual([]);
        userGit(repository, 'fsck', '--strict', '--no-dangling');
      }),
      { numRuns: 12 },
    );
  });
});
