/** What must be true of every task in the end, whatever was killed on its way. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { markedProcesses } from '../../src/adapters/programs/processes.ts';
import { placesIn } from '../../src/config.ts';
import { marksOf } from '../../src/domain/marks.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { hostIdOf } from '../../src/engine/home.ts';
import { userGit } from '../adapters/scratch-repository.ts';
import type { Point, Victim } from './points.ts';
import type { World } from './world.ts';

export interface Outcome {
  readonly world: World;
  readonly repository: string;
  readonly task: string;
  readonly seed: string;
  readonly state: TaskState;
  readonly row: Point;
  readonly victim: Victim;
}

export async function expectMergedOnce(outcome: Outcome): Promise<void> {
  const { state, task } = outcome;
  expect(state).toMatchObject({ id: task, status: 'completed', failure: null, ignoredMessages: 0 });
  expectOneOfEach(outcome);
  expectRepository(outcome);
  expectAttempts(outcome);
  await expectHistory(outcome);
  expectNothingLeftOf(outcome);
}

/** Programs ran once; what was cut off ran once more, and of the agent's parts none. */
function expectOneOfEach({ world, row: { unfinished }, victim }: Outcome): void {
  const { 'check-setup': besides, ...runs } = world.control.runs();
  const expected: Record<string, number> = { setup: 1, agent: 1, check: 1, 'part-1': 1, 'part-2': 1 };
  // A Temporal that is away for a moment ends nothing that runs.
  if (unfinished !== undefined && victim !== 'temporal') expected[unfinished] = 2;
  // Set-up for the checks runs beside the agent, so it may be cut off with it.
  const isCutOff = expected['check-setup'] === 2;
  delete expected['check-setup'];
  expect(runs).toEqual(expected);
  expect(isCutOff ? [2] : [1, 2]).toContain(besides);
}

function expectRepository({ world, repository, task, seed, state }: Outcome): void {
  expect(userGit(repository, 'rev-parse', 'main')).toBe(state.mergedCommit);
  expect(userGit(repository, 'rev-list', '--first-parent', '--count', `${seed}..main`)).toBe('1');
  // One commit of the attempt and one merge, each the effect of one key.
  const trailers = ['log', '--format=%(trailers:key=Pawl-Effect,valueonly,separator=%x2c)', `${seed}..main`];
  const effects = userGit(repository, ...trailers).split('\n');
  expect(effects).toHaveLength(2);
  expect(new Set(effects).size).toBe(2);
  expect(effects.every((effect) => effect.startsWith(`${task}/`))).toBe(true);
  expect(userGit(repository, 'show', 'main:part-2.txt')).toBe('part-2');
  expect(userGit(repository, 'status', '--porcelain')).toBe('');
  expect(userGit(repository, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  expect(userGit(repository, 'worktree', 'list').split('\n')).toHaveLength(1);
  const { pullRequests } = placesIn(world.home);
  const names = readdirSync(pullRequests, { recursive: true, encoding: 'utf8' });
  expect(names.filter((name) => name.endsWith(`-${task}.json`))).toHaveLength(1);
}

/** One attempt, or a second one that says where it went on from. */
function expectAttempts({ state: { attempts }, row: { unfinished }, victim }: Outcome): void {
  expect(attempts.at(-1)?.outcome).toBe('done');
  const resumed = unfinished === 'agent' && victim !== 'temporal';
  expect(attempts).toHaveLength(resumed ? 2 : 1);
  if (!resumed) return;
  expect(attempts[0]?.failure?.class).toBe(victim === 'agent' ? 'interrupted' : 'worker_lost');
  expect(attempts[1]).toMatchObject({ reason: 'resume', resumedFrom: expect.stringMatching(/^1\.\d+$/) });
}

/** One run of one workflow, in which each step was completed once. */
async function expectHistory({ world, task }: Outcome): Promise<void> {
  const { history, described } = await world.askTemporal(async (client) => {
    const handle = client.workflow.getHandle(task);
    return { history: await handle.fetchHistory(), described: await handle.describe() };
  });
  expect(described.status.name).toBe('COMPLETED');
  expect(described.raw.workflowExecutionInfo?.firstRunId).toBe(described.runId);
  const types = new Map<string, string>();
  const completed: string[] = [];
  for (const event of history.events ?? []) {
    const { activityTaskScheduledEventAttributes: scheduled, activityTaskCompletedEventAttributes: done } =
      event;
    if (scheduled) types.set(String(event.eventId), scheduled.activityType?.name ?? '');
    if (done) completed.push(types.get(String(done.scheduledEventId)) ?? '');
  }
  expect(completed).toEqual(['prepareWorkspace', 'runAttempt', 'runChecks', 'publish', 'merge']);
}

function expectNothingLeftOf({ world: { home }, task }: Outcome): void {
  expect(markedProcesses(marksOf(hostIdOf(home)).ofTask(task))).toEqual([]);
  const { workspaces, checks, journal } = placesIn(home);
  expect(readdirSync(workspaces)).toEqual([]);
  expect(readdirSync(checks)).toEqual([]);
  expect(readdirSync(journal)).toEqual([]);
  const scratch = join(placesIn(home).scratch, task);
  const files = existsSync(scratch) ? readdirSync(scratch, { recursive: true, withFileTypes: true }) : [];
  expect(files.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual([]);
}
