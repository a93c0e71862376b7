/** Refs that an agent has left: read as git reads them where git made them, and harmless where it did not. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHead, readRef, readRefs, readStashes } from '../../../src/adapters/git/distrusted-refs.ts';
import { commitFiles, newRepository, newWorld, put, scratchFolder, userGit } from '../scratch-repository.ts';

describe('refs that git made', () => {
  const names = fc.constantFrom('a', 'b/c', 'b/d', 'fix/login', 'ünï', 'x.y', 'deep/er/and/deeper');
  const steps = fc.oneof(
    names.map((name) => ['branch', '-f', name]),
    names.map((name) => ['branch', '-D', name]),
    names.map((name) => ['tag', '-f', '-a', '-m', 'x', name]),
    fc.constant(['pack-refs', '--all']),
    fc.constant(['gc', '-q']),
    fc.constant(['commit', '-q', '--allow-empty', '-m', 'next']),
    fc.constant(['checkout', '-q', '--detach']),
    fc.constant(['symbolic-ref', 'refs/heads/symbolic', 'refs/heads/main']),
  );

  it('are those that git lists', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 12 }), async (commands) => {
        const repository = newRepository({ a: 'a' });
        for (const command of commands) {
          try {
            userGit(repository, ...command);
          } catch {
            // A branch that is not there, or whose name is in the way of another.
          }
        }
        const gitDir = join(repository, '.git');
        const format = '--format=%(symref)|%(objectname) %(refname)';
        const listed = userGit(repository, 'for-each-ref', format).split('\n');
        const expected = listed.filter((line) => line.startsWith('|')).map((line) => line.slice(1));
        const found = await readRefs(gitDir);
        expect(found.map(({ ref, oid }) => `${oid} ${ref}`).sort()).toEqual(expected.sort());
        for (const { ref, oid } of found) expect(await readRef(gitDir, ref)).toBe(oid);
        const head = await readHead(gitDir);
        const detached = typeof head === 'object' ? head.oid : undefined;
        expect(detached ?? userGit(repository, 'rev-parse', `${head}`)).toBe(
          userGit(repository, 'rev-parse', 'HEAD'),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('are all stashes, the newest first, also where refs are packed', async () => {
    const repository = newRepository();
    expect(await readStashes(join(repository, '.git'))).toEqual([]);
    for (const text of ['one', 'two', 'three']) {
      put(repository, { 'a.txt': text });
      userGit(repository, 'stash', '-q');
    }
    userGit(repository, 'pack-refs', '--all');
    const listed = userGit(repository, 'stash', 'list', '--format=%H').split('\n');
    expect(await readStashes(join(repository, '.git'))).toEqual(listed);
  });
});

/** What a ref of the task's branch is made of, in a workspace whose agent has made the commit `own`. */
type Plant = (gitDir: string, branch: string, own: string) => void;

const replace =
  (text: (own: string) => string | Buffer): Plant =>
  (gitDir, branch, own) =>
    put(gitDir, { [branch]: text(own) });

