/** Every state in which people leave a task's branch: their work becomes the change, or stays where it is with the reason said. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commitFiles, put, ready, tipOf, userGit } from '../scratch-repository.ts';

type World = Awaited<ReturnType<typeof ready>>;
type Row = readonly [name: string, make: (world: World) => void, expected: object];

const branchIn = ({ task }: Pick<World, 'task'>): string => `pawl/${task.id}`;

function onBranch(world: World, work: (repository: string) => void): void {
  const { repository } = world;
  userGit(repository, 'switch', '-q', branchIn(world));
  work(repository);
  userGit(repository, 'switch', '-q', 'main');
}

const refused = (why: RegExp) => ({ kind: 'refused', why: expect.stringMatching(why) });
const rewritten = refused(
  /was worked on, and it does not stand on the change that was shown, [0-9a-f]{7}: put your/,
);

const ROWS: readonly Row[] = [
  ['as it was', () => undefined, { kind: 'nothing' }],
  ['removed', (world) => userGit(world.repository, 'branch', '-qD', branchIn(world)), { kind: 'nothing' }],
  [
    'renamed',
    (world) => userGit(world.repository, 'branch', '-m', branchIn(world), 'x'),
    { kind: 'nothing' },
  ],
  [
    'put back to the base',
    (world) => userGit(world.repository, 'branch', '-qf', branchIn(world), 'main'),
    { kind: 'nothing' },
  ],
  [
    'with a commit on top',
    (world) => onBranch(world, (at) => commitFiles(at, { 'review.txt': 'r' }, 'Say it better')),
    { kind: 'taken', by: 'User', summary: 'Say it better' },
  ],
  [
    'with several commits',
    (world) =>
      onBranch(world, (at) => {
        commitFiles(at, { 'review.txt': 'q' }, 'One');
        commitFiles(at, { 'review.txt': 'r' }, 'Two');
      }),
    { kind: 'taken', summary: 'One; Two' },
  ],
  [
    'with a merge of another branch',
    (world) =>
      onBranch(world, (at) => {
        userGit(at, 'switch', '-q', '-c', 'other', 'main');
        commitFiles(at, { 'review.txt': 'r' }, 'Other');
        userGit(at, 'switch', '-q', branchIn(world));
        userGit(at, 'merge', '-q', '--no-ff', '-m', 'Take the other', 'other');
      }),
    { kind: 'taken', summary: expect.stringContaining('Take the other') },
  ],
  [
    'amended',
    (world) =>
      onBranch(world, (at) => {
        put(at, { 'review.txt': 'r' });
        userGit(at, 'add', '-A');
        userGit(at, 'commit', '-q', '--amend', '--no-edit');
      }),
    rewritten,
  ],
  [
    'begun anew from the base',
    (world) =>
      onBranch(world, (at) => {
        userGit(at, 'reset', '-q', '--hard', 'main');
        commitFiles(at, { 'review.txt': 'r' });
      }),
    rewritten,
  ],
  [
    'begun from nothing',
    (world) => {
      const { repository } = world;
      userGit(repository, 'switch', '-q', '--orphan', 'fresh');
      commitFiles(repository, { 'review.txt': 'r' });
      userGit(repository, 'branch', '-qf', branchIn(world), 'fresh');
      userGit(repository, 'switch', '-qf', 'main');
    },
    rewritten,
  ],
  [
    'with the change taken back',
    (world) => onBranch(world, (at) => userGit(at, 'revert', '--no-edit', 'HEAD')),
    refused(/nothing of the change is left on it/),
  ],
];

it.each(ROWS)('%s', async (_, make, expected) => {
  const world = await ready();
  const { workspaces, task, baseCommit, commit, repository, forge } = world;
  make(world);
  const ref = `refs/heads/${branchIn(world)}`;
  const before = tipOf(repository, ref);
  const work = { base: baseCommit, head: commit, shown: commit, key: 'k/hand' };
  const found = await workspaces.takeUp(task, work);
  expect(found).toMatchObject(expected);
  expect(await workspaces.takeUp(task, work)).toEqual(found);
  // Whatever it is, it stays.
  expect(tipOf(repository, ref)).toBe(before);
  const isTaken = found.kind === 'taken';
  expect(await workspaces.head(task)).toBe(isTaken ? before : commit);
  expect(existsSync(join(workspaces.pathOf(task), 'review.txt'))).toBe(isTaken);
  if (!isTaken) return;
  // What the agent makes then stands on it, and takes the branch along.
  expect(await forge.problem(task)).toBeUndefined();
  put(workspaces.pathOf(task), { 'next.txt': 'n' });
  const next = (await workspaces.commit(task, 'more', 'k/2')) ?? '';
  expect(await forge.push(task, next)).toBe('pushed');
  expect(tipOf(repository, ref)).toBe(next);
  expect(userGit(repository, 'show', `${next}:review.txt`)).toBe('r');
});

/** Somebody has gone on with the base, and merged it into the task's branch. */
function baseMerged(world: World, files: Readonly<Record<string, string>>): string {
  const moved = commitFiles(world.repository, { 'm.txt': 'm' }, 'Go on with the base');
  onBranch(world, (at) => {
    userGit(at, 'merge', '-q', '--no-edit', 'main');
    if (Object.keys(files).length > 0) commitFiles(at, files, 'Say it better');
  });
  return moved;
}

