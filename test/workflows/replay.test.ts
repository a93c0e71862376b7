/**
 * Kept histories, replayed with the workflows as they are now: whatever was begun under an older Pawl goes on under this
 * one. When one fails, guard the change by `patched()`; never record it anew (`record-histories.ts` only adds).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { quietSdk } from '../oracle/quiet-sdk.ts';
import { replayOptions } from '../oracle/replay.ts';

const HISTORIES = join(import.meta.dirname, '..', 'histories');
const files = readdirSync(HISTORIES);

/** As much of the JSON of a history as is looked at here. */
interface HistoryEvent {
  eventType: string;
  workflowExecutionStartedEventAttributes?: { workflowId: string };
  activityTaskScheduledEventAttributes?: { activityType: { name: string } };
}
interface History {
  events: HistoryEvent[];
}

/** Of what may befall one. */
const EXECUTIONS_KEPT = [
  'execution-paused',
  'execution-rework',
  'execution-for-each',
  'execution-repeat',
  'execution-aborted',
  'execution-waiver',
  'execution-gates-set',
  'execution-continued-1',
  'execution-continued-2',
  'execution-delivered-anew',
];

const read = (file: string): History => JSON.parse(readFileSync(join(HISTORIES, file), 'utf8'));

beforeAll(quietSdk);

async function replay(history: History): Promise<void> {
  const [first] = history.events;
  await Worker.runReplayHistory(
    await replayOptions(),
    history,
    first?.workflowExecutionStartedEventAttributes?.workflowId,
  );
}

describe('a kept history', () => {
  it.each(files)('%s replays', async (file) => {
    await replay(read(file));
  });

  it('is there for every way a task can go', () => {
    const ends = files.map((file) => read(file).events.at(-1)?.eventType);
    for (const end of ['COMPLETED', 'FAILED', 'CANCELED', 'CONTINUED_AS_NEW']) {
      expect(ends).toContain(`EVENT_TYPE_WORKFLOW_EXECUTION_${end}`);
    }
  });

  it.each(EXECUTIONS_KEPT)('is there of an execution: %s', (name) => {
    expect(files).toContain(`${name}.json`);
  });
});

it('refuses a history that these workflows could not have made', async () => {
  const history = read('happy.json');
  const [step] = history.events.flatMap(({ activityTaskScheduledEventAttributes: one }) => one ?? []);
  if (step === undefined) throw new Error('happy.json has no step');
  step.activityType.name = 'publish';
  await expect(replay(history)).rejects.toThrow(DeterminismViolationError);
});
