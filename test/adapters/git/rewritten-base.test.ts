/** A base that was rewritten while a change waited gets the task's own change, and nothing of what was dropped. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitFiles, newWorld, put, scratchFolder, tipOf, userGit } from '../scratch-repository.ts';

type World = Awaited<ReturnType<typeof waiting>>;

/** A task on a base of three commits, and its change: a commit of the agent's own, then the engine's. */
async function waiting(own: Readonly<Record<string, string>> = { 'mine.txt': 'mine\n', 'a.txt': 'mine\n' }) {
  const world = newWorld();
  const { workspaces, task, repository } = world;
  const dropped = ['1', '2'].map((name) => commitFiles(repository, { [`dropped-${name}`]: name }));
  const { path, baseCommit: from } = await workspaces.prepare(task);
  commitFiles(path, { 'own.txt': 'own\n' }, 'by the agent');
  put(path, own);
  const head = (await workspaces.commit(task, 'work', `${task.id}/1/commit`)) ?? '';
  return { ...world, dropped, path, from, head };
}

/** What plain git makes of the task's own change on the base as it is, in a clone. */
function byGit({ path, from, head }: World, base: string): string {
  const clone = scratchFolder('clone');
  userGit(clone, 'clone', '-q', '--shared', path, '.');
  userGit(clone, 'checkout', '-q', '--detach', base);
  userGit(clone, 'cherry-pick', '--keep-redundant-commits', '--allow-empty', `${from}..${head}`);
  return userGit(clone, 'rev-parse', 'HEAD^{tree}');
}

const REWRITES: readonly (readonly [string, (repository: string) => void])[] = [
  ['reset', (repository) => userGit(repository, 'reset', '-q', '--hard', 'HEAD~1')],
  [
    'reset, and went on',
    (repository) => {
      userGit(repository, 'reset', '-q', '--hard', 'HEAD~1');
      commitFiles(repository, { 'new.txt': 'new' });
    },
  ],
  ['amended', (repository) => userGit(repository, 'commit', '-q', '--amend', '-m', 'other words')],
  [
    'squashed',
    (repository) => {
      userGit(repository, 'reset', '-q', '--soft', 'HEAD~2');
      userGit(repository, 'commit', '-q', '-m', 'both');
    },
  ],
  [
    'replaced by a history that has nothing in common with it',
    (repository) => {
      userGit(repository, 'checkout', '-q', '--orphan', 'fresh');
      userGit(repository, 'rm', '-q', '--cached', 'dropped-1', 'dropped-2');
      for (const name of ['1', '2']) userGit(repository, 'clean', '-qf', `dropped-${name}`);
      commitFiles(repository, { 'fresh.txt': 'fresh' });
      userGit(repository, 'branch', '-qM', 'main');
    },
  ],
];

describe.each(REWRITES)('a base that was %s', (_, rewrite) => {
  it('gets the own change as one commit on it, the same way every time', async () => {
    const world = await waiting();
    const { workspaces, task, repository, path, from, head, dropped } = world;
    rewrite(repository);
    const base = tipOf(repository, 'refs/heads/main') ?? '';
    const joined = await workspaces.mergeBase(task, head, from, base);
    if (joined.kind !== 'merged') throw new Error('expected a merge');
    const { commit } = joined;
    expect(joined.rewritten).toBe(true);
    expect(await workspaces.mergeBase(task, head, from, base)).toEqual(joined);
    expect(userGit(path, 'log', '-1', '--format=%P', commit)).toBe(base);
    expect(userGit(path, 'rev-parse', `${commit}^{tree}`)).toBe(byGit(world, base));
    expect(userGit(path, 'status', '--porcelain')).toBe('');
    const last = dropped.at(-1) ?? '';
    expect(userGit(path, 'rev-list', commit).split('\n')).not.toContain(last);
  });

  it('is merged into by the forge without what was dropped', async () => {
    const { workspaces, forge, task, repository, from, head, dropped } = await waiting();
    const offer = async (commit: string) => {
      await forge.push(task, commit);
      return forge.ensurePullRequest({ task, key: 'k', commit, title: 'Do it', body: '' });
    };
    const { number } = await offer(head);
    rewrite(repository);
    const moved = await forge.merge({ task, key: 'k', number, commit: head, baseCommit: from });
    if (moved.kind !== 'base_moved') throw new Error('expected the base to have moved');
    const joined = await workspaces.mergeBase(task, head, from, moved.baseCommit);
    if (joined.kind !== 'merged') throw new Error('expected a merge');
    await offer(joined.commit);
    const again = { task, key: 'k', number, commit: joined.commit, baseCommit: moved.baseCommit };
    expect(await forge.merge(again)).toMatchObject({ kind: 'merged' });
    const log = userGit(repository, 'rev-list', 'main').split('\n');
    expect(log).not.toContain(dropped.at(-1));
    expect(userGit(repository, 'show', 'main:mine.txt')).toBe('mine');
    expect(userGit(repository, 'status', '--porcelain')).toBe('');
  });
});

