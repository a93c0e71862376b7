/** A time-skipping server with the real workflows and stand-ins for the steps: what is tested here is when, not how. */

import { randomUUID } from 'node:crypto';
import { Client, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { findTestServer } from '../../scripts/setup/programs.mjs';
import { createTaskActivities } from '../../src/activities/task-activities.ts';
import { queryTask } from '../../src/client/querying.ts';
import type { TaskId } from '../../src/domain/ids.ts';
import type { Ack, MessageName } from '../../src/domain/messages.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { modulePath } from '../../src/module-path.ts';
import { workflowBundle } from '../../src/workflow-bundle.ts';
import { searchAttributes } from '../../src/workflows/search-attributes.ts';
import type { TaskInput } from '../../src/workflows/task.ts';
import { quietSdk } from '../oracle/quiet-sdk.ts';
import { expectTasksReplay } from '../oracle/replay.ts';
import { startBundleCoverage } from './bundle-coverage.ts';
import { easy, type Steps } from './easy-steps.ts';
import { watchTold } from './watched-sinks.ts';

export const QUEUE = 'pawl';

export interface Harness {
  readonly client: Client;
  start(input: TaskInput): Promise<Task>;
  /** Sets the steps of this task; those not given work at once. */
  useSteps(id: TaskId, steps: Partial<Steps>): void;
  calls(id: TaskId): readonly { readonly step: keyof Steps; readonly input: unknown }[];
  /** Runs `act` beside a worker of this queue: that of a host which has none of its own. */
  workOn<T>(queue: string, act: () => Promise<T>): Promise<T>;
  /** What this workflow leaves is replayed at the end, too. */
  replayed(id: string): void;
  /** Lets time pass for every task of this server. */
  skip(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface Task extends WorkflowHandle {
  readonly id: TaskId;
  /** The first run; a later one means continue-as-new. */
  readonly firstRun: string;
  state(): Promise<TaskState>;
  send(name: MessageName, message: unknown, updateId?: string): Promise<Ack>;
  /** The state once it satisfies `when`. */
  until(when: (state: TaskState) => boolean): Promise<TaskState>;
}

/** @param more activities besides the steps of tasks */
export async function createHarness(
  more: Readonly<Record<string, (input: never) => Promise<unknown>>> = {},
): Promise<Harness> {
  quietSdk();
  const path = findTestServer();
  if (path === undefined) throw new Error('the test server is missing: run `npm test`, which provides it');
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(searchAttributes.map(({ name, type }) => [name, CODES[type] ?? 0])),
  });
  const dataConverter = { payloadConverterPath: modulePath('workflows/payload-converter') };
  const client = new Client({ connection: env.connection, namespace: 'default', dataConverter });
  const steps = new Map<string, Partial<Steps>>();
  const calls = new Map<string, { step: keyof Steps; input: unknown }[]>();
  const coverage = process.env.PAWL_COVERAGE
    ? await startBundleCoverage(process.env.PAWL_COVERAGE)
    : undefined;
  const told = watchTold();
  const worker = await Worker.create({
    // In this thread, where it can be seen what is run.
    debugMode: coverage !== undefined,
    ...cacheSize(),
    connection: env.nativeConnection,
    taskQueue: QUEUE,
    workflowBundle: await workflowBundle(),
    activities: {
      ...recording(steps, calls),
      ...more,
      ...createTaskActivities({ statusOf: (id) => statusIn(client, id) }),
    },
    sinks: told.sinks,
    dataConverter,
    // A step that sends heartbeats hears at once that it is cancelled.
    maxHeartbeatThrottleInterval: '100 ms',
  });
  const running = worker.run();
  const started: string[] = [];
  return {
    client,
    useSteps: (id, given) => void steps.set(id, given),
    calls: (id) => calls.get(id) ?? [],
    async start(input) {
      const handle = await client.workflow.start('task', {
        workflowId: input.spec.id,
        taskQueue: QUEUE,
        args: [input],
        // The worker's core loses a workflow task that meets an eviction as well; it is done again after this.
        workflowTaskTimeout: '1 s',
        // As the client starts a task of this edition.
        memo: input.edition === undefined ? {} : { edition: input.edition },
        typedSearchAttributes: new TypedSearchAttributes([]),
      });
      started.push(input.spec.id);
      return taskOf(client, handle, input.spec.id, handle.firstExecutionRunId);
    },
    async workOn(queue, act) {
      const activities = recording(steps, calls);
      const host = await Worker.create({
        connection: env.nativeConnection,
        taskQueue: queue,
        activities,
        dataConverter,
      });
      return host.runUntil(act);
    },
    replayed: (id) => void started.push(id),
    skip: (ms) => env.sleep(ms),
    async close() {
      worker.shutdown();
      await running;
      await expectTasksReplay(client, started).finally(() => env.teardown());
      await coverage?.write();
      told.expectOwn();
    },
  };
}

/** As large as everywhere, where the tests are run with a cache of another size (`npm run test:cold`). */
function cacheSize() {
  const cached = process.env.PAWL_WORKFLOWS_CACHED;
  return cached === undefined ? {} : { maxCachedWorkflows: Number(cached) };
}

async function statusIn(client: Client, id: string): Promise<string | undefined> {
  try {
    return (await client.workflow.getHandle(id).describe()).status.name.toLowerCase();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

const CODES: Record<string, number> = { TEXT: 1, KEYWORD: 2, INT: 3, DATETIME: 6 };

function taskOf(client: Client, handle: WorkflowHandle, id: TaskId, firstRun: string): Task {
  const state = () => queryTask<TaskState, []>(client, handle, 'state');
  return Object.assign(handle, {
    id,
    firstRun,
    state,
    send: (name: MessageName, message: unknown, updateId: string = randomUUID()) =>
      handle.executeUpdate<Ack, [unknown]>(name, { args: [message], updateId }),
    async until(when: (state: TaskState) => boolean) {
      for (let turn = 0; turn < 500; turn += 1) {
        const now = await state();
        if (when(now)) return now;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`the task never got there: ${JSON.stringify(await state())}`);
    },
  });
}

/** Every step works at once unless a test says otherwise, and is noted. */
function recording(
  steps: Map<string, Partial<Steps>>,
  calls: Map<string, { step: keyof Steps; input: unknown }[]>,
): Steps {
  const wrap = <N extends keyof Steps>(step: N): Steps[N] => {
    const call = async (input: Parameters<Steps[N]>[0]) => {
      const { id } = input.task;
      calls.set(id, [...(calls.get(id) ?? []), { step, input }]);
      const chosen = steps.get(id)?.[step] ?? easy[step];
      return (chosen as (one: typeof input) => unknown)(input);
    };
    return call as Steps[N];
  };
  return {
    prepareWorkspace: wrap('prepareWorkspace'),
    runAttempt: wrap('runAttempt'),
    runChecks: wrap('runChecks'),
    publish: wrap('publish'),
    merge: wrap('merge'),
    watchPullRequest: wrap('watchPullRequest'),
    takeUp: wrap('takeUp'),
    cleanUp: wrap('cleanUp'),
  };
}