it.each<[string, Readonly<Record<string, string>>, string]>([
  ['alone', {}, "Merge branch 'main' into pawl/"],
  ['and more', { 'review.txt': 'r' }, 'Say it better'],
])('with the base as it is now %s is compared with that', async (_, files, said) => {
  const world = await ready();
  const { workspaces, task, baseCommit, commit, repository } = world;
  const moved = baseMerged(world, files);
  // What came later is not in it.
  commitFiles(repository, { 'later.txt': 'l' }, 'Go on further');
  const work = { base: baseCommit, head: commit, shown: commit, key: 'k/hand' };
  const found = await workspaces.takeUp(task, work);
  expect(found).toMatchObject({ kind: 'taken', baseCommit: moved, summary: expect.stringContaining(said) });
  expect(found).not.toMatchObject({ summary: expect.stringContaining('Go on') });
  expect(await workspaces.takeUp(task, work)).toEqual(found);
  const { files: changed } = await workspaces.diff(
    task,
    moved,
    tipOf(repository, `refs/heads/${branchIn(world)}`) ?? '',
  );
  expect(changed.map(({ path }) => path)).toEqual(['new.txt', ...Object.keys(files)]);
});

it('with a base that has the task’s work itself is compared with the base as it was', async () => {
  const world = await ready();
  const { workspaces, task, baseCommit, commit, repository } = world;
  userGit(repository, 'merge', '-q', branchIn(world));
  onBranch(world, (at) => commitFiles(at, { 'review.txt': 'r' }, 'Say it better'));
  const work = { base: baseCommit, head: commit, shown: commit, key: 'k/hand' };
  expect(await workspaces.takeUp(task, work)).toMatchObject({ kind: 'taken', summary: 'Say it better' });
  expect(await workspaces.takeUp(task, work)).not.toHaveProperty('baseCommit');
});

/** The agent has gone on from the commit that was shown. */
async function goneOn(files: Readonly<Record<string, string>>) {
  const world = await ready();
  put(world.workspaces.pathOf(world.task), files);
  const next = (await world.workspaces.commit(world.task, 'more', 'k/2')) ?? '';
  return { ...world, next, work: { base: world.baseCommit, head: next, shown: world.commit, key: 'k/hand' } };
}

it('on an older commit of the task is merged with what came since', async () => {
  const world = await goneOn({ 'more.txt': 'm' });
  const { workspaces, task, repository, forge, next, work } = world;
  onBranch(world, (at) => commitFiles(at, { 'review.txt': 'r' }));
  const theirs = tipOf(repository, `refs/heads/${branchIn(world)}`);
  expect(await forge.push(task, next)).toBe('worked_on');
  expect(tipOf(repository, `refs/heads/${branchIn(world)}`)).toBe(theirs);
  const found = await workspaces.takeUp(task, work);
  expect(await workspaces.takeUp(task, work)).toEqual(found);
  if (found.kind !== 'taken') throw new Error('expected it to be taken up');
  expect(await forge.push(task, found.commit)).toBe('pushed');
  const parents = userGit(repository, 'log', '-1', '--format=%P', found.commit);
  expect(parents).toBe(`${next} ${theirs}`);
  for (const file of ['new.txt', 'more.txt', 'review.txt'])
    expect(userGit(repository, 'cat-file', '-t', `${found.commit}:${file}`)).toBe('blob');
});

it('on an older commit of the task, against what came since, is refused with the files', async () => {
  const world = await goneOn({ 'same.txt': 'by the agent' });
  onBranch(world, (at) => commitFiles(at, { 'same.txt': 'by a person' }));
  const found = await world.workspaces.takeUp(world.task, world.work);
  expect(found).toEqual(refused(/it conflicts with what the agent has made since, in same\.txt: put/));
  expect(await world.workspaces.head(world.task)).toBe(world.next);
});
