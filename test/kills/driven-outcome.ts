/** What must be true of every execution that was driven to its end, whatever was killed on its way. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { markedProcesses } from '../../src/adapters/programs/processes.ts';
import { placesIn } from '../../src/config.ts';
import type { ExecutionState } from '../../src/domain/executions/execution-state.ts';
import { marksOf } from '../../src/domain/marks.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { hostIdOf } from '../../src/engine/home.ts';
import { scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { answered, type DrivenLoop } from './driven-loop.ts';
import { endOf } from './events.ts';
import type { World } from './world.ts';

export interface Outcome {
  readonly world: World;
  readonly loop: DrivenLoop;
  readonly state: ExecutionState;
  /** Whether the worker was killed, once, so that what it was at is done again. */
  readonly isWorkerLost: boolean;
}

/** @returns how many events the execution's history has */
export async function expectDrivenOnce(outcome: Outcome): Promise<number> {
  const { world, loop } = outcome;
  const { events, ...end } = await endOf(world, loop.id);
  const ids = tasksIn(outcome.state);
  expect(end).toEqual({
    status: 'COMPLETED',
    runs: 1,
    steps: ['createRunSpec', 'createRunSpec', 'look', 'createRunSpec', 'endLooks', 'closeBranch'],
    children: { begun: ids, done: ids },
    missedBeats: 0,
  });
  const tasks: TaskState[] = [];
  for (const id of ids) tasks.push(await answered(world, (pawl) => pawl.show({ id })));
  expectTasks(outcome, tasks);
  expectDecisions(outcome.state, tasks);
  await expectMergedOnce(loop, tasks);
  expectNothingLeftOf(world, [loop.id, ...ids]);
  return events;
}

const tasksIn = ({ phases }: ExecutionState): readonly string[] =>
  phases.flatMap(({ skills }) => skills.flatMap(({ task }) => task ?? []));

/** One task a skill, each with one attempt that has done it; only one that lost its worker has another one beside it. */
function expectTasks({ loop, state, isWorkerLost }: Outcome, tasks: readonly TaskState[]): void {
  expect(state).toMatchObject({ status: 'completed', notes: [], ignoredMessages: 0 });
  expect(state.phases.flatMap(({ skills }) => skills)).toMatchObject([
    { id: 'plan', state: 'completed', round: 1, via: 'task' },
    { id: 'build', state: 'completed', round: 1, via: 'task' },
    { id: 'ship', state: 'completed', round: 1, via: 'task' },
  ]);
  expect(tasks).toMatchObject(
    ['plan', 'build', 'ship'].map((skill) => ({
      ...{ title: `${skill}: make`, status: 'completed', failure: null, ignoredMessages: 0 },
    })),
  );
  const attempts = tasks.map((task) =>
    task.attempts.map(({ outcome, failure }) => failure?.class ?? outcome),
  );
  const lost = attempts.flat().filter((outcome) => outcome === 'worker_lost');
  expect(lost.length).toBeLessThanOrEqual(isWorkerLost ? 1 : 0);
  expect(attempts.map((all) => all.filter((outcome) => outcome !== 'worker_lost'))).toEqual([
    ['done'],
    ['done'],
    [],
  ]);
  expect(state.spent?.attempts).toBe(attempts.flat().length);
  // No attempt began its program twice, and the one that has done the work began it.
  const begun = loop.begun();
  const named = tasks.flatMap(({ id, attempts: all }) => all.map(({ number }) => `${id}/${number}`));
  expect(new Set(begun).size).toBe(begun.length);
  expect(named).toEqual(expect.arrayContaining([...begun]));
  for (const { id, attempts: all } of tasks.slice(0, 2)) expect(begun).toContain(`${id}/${all.length}`);
}

/** Each gate was answered once, by whom it was for. */
function expectDecisions({ phases }: ExecutionState, tasks: readonly TaskState[]): void {
  const [right, tested] = phases.flatMap(({ gates }) => gates);
  expect(right).toMatchObject({ status: 'approved', approvals: [{ via: 'http' }], reworks: 0 });
  expect(right?.approvals).toHaveLength(1);
  expect(tested).toMatchObject({ status: 'approved', by: 'pawl', reworks: 0, evidence: [{ exitCode: 0 }] });
  const asked = tasks.map(({ gates }) => gates.filter(({ gate }) => gate === 'approval'));
  expect(asked).toMatchObject([[], [], [{ status: 'approved' }]]);
}

/** By plain git: every effect once, one merge into the base, in which the project's own test passes. */
async function expectMergedOnce({ project, seed }: DrivenLoop, tasks: readonly TaskState[]): Promise<void> {
  expect(userGit(project, 'rev-parse', 'main')).toBe(tasks.at(-1)?.mergedCommit);
  expect(userGit(project, 'rev-list', '--first-parent', '--count', `${seed}..main`)).toBe('1');
  const trailers = ['log', '--format=%(trailers:key=Pawl-Effect,valueonly,separator=%x2c)', `${seed}..main`];
  const effects = userGit(project, ...trailers).split('\n');
  // The commit and the merge of two skills, and the merge of the delivery.
  expect(effects).toHaveLength(5);
  expect(new Set(effects).size).toBe(5);
  expect(userGit(project, 'status', '--porcelain')).toBe('');
  expect(userGit(project, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  const clone = join(scratchFolder('clone'), 'judged');
  await execa('git', ['clone', '-q', project, clone]);
  expect(await execa('node', ['test.js'], { cwd: clone, reject: false })).toMatchObject({ exitCode: 0 });
  expect(userGit(clone, 'ls-tree', '--name-only', 'HEAD').split('\n')).toEqual([
    ...['.pawl', 'pawl.yaml', 'plan.txt', 'sum.js', 'test.js'],
  ]);
}

function expectNothingLeftOf({ home }: World, ids: readonly string[]): void {
  const marks = marksOf(hostIdOf(home));
  expect(ids.flatMap((id) => markedProcesses(marks.ofTask(id)))).toEqual([]);
  const { workspaces, checks, journal } = placesIn(home);
  for (const folder of [workspaces, checks, journal]) expect(readdirSync(folder), folder).toEqual([]);
}
