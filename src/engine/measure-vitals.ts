/** Measures the engine: nothing in it is a constant, and what cannot be measured is said to be unknown. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { RowIndex } from '../client/row-index.ts';
import { TASK_QUEUE } from '../client/start-workflow.ts';
import { passes } from '../client/temporal-errors.ts';
import type { Vitals } from '../domain/engine-vitals.ts';
import { countRows, type TaskRow } from '../domain/rows.ts';
import type { Health } from '../edge/http/app.ts';
import type { CallLog } from './call-log.ts';
import type { Clients } from './callers.ts';
import type { EngineParts } from './health.ts';
import type { Restarts } from './restarts.ts';

const READ_MS_MAX = 5_000;
const WORKFLOW_QUEUE = 1;

export interface VitalsDeps {
  readonly client: Client;
  readonly index: RowIndex<TaskRow>;
  readonly health: () => Promise<Health>;
  readonly parts: EngineParts;
  readonly calls: CallLog;
  readonly restarts: Restarts;
  readonly clients: Clients;
  readonly warnings: () => readonly string[];
  readonly startedAt: Date;
}

export async function measureVitals(deps: VitalsDeps): Promise<Vitals> {
  const { client, index, parts, calls, restarts, startedAt } = deps;
  const [health, { answered, ...database }, polling, tasks] = await Promise.all([
    deps.health(),
    readDatabase(client),
    countPollers(client),
    countTasks(index),
  ]);
  const { user, system } = process.cpuUsage();
  return {
    version: health.version,
    pid: health.pid,
    startedAt: startedAt.toISOString(),
    uptimeSeconds: (Date.now() - startedAt.getTime()) / 1_000,
    healthy: health.status === 'ok' && database.reachable,
    stopping: parts.stopping === true,
    warnings: [...deps.warnings()],
    temporal: { address: health.temporal.address, reachable: health.temporal.healthy && answered },
    database,
    worker: { state: health.worker.state, polling },
    connections: deps.clients.sockets(),
    clients: deps.clients.count(),
    failing: parts.worker === 'elsewhere' ? null : [...(parts.repairs?.failing() ?? [])],
    tasks,
    calls: calls.read(),
    memoryBytes: process.memoryUsage().rss,
    cpuSeconds: (user + system) / 1e6,
    restarts: restarts.all(),
  };
}

/** `answered`: Temporal said something, if only what is wrong with its database. */
async function readDatabase(client: Client): Promise<Vitals['database'] & { readonly answered: boolean }> {
  const startedMs = performance.now();
  try {
    await client.withDeadline(Date.now() + READ_MS_MAX, () => client.workflow.count());
    return { reachable: true, readMs: performance.now() - startedMs, answered: true };
  } catch (error) {
    // Whatever is wrong with it, it cannot be read.
    return { reachable: false, readMs: null, answered: !passes(error) };
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

/** An index that was never made cannot be while Temporal is away; one that was is at hand. */
async function countTasks(index: RowIndex<TaskRow>): Promise<Vitals['tasks']> {
  const limit = new AbortController();
  const late = sleep(READ_MS_MAX, undefined, { signal: limit.signal }).catch(() => undefined);
  const rows = index.rows().catch((error: unknown) => {
    if (passes(error)) return undefined;
    throw error;
  });
  const known = await Promise.race([rows, late]).finally(() => limit.abort());
  return known === undefined ? null : countRows(known, undefined).byStatus;
}