describe('a rewritten base', () => {
  it('that conflicts is solved by a commit on it alone', async () => {
    const { workspaces, task, repository, path, from, head } = await waiting();
    userGit(repository, 'reset', '-q', '--hard', 'HEAD~2');
    const base = commitFiles(repository, { 'a.txt': 'theirs\n' });
    const joined = await workspaces.mergeBase(task, head, from, base);
    expect(joined).toEqual({ kind: 'conflict', files: ['a.txt'], rewritten: true });
    expect(existsSync(join(path, 'dropped-1'))).toBe(false);
    const left = workspaces.commit(task, 'left', `${task.id}/2/commit`);
    await expect(left).rejects.toMatchObject({ name: 'UnsolvedConflict', files: ['a.txt'] });
    put(path, { 'a.txt': 'both\n' });
    const commit = (await workspaces.commit(task, 'solved', `${task.id}/3/commit`)) ?? '';
    expect(userGit(path, 'log', '-1', '--format=%P', commit)).toBe(base);
    expect(userGit(path, 'ls-tree', '-r', '--name-only', commit).split('\n')).toEqual([
      '.gitignore',
      'a.txt',
      'mine.txt',
      'own.txt',
      'src/b.txt',
    ]);
  });

  it('that is merged into later is merged again, where it only moved on', async () => {
    const { workspaces, task, repository, path, from, head } = await waiting();
    userGit(repository, 'reset', '-q', '--hard', 'HEAD~1');
    const base = tipOf(repository, 'refs/heads/main') ?? '';
    const carried = await workspaces.mergeBase(task, head, from, base);
    if (carried.kind !== 'merged') throw new Error('expected a merge');
    const later = commitFiles(repository, { 'later.txt': 'later' });
    const joined = await workspaces.mergeBase(task, carried.commit, base, later);
    if (joined.kind !== 'merged') throw new Error('expected a merge');
    expect(joined.rewritten).toBe(false);
    expect(userGit(path, 'log', '-1', '--format=%P', joined.commit)).toBe(`${carried.commit} ${later}`);
  });

  it('is told from one that moved, and gets what plain git makes of the change, for any rewriting', {
    timeout: 300_000,
  }, async () => {
    const text = fc.constantFrom('one\n', 'two\n', 'one\ntwo\nthree\n');
    const files = (...names: string[]) => fc.dictionary(fc.constantFrom(...names), text, { minKeys: 1 });
    const rewriting = fc.record({
      drops: fc.integer({ min: 0, max: 2 }),
      adds: fc.array(files('x.txt', 'deep/y.txt', 'dropped-2'), { maxLength: 2 }),
      own: files('mine.txt', 'a.txt', 'deep/z.txt'),
    });
    await fc.assert(
      fc.asyncProperty(rewriting, async ({ drops, adds, own }) => {
        const world = await waiting(own);
        const { workspaces, task, repository, path, from, head } = world;
        userGit(repository, 'reset', '-q', '--hard', `HEAD~${drops}`);
        adds.forEach((added, n) => {
          commitFiles(repository, { ...added, [`mark-${n}`]: '' });
        });
        const base = tipOf(repository, 'refs/heads/main') ?? '';
        const joined = await workspaces.mergeBase(task, head, from, base);
        if (joined.kind !== 'merged') throw new Error('expected a merge');
        expect(joined.rewritten).toBe(drops > 0);
        expect(userGit(path, 'rev-parse', `${joined.commit}^{tree}`)).toBe(byGit(world, base));
      }),
      { numRuns: 12 },
    );
  });
});
