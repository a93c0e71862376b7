/** What recovery tells a real Temporal of a try that another worker has taken over meanwhile: nothing that counts. */
import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LeftOver } from '../../src/activities/ports/journal-port.ts';
import { createClient } from '../../src/client/temporal-client.ts';
import { type RunningEngine, startEngine } from '../../src/server.ts';
import { identityOf, runningActivities } from '../../src/worker/running-activities.ts';
import { configOf, startOptions, temporaryHome } from '../engine/engine-rig.ts';
import { ownMark } from '../own-mark.ts';

const { home, remove } = temporaryHome();
const namespace = 'default';
const POLL_MS = 30_000;
const OF_AGENTS = {
  metadata: { encoding: Buffer.from('json/plain'), type: Buffer.from('Keyword') },
  data: Buffer.from('"agent_run"'),
};
let engine: RunningEngine;
let connection: Connection;

beforeAll(async () => {
  engine = await startEngine(configOf(home, { worker: false }), startOptions());
  connection = await Connection.connect({ address: engine.endpoints.temporal });
}, 60_000);
afterAll(async () => {
  await connection.close();
  await engine.stop();
  remove();
}, 60_000);

/** Temporal refuses polls without a deadline. */
const polling = <T>(poll: () => Promise<T>): Promise<T> =>
  connection.withDeadline(Date.now() + POLL_MS, poll);

/** One each: of another the next workflow task would come, once its activity has ended. */
const queueOf = (workflowId: string) => ({ name: workflowId });

/** A workflow that has scheduled one activity, as a worker would have it. */
async function scheduleActivity(): Promise<{ workflowId: string; runId: string }> {
  const { workflowService } = connection;
  const workflowId = randomUUID();
  const taskQueue = queueOf(workflowId);
  const { runId } = await workflowService.startWorkflowExecution({
    namespace,
    workflowId,
    workflowType: { name: 'any' },
    taskQueue,
    requestId: workflowId,
    searchAttributes: { indexedFields: { PawlKind: OF_AGENTS } },
  });
  const { taskToken } = await polling(() => workflowService.pollWorkflowTaskQueue({ namespace, taskQueue }));
  await workflowService.respondWorkflowTaskCompleted({
    namespace,
    taskToken,
    commands: [
      {
        commandType: 1, // COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK
        scheduleActivityTaskCommandAttributes: {
          activityId: '1',
          activityType: { name: 'runChecks' },
          taskQueue,
          startToCloseTimeout: { seconds: 60 },
          retryPolicy: { initialInterval: { nanos: 1_000_000 }, maximumAttempts: 5 },
        },
      },
    ],
  } as unknown as Parameters<typeof workflowService.respondWorkflowTaskCompleted>[0]);
  return { workflowId, runId };
}

async function takeTry(of: { workflowId: string; runId: string }, worker = 'one'): Promise<LeftOver> {
  const { taskToken, attempt } = await polling(() =>
    connection.workflowService.pollActivityTaskQueue({
      namespace,
      taskQueue: queueOf(of.workflowId),
      identity: identityOf(worker),
    }),
  );
  return {
    ...of,
    id: `${of.workflowId}.${of.runId}.1.${attempt}`,
    activityId: '1',
    activityType: 'runChecks',
    mark: ownMark('task/check'),
    taskToken: Buffer.from(taskToken).toString('base64'),
    owner: { pid: 1, startedAt: 'then', worker },
  };
}

async function attemptOf({ workflowId }: LeftOver): Promise<number | undefined> {
  const { pendingActivities } = await createClient(connection, namespace)
    .workflow.getHandle(workflowId)
    .describe()
    .then(({ raw }) => raw);
  return pendingActivities?.[0]?.attempt ?? undefined;
}

it('fails the try that is meant, at once, and leaves a later one alone', async () => {
  const activities = runningActivities(createClient(connection, namespace));
  const of = await scheduleActivity();
  const first = await takeTry(of);
  await activities.fail(first, new Error('the worker was killed'));
  const second = await takeTry(of);
  expect(await attemptOf(second)).toBe(2);

  await activities.fail(first, new Error('told once more, too late'));
  await activities.complete(first, 'too late as well');
  expect(await attemptOf(second)).toBe(2);

  await activities.complete(second, 'done');
  expect(await attemptOf(second)).toBeUndefined();
});

it('settles an entry of an older version, which has no token, by its id', async () => {
  const activities = runningActivities(createClient(connection, namespace));
  const { taskToken: _, ...first } = await takeTry(await scheduleActivity());
  await activities.complete(first, 'done');
  expect(await attemptOf(first)).toBeUndefined();
  await activities.complete(first, 'done');
});

it('knows by Temporal to which worker a step was given, until it has ended or is given to another', async () => {
  const activities = runningActivities(createClient(connection, namespace));
  const of = await scheduleActivity();
  expect(await activities.givenTo(['one'])).toEqual([]);
  await takeTry(of);
  const step = { ...of, activityId: '1' };
  // Lists are a moment behind.
  await expect.poll(() => activities.givenTo(['none', 'one'])).toEqual([step]);
  expect(await activities.givenTo(['none'])).toEqual([]);
  await activities.fail(step, new Error('the worker was killed before the step'));
  expect(await activities.givenTo(['one'])).toEqual([]);
  const second = await takeTry(of, 'two');
  expect(await activities.givenTo(['one'])).toEqual([]);
  expect(await activities.givenTo(['two'])).toEqual([step]);
  await activities.complete(second, 'done');
  expect(await activities.givenTo(['two'])).toEqual([]);
});
