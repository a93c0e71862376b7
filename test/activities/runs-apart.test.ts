/** A task that is run again under its id: what its earlier run has left is not taken for its own. Real git. */
import { expect, it } from 'vitest';
import { cleanUp } from '../../src/activities/delivery.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { Running } from '../../src/activities/running.ts';
import { settleAttempt } from '../../src/activities/settle-attempt.ts';
import { prepareWorkspace } from '../../src/activities/workspace.ts';
import { mirrorOf } from '../../src/adapters/git/mirror.ts';
import { effectKey } from '../../src/domain/ids.ts';
import { marksOf } from '../../src/domain/marks.ts';
import type { AttemptInput, TaskRef } from '../../src/domain/steps.ts';
import { commitFiles, filesBelow, newWorld, put, tipOf, userGit } from '../adapters/scratch-repository.ts';

/** The steps on a real repository, and what people do there. */
function stage() {
  const world = newWorld();
  const { workspaces, forge, repository, task, places } = world;
  const [first, second] = [
    { ...task, run: 'a1' },
    { ...task, run: 'b2' },
  ];
  const deps = {
    workspaces,
    forge,
    isStartedHere: () => true,
    marks: marksOf('home'),
    agents: () => undefined,
    parseConfiguration: () => ({ checks: [], protect: [], agents: {} }),
    endMarked: async () => undefined,
    removeScratch: async () => undefined,
  } as unknown as ActivityDeps; // no more is asked of them
  const branch = `refs/heads/pawl/${task.id}`;
  return {
    ...world,
    first,
    second,
    branch,
    prepare: (run: TaskRef) => prepareWorkspace(deps, { task: run, agent: { name: 'none' } }, {} as Running), // no set-up is run
    attempt: (run: TaskRef, baseCommit: string) =>
      settleAttempt(
        deps,
        { task: run, baseCommit, attempt: { number: 1, token: 't', reason: 'first' } } as AttemptInput,
        { status: 'done', summary: 'did it' },
      ),
    cleanUp: (run: TaskRef, baseCommit?: string) =>
      cleanUp(deps, { task: run, ...(baseCommit === undefined ? {} : { baseCommit }) }),
    write: (files: Readonly<Record<string, string>>) => put(workspaces.pathOf(task), files),
    /** Somebody else's branch, whose name is in the way of the task's own. */
    takeBranch: () => userGit(repository, 'branch', '-q', `pawl/${task.id}/more`),
    freeBranch: () => userGit(repository, 'branch', '-q', '-m', `pawl/${task.id}/more`, 'theirs'),
    filesIn: (commit: string) =>
      userGit(places.home, ...inMirror(world, 'ls-tree', '-r', '--name-only', commit)),
  };
}

const inMirror = ({ workspaces, task }: ReturnType<typeof newWorld>, ...args: readonly string[]) => [
  '-C',
  workspaces.pathOf(task),
  ...args,
];

it('its first attempt has a commit of its own', async () => {
  const { first, second, workspaces, attempt, write, filesIn } = stage();
  const { baseCommit } = await workspaces.prepare(first);
  write({ 'one.txt': '1' });
  const { commit } = await attempt(first, baseCommit);
  expect(await attempt(first, baseCommit)).toMatchObject({ commit });
  write({ 'two.txt': '2' });
  const again = await attempt(second, baseCommit);
  expect(again.commit).not.toBe(commit);
  expect(filesIn(again.commit)).toContain('two.txt');
});

it('what the earlier run could not clean up is kept as its branch, then it begins with the base of now', async () => {
  const { first, second, repository, branch, workspaces, ...steps } = stage();
  const { baseCommit } = await steps.prepare(first);
  steps.write({ 'one.txt': '1' });
  await steps.attempt(first, baseCommit);
  steps.write({ 'half.txt': 'half' });
  steps.takeBranch();
  const refused = { code: 'precondition', message: expect.stringMatching(/rename (?:it|that one)/) };
  await expect(steps.cleanUp(first, baseCommit)).rejects.toMatchObject(refused);
  // Nor does the next run begin, as long as the work of the one before has no place.
  await expect(steps.prepare(second)).rejects.toMatchObject(refused);
  // And where that run ends before it had a workspace of its own, it does not take the work along.
  await expect(steps.cleanUp(second)).rejects.toMatchObject(refused);
  expect(filesBelow(workspaces.pathOf(second))).toEqual(expect.arrayContaining(['one.txt', 'half.txt']));
  steps.freeBranch();
  const newer = commitFiles(repository, { 'newer.txt': 'newer' });
  expect(await steps.prepare(second)).toMatchObject({ baseCommit: newer });
  // Made again it changes nothing.
  expect(await steps.prepare(second)).toMatchObject({ baseCommit: newer });
  expect(filesBelow(workspaces.pathOf(second))).toEqual(['.gitignore', 'a.txt', 'newer.txt', 'src/b.txt']);
  const kept = userGit(
    repository,
    'log',
    '--format=%(trailers:key=Pawl-Effect,valueonly)',
    `main..${branch}`,
  );
  expect(kept.split('\n').filter(Boolean)).toEqual([
    effectKey(first, 0, 'keep'),
    effectKey(first, 1, 'commit'),
  ]);
  steps.write({ 'one.txt': '1' });
  const { commit } = await steps.attempt(second, newer);
  expect(steps.filesIn(commit)).not.toContain('half.txt');
});