const HOSTILE: readonly (readonly [string, Plant])[] = [
  ['nothing', replace(() => '')],
  ['words', replace(() => 'not an object\n')],
  ['a short name', replace((own) => own.slice(0, 39))],
  ['a name in capitals', replace((own) => `${own.slice(0, 39)}F\n`)],
  ['two names', replace((own) => `${own}\n${own}\n`)],
  ['an option', replace(() => '--upload-pack=touch /tmp/x\n')],
  ['bytes', replace(() => Buffer.from([0xff, 0, 0xfe]))],
  ['an object that is missing', replace(() => `${'1'.repeat(40)}\n`)],
  ['no object', replace(() => `${'0'.repeat(40)}\n`)],
  ['a ref to itself', (gitDir, branch) => put(gitDir, { [branch]: `ref: ${branch}\n` })],
  [
    'a blob',
    (gitDir, branch) => put(gitDir, { [branch]: `${userGit(gitDir, 'rev-parse', 'HEAD:a.txt')}\n` }),
  ],
  [
    'a tree',
    (gitDir, branch) => put(gitDir, { [branch]: `${userGit(gitDir, 'rev-parse', 'HEAD^{tree}')}\n` }),
  ],
  ['a file of a gigabyte', (gitDir, branch) => truncateSync(join(gitDir, branch), 2 ** 30)],
  [
    'a link to a file outside',
    (gitDir, branch, own) => {
      const outside = scratchFolder('outside');
      put(outside, { ref: `${own}\n` });
      rmSync(join(gitDir, branch));
      symlinkSync(join(outside, 'ref'), join(gitDir, branch));
    },
  ],
  [
    'a pipe',
    (gitDir, branch) => {
      rmSync(join(gitDir, branch));
      execFileSync('mkfifo', [join(gitDir, branch)]);
    },
  ],
  [
    'a folder',
    (gitDir, branch) => {
      rmSync(join(gitDir, branch));
      mkdirSync(join(gitDir, branch));
    },
  ],
  [
    'behind a link',
    (gitDir) => {
      renameSync(join(gitDir, 'refs'), join(scratchFolder('outside'), 'refs'));
      symlinkSync(scratchFolder('refs'), join(gitDir, 'refs'));
    },
  ],
  [
    'a commit whose objects are behind a link',
    (gitDir) => {
      const moved = join(scratchFolder('outside'), 'objects');
      renameSync(join(gitDir, 'objects'), moved);
      symlinkSync(moved, join(gitDir, 'objects'));
    },
  ],
  [
    'a commit beside a pipe among the objects',
    (gitDir) => {
      mkdirSync(join(gitDir, 'objects/00'), { recursive: true });
      execFileSync('mkfifo', [join(gitDir, 'objects/00', '0'.repeat(38))]);
    },
  ],
  [
    'a commit that is torn',
    (gitDir, _, own) => put(gitDir, { [`objects/${own.slice(0, 2)}/${own.slice(2)}`]: 'torn' }),
  ],
];

describe('a branch of an agent that is', () => {
  it.each(HOSTILE)('%s counts for nothing: its files do, and the next git works', async (_, plant) => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    const own = commitFiles(path, { 'own.txt': 'o' }, 'by the agent');
    const gitDir = join(path, '.git');
    execFileSync('chmod', ['-R', 'u+w', join(gitDir, 'objects')]);
    plant(gitDir, `refs/heads/pawl/${task.id}`, own);
    const commit = (await workspaces.commit(task, 'all', `${task.id}/1/commit`)) ?? '';
    const { files } = await workspaces.changes(task, baseCommit, commit);
    expect(files).toEqual([{ path: 'own.txt', status: 'added' }]);
    expect(userGit(path, 'log', '-1', '--format=%H %P')).toBe(`${commit} ${baseCommit}`);
    expect(userGit(path, 'status', '--porcelain')).toBe('');
    await workspaces.remove(task);
  });

  it('packed, in a repository that it has packed itself, is taken with all its commits', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    const first = commitFiles(path, { 'own.txt': 'o' }, 'one');
    const second = commitFiles(path, { 'own.txt': 'oo' }, 'two');
    userGit(path, 'gc', '-q', '--prune=now');
    userGit(path, 'commit-graph', 'write', '--reachable');
    expect(readFileSync(join(path, '.git/packed-refs'), 'utf8')).toContain(second);
    const commit = await workspaces.commit(task, 'all', `${task.id}/1/commit`);
    expect(userGit(path, 'rev-list', 'HEAD').split('\n')).toEqual([commit, second, first, baseCommit]);
    expect(userGit(path, 'log', '-1', '--format=%H')).toBe(commit);
  });
});

describe('packed refs', () => {
  it.each([
    ['lines that are none', '# pack\n^\nx y\n\n', 0],
    ['names that git forbids', `${'a'.repeat(40)} refs/heads/a..b\n${'a'.repeat(40)} refs/heads/../x\n`, 0],
    ['names outside refs', `${'a'.repeat(40)} HEAD\n${'a'.repeat(40)} /etc/passwd\n`, 0],
    ['a name of a megabyte', `${'a'.repeat(40)} refs/heads/${'x'.repeat(1e6)}\n`, 0],
    ['more of them than anybody reads', `${'a'.repeat(40)} refs/heads/x\n`.repeat(8e5), 0],
    ['one', `${'a'.repeat(40)} refs/heads/x\n`, 1],
  ])('with %s hold only what is a ref', async (_, text, count) => {
    const folder = scratchFolder('git');
    put(folder, { 'packed-refs': text });
    expect(await readRefs(folder)).toHaveLength(count);
  });
});
