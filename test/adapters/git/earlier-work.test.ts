/** A run that goes on from the work of the one before: however that was left, and wherever the base is by now. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import { commitFiles, newWorld, put, tipOf, userGit } from '../scratch-repository.ts';

type World = ReturnType<typeof newWorld>;

/** The task's first run has ended with this work. */
async function ended(files: Readonly<Record<string, string>>) {
  const world = newWorld({ 'f.txt': 'a\nb\nc\n' });
  const { workspaces, forge } = world;
  const task = { ...world.task, run: 'one' };
  const { path } = await workspaces.prepare(task);
  put(path, files);
  const commit = (await workspaces.commit(task, 'first', 'k/1')) ?? '';
  const aside = (await forge.push(task, commit)) === 'worked_on';
  await workspaces.keep(task, { commit, aside });
  await workspaces.remove(task);
  return { ...world, commit, task: { ...world.task, run: 'two' } };
}

const branchOf = ({ task }: Pick<World, 'task'>) => `pawl/${task.id}`;
const keptIn = ({ repository, task }: Pick<World, 'repository' | 'task'>) =>
  userGit(repository, 'for-each-ref', '--format=%(objectname)', `refs/heads/pawl/${task.id}.kept-*`)
    .split('\n')
    .filter(Boolean);

const rewrite = ({ repository }: Pick<World, 'repository'>) =>
  userGit(repository, 'commit', '-q', '--amend', '-m', 'other words');

it.each<[string, (world: Awaited<ReturnType<typeof ended>>) => void, string]>([
  ['as it was', () => undefined, 'resumed'],
  ['moved on', ({ repository }) => void commitFiles(repository, { 'base.txt': 'b' }), 'resumed'],
  [
    'moved against it',
    ({ repository }) => void commitFiles(repository, { 'f.txt': 'a\nby a person\nc\n' }),
    'conflict',
  ],
  ['rewritten', rewrite, 'resumed'],
])('on a base %s', async (name, move, kind) => {
  const world = await ended({ 'f.txt': 'a\nby the agent\nc\n', 'new.txt': 'n' });
  const { workspaces, task, commit, repository } = world;
  move(world);
  const prepared = await workspaces.prepare(task, true);
  expect(prepared).toMatchObject({
    begun: false,
    kept: [],
    baseCommit: tipOf(repository, 'refs/heads/main'),
  });
  const resumed = await workspaces.goOn(task);
  expect(resumed).toMatchObject({ kind });
  expect(await workspaces.goOn(task)).toEqual(resumed);
  // After a kill both are done again.
  expect(await workspaces.prepare(task, true)).toMatchObject({ begun: true, kept: [] });
  expect(await workspaces.goOn(task)).toEqual(resumed);
  const text = readFileSync(join(prepared.path, 'f.txt'), 'utf8');
  expect(text).toContain('by the agent');
  expect(text.includes('<<<<<<<')).toBe(kind === 'conflict');
  put(prepared.path, { 'f.txt': 'a\nsolved\nc\n', 'more.txt': 'm' });
  const next = (await workspaces.commit(task, 'second', 'k/2')) ?? '';
  const { files } = await workspaces.changes(task, prepared.baseCommit, next);
  expect(files.map(({ path }) => path).sort()).toEqual(['f.txt', 'more.txt', 'new.txt']);
  // The first commit is part of the second, or has a name.
  await world.forge.push(task, next);
  const reachable = userGit(repository, 'rev-list', branchOf(world), ...keptIn(world)).split('\n');
  expect(reachable).toContain(commit);
  expect(keptIn(world)).toEqual(name === 'rewritten' ? [commit] : []);
});

it('with what people have put on its branch since', async () => {
  const world = await ended({ 'new.txt': 'n' });
  const { workspaces, task, repository, forge } = world;
  userGit(repository, 'switch', '-q', branchOf(world));
  const theirs = commitFiles(repository, { 'review.txt': 'r' });
  userGit(repository, 'switch', '-q', 'main');
  expect(await forge.problem(task)).toBeUndefined();
  await workspaces.prepare(task, true);
  expect(await workspaces.goOn(task)).toEqual({ kind: 'resumed', commit: theirs, kept: [] });
  expect(await workspaces.head(task)).toBe(theirs);
});

it('fresh: what people have put on the branch keeps its commits, and the branch becomes the next run’s', async () => {
  const world = await ended({ 'new.txt': 'n' });
  const { workspaces, task, repository, forge } = world;
  userGit(repository, 'switch', '-q', branchOf(world));
  const theirs = commitFiles(repository, { 'review.txt': 'r' });
  userGit(repository, 'switch', '-q', 'main');
  const { path, kept } = await workspaces.prepare(task);
  expect(kept).toEqual([{ branch: `${branchOf(world)}.kept-1`, holds: 'the run before' }]);
  expect(keptIn(world)).toEqual([theirs]);
  put(path, { 'other.txt': 'o' });
  const next = (await workspaces.commit(task, 'second', 'k/2')) ?? '';
  expect(await forge.push(task, next)).toBe('pushed');
  expect(tipOf(repository, `refs/heads/${branchOf(world)}`)).toBe(next);
});

it('with none there, and where all of it is merged by now, begins at the base', async () => {
  const world = newWorld();
  await world.workspaces.prepare(world.task, true);
  expect(await world.workspaces.goOn(world.task)).toBeUndefined();
  const merged = await ended({ 'new.txt': 'n' });
  userGit(merged.repository, 'merge', '-q', branchOf(merged));
  await merged.workspaces.prepare(merged.task, true);
  expect(await merged.workspaces.goOn(merged.task)).toBeUndefined();
});

it.each([
  ['is carried over to it', false, 'resumed'],
  ['stays aside, where the base that it stood on was not noted', true, 'unrelated'],
])('with nothing in common with the base, %s', async (_, byAnOlderEngine, kind) => {
  const world = await ended({ 'new.txt': 'n' });
  const { workspaces, task, repository, commit, places } = world;
  const mirror = mirrorOf(places.mirrors, repository);
  if (byAnOlderEngine) userGit(mirror, 'update-ref', '-d', `refs/pawl/kept/${task.id}/base`);
  userGit(repository, 'switch', '-q', '--orphan', 'fresh');
  const fresh = commitFiles(repository, { 'z.txt': 'z' });
  userGit(repository, 'branch', '-qf', 'main', 'fresh');
  expect(await workspaces.prepare(task, true)).toMatchObject({ baseCommit: fresh });
  const resumed = await workspaces.goOn(task);
  expect(resumed).toMatchObject({ kind, kept: [{ branch: `${branchOf(world)}.kept-1` }] });
  expect(await workspaces.goOn(task)).toEqual(resumed);
  expect(keptIn(world)).toEqual([commit]);
  expect(await workspaces.head(task)).toBe(kind === 'resumed' ? resumed?.commit : fresh);
});