it('the work that a second clean-up keeps is that of the second run', async () => {
  const { first, second, repository, branch, ...steps } = stage();
  for (const [run, file] of [
    [first, 'one.txt'],
    [second, 'two.txt'],
  ] as const) {
    const { baseCommit } = await steps.prepare(run);
    steps.write({ [file]: 'half' });
    await steps.cleanUp(run, baseCommit);
    expect(userGit(repository, 'show', `${branch}:${file}`)).toBe('half');
  }
});

it('the work that each of many runs keeps stays reachable, and the next run says where', async () => {
  const { task, repository, branch, ...steps } = stage();
  const runs = ['a1', 'b2', 'c3'].map((run) => ({ ...task, run }));
  const name = `pawl/${task.id}`;
  const told: unknown[] = [];
  for (const run of runs) {
    const { baseCommit, kept } = await steps.prepare(run);
    told.push(kept ?? []);
    steps.write({ [`of-${run.run}.txt`]: 'half' });
    await steps.cleanUp(run, baseCommit);
  }
  expect(told).toEqual([[], [`${name}.kept-1 (the run before)`], [`${name}.kept-2 (the run before)`]]);
  const filesOn = (one: string) => userGit(repository, 'diff', '--name-only', 'main', one);
  expect([`${name}.kept-1`, `${name}.kept-2`, branch].map(filesOn)).toEqual([
    'of-a1.txt',
    'of-b2.txt',
    'of-c3.txt',
  ]);
});

it('work of an earlier run that somebody has merged needs no other name', async () => {
  const { first, second, repository, branch, ...steps } = stage();
  const { baseCommit } = await steps.prepare(first);
  steps.write({ 'one.txt': '1' });
  await steps.cleanUp(first, baseCommit);
  userGit(repository, 'merge', '-q', branch);
  expect(await steps.prepare(second)).not.toHaveProperty('kept');
  expect(userGit(repository, 'for-each-ref', '--format=%(refname)', 'refs/heads').split('\n')).toEqual([
    'refs/heads/main',
    branch,
  ]);
});

it('work that an engine before this one has kept is not lost to the next run either', async () => {
  const { first, second, repository, branch, places, ...steps } = stage();
  const { baseCommit } = await steps.prepare(first);
  steps.write({ 'one.txt': '1' });
  await steps.cleanUp(first, baseCommit);
  // It kept nothing in the mirror.
  userGit(mirrorOf(places.mirrors, repository), 'update-ref', '-d', `refs/pawl/kept/${first.id}/work`);
  const kept = tipOf(repository, branch);
  await steps.prepare(second);
  expect(tipOf(repository, `${branch}.kept-1`)).toBe(kept);
});

it('a task that was open before runs were told apart goes on with its keys and its workspace', async () => {
  const { task, workspaces, repository, branch, ...steps } = stage();
  const { baseCommit } = await steps.prepare(task);
  steps.write({ 'one.txt': '1' });
  const made = await workspaces.commit(task, 'work', `${task.id}/1/commit`);
  expect(await steps.prepare(task)).toMatchObject({ baseCommit });
  expect(await steps.attempt(task, baseCommit)).toMatchObject({ commit: made });
  await steps.cleanUp(task, baseCommit);
  expect(tipOf(repository, branch)).toBe(made);
  // Its next run is told apart from it.
  const again = { ...task, run: 'c3' };
  await steps.prepare(again);
  steps.write({ 'one.txt': '1' });
  expect((await steps.attempt(again, baseCommit)).commit).not.toBe(made);
});

it('a workspace that an older Pawl could not clean up is cleaned up by the next run as well', async () => {
  const { task, second, repository, branch, workspaces, ...steps } = stage();
  const { baseCommit } = await steps.prepare(task);
  steps.write({ 'one.txt': '1' });
  steps.takeBranch();
  await expect(steps.cleanUp(task, baseCommit)).rejects.toMatchObject({ code: 'precondition' });
  const kept = await workspaces.head(task);
  steps.freeBranch();
  await steps.prepare(second);
  expect(tipOf(repository, branch)).toBe(kept);
  expect(filesBelow(workspaces.pathOf(second))).not.toContain('one.txt');
});

it('where people have taken its branch, its work gets a name beside it', async () => {
  const { first, repository, branch, ...steps } = stage();
  const { baseCommit } = await steps.prepare(first);
  steps.write({ 'one.txt': '1' });
  userGit(repository, 'switch', '-q', '-c', `pawl/${first.id}`);
  const theirs = commitFiles(repository, { 'theirs.txt': 'theirs' });
  userGit(repository, 'switch', '-q', 'main');
  const cleaned = { kept: [`pawl/${first.id}.kept-1 (its work)`] };
  expect(await steps.cleanUp(first, baseCommit)).toEqual(cleaned);
  expect(tipOf(repository, branch)).toBe(theirs);
  expect(userGit(repository, 'show', `${branch}.kept-1:one.txt`)).toBe('1');
});
