/** What set-up leaves is not the agent's work; judged by plain git and a model of three states of each path. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWorkspaces } from '../../../src/adapters/git/workspaces.ts';
import { commitFiles, newPlaces, newRepository, newTask, put, userGit } from '../scratch-repository.ts';

type Files = Readonly<Record<string, string | undefined>>;

function apply(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) rmSync(join(folder, path), { force: true });
    else put(folder, { [path]: text });
  }
}

const BASE = {
  'kept.txt': 'kept\n',
  'changed.txt': 'one\n',
  'removed.txt': 'there\n',
  '.gitignore': 'ignored/\n',
};

async function setUp(setup: Files, base: Readonly<Record<string, string>> = BASE) {
  const repository = newRepository(base);
  const workspaces = createWorkspaces(newPlaces());
  const task = newTask(repository);
  const { path, baseCommit } = await workspaces.prepare(task);
  apply(path, setup);
  await workspaces.noteSetup(task);
  const commit = (key: string) => workspaces.commit(task, 'work', key);
  return { repository, workspaces, task, path, baseCommit, commit };
}

const SETUP: Files = {
  'package-lock.json': '{}\n',
  'gen/code.ts': 'generated\n',
  'changed.txt': 'by set-up\n',
  'removed.txt': undefined,
  'ignored/installed.js': 'installed\n',
};
const hasSetup = (path: string) => {
  expect(readFileSync(join(path, 'package-lock.json'), 'utf8')).toBe('{}\n');
  expect(readFileSync(join(path, 'changed.txt'), 'utf8')).toBe('by set-up\n');
  expect(existsSync(join(path, 'removed.txt'))).toBe(false);
  expect(existsSync(join(path, 'ignored/installed.js'))).toBe(true);
};

it('is no change of an agent that did nothing, and no file that it changed', async () => {
  const { workspaces, task, baseCommit, commit, path } = await setUp(SETUP);
  expect(await commit('one')).toBeUndefined();
  expect(await workspaces.snapshot(task)).toMatchObject({ changedFiles: [] });
  put(path, { 'mine.txt': 'mine\n' });
  expect((await workspaces.snapshot(task)).changedFiles).toEqual(['mine.txt']);
  const oid = (await commit('two')) ?? '';
  expect((await workspaces.diff(task, baseCommit, oid)).files).toEqual([
    { path: 'mine.txt', status: 'added' },
  ]);
  hasSetup(path);
});

it.each([
  ['commits on the branch', (path: string) => commitAll(path)],
  [
    'commits on a branch of its own',
    (path: string) => userGit(path, 'switch', '-qc', 'mine') + commitAll(path),
  ],
  ['commits with no branch', (path: string) => userGit(path, 'switch', '-q', '--detach') + commitAll(path)],
  ['stages it', (path: string) => userGit(path, 'add', '-A')],
])('is none of the agent either where set-up %s', async (_, leave) => {
  const repository = newRepository(BASE);
  const workspaces = createWorkspaces(newPlaces());
  const task = newTask(repository);
  const { path, baseCommit } = await workspaces.prepare(task);
  apply(path, SETUP);
  leave(path);
  await workspaces.noteSetup(task);
  expect(userGit(path, 'rev-parse', 'HEAD')).toBe(baseCommit);
  expect(userGit(path, 'branch', '--show-current')).toBe(`pawl/${task.id}`);
  hasSetup(path);
  expect(await workspaces.commit(task, 'work', 'one')).toBeUndefined();
  put(path, { 'mine.txt': 'mine\n' });
  const oid = (await workspaces.commit(task, 'work', 'two')) ?? '';
  expect((await workspaces.diff(task, baseCommit, oid)).files).toEqual([
    { path: 'mine.txt', status: 'added' },
  ]);
  expect(await workspaces.keep(task)).toEqual([]);
});

const commitAll = (path: string): string => {
  userGit(path, 'add', '-A');
  return userGit(path, 'commit', '-qm', 'by set-up');
};

it('is in the commit where the agent has changed it further', async () => {
  const { workspaces, task, baseCommit, commit, path } = await setUp(SETUP);
  apply(path, { 'gen/code.ts': 'by hand\n', 'changed.txt': 'by the agent\n', 'removed.txt': 'back again\n' });
  const oid = (await commit('one')) ?? '';
  const { files } = await workspaces.diff(task, baseCommit, oid);
  expect(files.map((file) => file.path)).toEqual(['changed.txt', 'gen/code.ts', 'removed.txt']);
});

it('is not in the commit where the agent has committed everything itself', async () => {
  const { workspaces, task, baseCommit, commit, path } = await setUp(SETUP);
  put(path, { 'mine.txt': 'mine\n' });
  userGit(path, 'add', '--all');
  userGit(path, 'commit', '-q', '-m', 'by the agent');
  const oid = (await commit('one')) ?? '';
  expect((await workspaces.diff(task, baseCommit, oid)).files).toEqual([
    { path: 'mine.txt', status: 'added' },
  ]);
});

it('is there again for checks and the next attempt, and when the base has moved', async () => {
  const { workspaces, task, repository, baseCommit, commit, path } = await setUp(SETUP);
  put(path, { 'mine.txt': 'mine\n' });
  const oid = (await commit('one')) ?? '';
  apply(path, { 'package-lock.json': 'spoilt\n', 'changed.txt': 'spoilt\n' });
  await workspaces.restore(task, oid);
  hasSetup(path);
  const base = commitFiles(repository, { 'later.txt': 'later\n' });
  const joined = await workspaces.mergeBase(task, oid, baseCommit, base);
  expect(joined).toMatchObject({ kind: 'merged' });
  hasSetup(path);
  put(path, { 'more.txt': 'more\n' });
  const next = (await commit('two')) ?? '';
  const { files } = await workspaces.diff(task, base, next);
  expect(files.map((file) => file.path)).toEqual(['mine.txt', 'more.txt']);
});

it('of a set-up that left nothing costs nothing', async () => {
  const { workspaces, task, commit, path, baseCommit } = await setUp({
    'ignored/installed.js': 'installed\n',
  });
  put(path, { 'mine.txt': 'mine\n' });
  const oid = (await commit('one')) ?? '';
  expect((await workspaces.diff(task, baseCommit, oid)).files).toHaveLength(1);
});

const text = fc.option(fc.constantFrom('a\n', 'b\n', 'c\n'), { nil: undefined });
const states = fc.dictionary(
  fc.constantFrom('a', 'b', 'dir/c', 'dir/d', 'e f', 'ü'),
  fc.record({ base: text, setup: text, agent: text }),
  { minKeys: 1, noNullPrototype: true },
);

it('is told apart from the work by path, whatever three states each has', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(states, async (paths) => {
      const of = (one: 'base' | 'setup' | 'agent'): Files =>
        Object.fromEntries(Object.entries(paths).map(([path, state]) => [path, state[one]]));
      const there = Object.entries(of('base')).flatMap(([path, was]) =>
        was === undefined ? [] : [[path, was]],
      );
      const { commit, path, repository, workspaces, task } = await setUp(of('setup'), {
        ...Object.fromEntries(there),
        'always.txt': 'there\n',
      });
      apply(path, of('agent'));
      const expected = Object.entries(paths).flatMap(([name, { base, setup, agent }]) => {
        const is = agent === setup ? base : agent;
        return is === base ? [] : [name];
      });
      const oid = await commit('one');
      const base = userGit(repository, 'rev-parse', 'main');
      const files = oid === undefined ? [] : (await workspaces.diff(task, base, oid)).files;
      expect(files.map((file) => file.path).sort()).toEqual(expected.sort());
    }),
    { numRuns: 25 },
  );
});
