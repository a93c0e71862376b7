/** Where histories that 0.1.0 left and nobody can replay are begun anew, and that whole ones would be left as they are. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { type History, resetPointOf } from '../../src/worker/reset-point.ts';
import { unpackWorkflows } from '../fixtures/version-0.1.0/workflows.ts';
import { quietSdk } from '../oracle/quiet-sdk.ts';
import { replayOptions } from '../oracle/replay.ts';

type Event = NonNullable<History['events']>[number];

const LOST = join(import.meta.dirname, '..', 'fixtures', 'version-0.1.0', 'histories');
const lost = readdirSync(LOST);
const read = (file: string): { events: Event[] } => JSON.parse(readFileSync(join(LOST, file), 'utf8'));

beforeAll(quietSdk);

async function replays(events: readonly Event[], bundle?: { readonly codePath: string }): Promise<boolean> {
  try {
    await Worker.runReplayHistory(await replayOptions(bundle), { events }, 'a-task');
    return true;
  } catch (error) {
    if (error instanceof DeterminismViolationError) return false;
    throw error;
  }
}

describe('a history that 0.1.0 lost', () => {
  it.each(lost)('%s is replayed neither by it nor by this Pawl', async (file) => {
    const { events } = read(file);
    const workflows = unpackWorkflows();
    expect(await replays(events, workflows).finally(workflows.remove)).toBe(false);
    expect(await replays(events)).toBe(false);
  });

  it.each(lost)('%s is begun anew from its first workflow task, which left nothing', async (file) => {
    const { events } = read(file);
    const point = await resetPointOf(events, (part) => replays(part));
    expect(String(point?.eventId)).toBe('4');
  });
});

/** A history by its events' kinds; what replays is said by the test. */
const KINDS = {
  started: 'workflowExecutionStartedEventAttributes',
  scheduled: 'workflowTaskScheduledEventAttributes',
  begun: 'workflowTaskStartedEventAttributes',
  completed: 'workflowTaskCompletedEventAttributes',
  failed: 'workflowTaskFailedEventAttributes',
  signaled: 'workflowExecutionSignaledEventAttributes',
  stepped: 'activityTaskScheduledEventAttributes',
  child: 'startChildWorkflowExecutionInitiatedEventAttributes',
  upserted: 'upsertWorkflowSearchAttributesEventAttributes',
} as const;
type Kind = keyof typeof KINDS;
const historyOf = (...kinds: readonly Kind[]): Event[] =>
  kinds.map((kind, at) => ({ eventId: at + 1, [KINDS[kind]]: {} })) as unknown as Event[];

/** Replays as long as it is no longer than this. */
const upTo = (eventsMax: number) => async (events: readonly Event[]) => events.length <= eventsMax;
const task = ['scheduled', 'begun', 'completed'] as const;

it.each([
  ['the last task, where the fault is in what came of it', 10, upTo(10), '8'],
  ['the task before the fault', 10, upTo(7), '4'],
  ['the first task, where all is at fault', 10, upTo(0), '4'],
] as const)('goes back to %s', async (_, length, replaysPart, id) => {
  const events = historyOf('started', ...task, 'stepped', ...task, 'upserted', 'signaled').slice(0, length);
  expect(String((await resetPointOf(events, replaysPart))?.eventId)).toBe(id);
});

it('does not begin from the start where a child was started, which would be there already', async () => {
  const events = historyOf('started', ...task, 'child', ...task, 'signaled', ...task);
  expect(String((await resetPointOf(events, upTo(9)))?.eventId)).toBe('8');
});

it('goes back over tasks that left nothing, and past one that failed', async () => {
  const events = historyOf(
    'started',
    'scheduled',
    'begun',
    'failed',
    ...task,
    'signaled',
    ...task,
    ...task,
    'stepped',
  );
  expect(String((await resetPointOf(events, upTo(14)))?.eventId)).toBe('7');
});

it('goes back to the first end of a task where there were only messages, also where that had failed', async () => {
  for (const [end, id] of [
    ['completed', '4'],
    ['failed', '4'],
  ] as const) {
    const events = historyOf('started', 'scheduled', 'begun', end, ...task, 'upserted', ...task, 'upserted');
    expect(String((await resetPointOf(events, upTo(20)))?.eventId)).toBe(id);
  }
});

it('has nowhere to go where no task has ended', async () => {
  expect(await resetPointOf(historyOf('started', 'scheduled', 'begun'), upTo(3))).toBeUndefined();
});
