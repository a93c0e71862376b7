/** Measures the engine: nothing in it is a constant, and what cannot be measured is said to be unknown. */
import type { Client } from '@temporalio/client';
import { TASK_QUEUE } from '../client/starting.ts';
import type { TaskIndex } from '../client/task-index.ts';
import { countRows } from '../domain/rows.ts';
import type { Vitals } from '../domain/vitals.ts';
import type { Health } from '../edge/http/app.ts';
import type { CallLog } from './call-log.ts';
import type { EngineParts } from './health.ts';
import type { Restarts } from './restarts.ts';

const READ_MS_MAX = 5_000;
const WORKFLOW_QUEUE = 1;

export interface VitalsDeps {
  readonly client: Client;
  readonly index: TaskIndex;
  readonly health: () => Promise<Health>;
  readonly parts: EngineParts;
  readonly calls: CallLog;
  readonly restarts: Restarts;
  readonly connections: () => Promise<number>;
  readonly startedAt: Date;
}

export async function measureVitals(deps: VitalsDeps): Promise<Vitals> {
  const { client, index, parts, calls, restarts, startedAt } = deps;
  const [health, database, polling, tasks, connections] = await Promise.all([
    deps.health(),
    readDatabase(client),
    countPollers(client),
    countTasks(index),
    deps.connections(),
  ]);
  const { user, system } = process.cpuUsage();
  return {
    version: health.version,
    pid: health.pid,
    startedAt: startedAt.toISOString(),
    uptimeSeconds: (Date.now() - startedAt.getTime()) / 1_000,
    healthy: health.status === 'ok' && database.reachable,
    stopping: parts.stopping === true,
    temporal: { address: health.temporal.address, reachable: health.temporal.healthy },
    database,
    worker: { state: health.worker.state, polling },
    connections,
    tasks,
    calls: calls.read(),
    memoryBytes: process.memoryUsage().rss,
    cpuSeconds: (user + system) / 1e6,
    restarts: restarts.all(),
  };
}

async function readDatabase(client: Client): Promise<Vitals['database']> {
  const startedMs = performance.now();
  try {
    await client.withDeadline(Date.now() + READ_MS_MAX, () => client.workflow.count());
    return { reachable: true, readMs: performance.now() - startedMs };
  } catch {
    // Whatever is wrong with it, it cannot be read.
    return { reachable: false, readMs: null };
  }
}

async function countPollers(client: Client): Promise<number | null> {
  try {
    const { pollers } = await client.withDeadline(Date.now() + READ_MS_MAX, () =>
      client.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: TASK_QUEUE },
        taskQueueType: WORKFLOW_QUEUE,
      }),
    );
    return pollers?.length ?? 0;
  } catch {
    return null;
  }
}

async function countTasks(index: TaskIndex): Promise<Vitals['tasks']> {
  return countRows(await index.rows(), undefined).byStatus;
}
