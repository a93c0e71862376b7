/**
 * Tasks and executions whose workflow task fails: nobody can ask or tell them anything, and Temporal tries for ever. Where the cause is a
 * history that cannot be replayed, the run is begun anew from before the fault, with every message after it applied again
 * in its order (a reset), so nothing that was acknowledged is lost. What cannot be repaired is told, never kept silent.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { z } from 'zod';
import { isOwn, nounOf, runOf } from '../client/run-of.ts';
import { digestOf } from '../domain/digest.ts';
import type { DocumentStore } from '../domain/documents.ts';
import type { Failing } from '../domain/engine-vitals.ts';
import { modulePath } from '../module-path.ts';
import { workflowBundle } from '../workflow-bundle.ts';
import type { FailedRun } from './failed-runs.ts';
import { type History, resetPointOf } from './reset-point.ts';
import { silentSinks } from './silent-sinks.ts';

/** A run that was begun anew so often and fails again has another fault than a reset can mend. */
const REPAIRS_MAX = 3;
/** Visibility shows a run a moment after it began. */
const FIND_MS = [0, 100, 400, 1_000, 3_000] as const;
const ANSWER_MS = 10_000;

export interface Repairs {
  /** A workflow task of this run failed. Returns at once. Idempotent while the run is looked at. */
  failed(run: FailedRun): void;
  /** It has done something since: whatever was wrong with it is not any more. */
  moved(id: string): void;
  /** Tasks and executions that cannot be asked now, and what is done about it. */
  failing(): readonly Failing[];
  /** Leaves out those that somebody has ended or removed, of which the worker hears nothing. */
  lookAgain(): Promise<void>;
  /** Sends the cancellations that a worker which was killed during a repair still owes. */
  payOwed(): Promise<void>;
  /** Settles when nothing is being repaired. */
  settled(): Promise<void>;
}

/** A cancellation that a task or execution has to get once its run is begun anew: a reset applies every other message again itself. */
export const OwedCancellation = z.object({ id: z.string() });
export type OwedCancellations = DocumentStore<z.infer<typeof OwedCancellation>>;

export interface RepairDeps {
  readonly client: Client;
  /** Kept on disk, because whoever repairs may be killed right after the reset. */
  readonly owed: OwedCancellations;
  readonly onNotice: (line: string) => void;
}

export function createRepairs({ client, owed, onNotice }: RepairDeps): Repairs {
  const failing = new Map<string, Failing>();
  const repairs = new Map<string, number>();
  const underWay = new Map<string, Promise<void>>();

  const putFailing = (id: string, problem: string, remedy: string) => {
    const since = failing.get(id)?.since ?? new Date().toISOString();
    failing.set(id, { id, since, problem, remedy });
  };
  const cannot = (id: string, problem: string) => {
    putFailing(id, problem, NO_REMEDY);
    onNotice(`${nounOf(id)} ${id} cannot go on: ${problem}; ${NO_REMEDY}`);
  };
  const look = async ({ runId, cause, message }: FailedRun): Promise<void> => {
    const id = await idOf(client, runId);
    const latest = id === undefined ? undefined : await runOf(client, id);
    // Of another type, removed, or run again since. Who terminated it wanted it to end.
    if (id === undefined || latest?.runId !== runId || latest.status.name === 'TERMINATED') return;
    if (cause === 'code') return cannot(id, message);
    putFailing(id, message, UNDER_REPAIR);
    const count = (repairs.get(id) ?? 0) + 1;
    if (count > REPAIRS_MAX) return cannot(id, `it was begun anew ${REPAIRS_MAX} times: ${message}`);
    repairs.set(id, count);
    const isBegunAnew = await repair({ client, owed }, id, runId);
    if (!isBegunAnew) return cannot(id, message);
    failing.delete(id);
    onNotice(
      `${nounOf(id)} ${id} could not be replayed and was begun anew, with all it was told (${message})`,
    );
  };
  return {
    failed(run) {
      if (underWay.has(run.runId)) return;
      const looking = look(run)
        // Temporal may be away. The task fails again when it is back, and is looked at then.
        .catch((error: unknown) => onNotice(`a task or execution cannot be repaired yet: ${String(error)}`))
        .finally(() => underWay.delete(run.runId));
      underWay.set(run.runId, looking);
    },
    moved: (id) => void failing.delete(id),
    failing: () => [...failing.values()],
    async lookAgain() {
      for (const id of failing.keys()) {
        const latest = await runOf(client, id);
        if (latest === undefined || latest.status.name === 'TERMINATED') failing.delete(id);
      }
    },
    async payOwed() {
      for (const { id } of await owed.list()) await payCancellation({ client, owed }, id);
    },
    settled: async () => void (await Promise.all(underWay.values())),
  };
}

const UNDER_REPAIR = 'it is being begun anew, with all it was told: ask again in a moment';
const NO_REMEDY =
  'what it did is kept in its history: go on with the version of Pawl that began it, or end it in the Temporal Web UI (Terminate)';

/** The task or execution that a run is of. */
async function idOf(client: Client, runId: string): Promise<string | undefined> {
  for (const ms of FIND_MS) {
    await sleep(ms);
    for await (const info of client.workflow.list({ query: `RunId = '${runId}'`, pageSize: 1 })) {
      return isOwn(info) ? info.workflowId : undefined;
    }
  }
  return undefined;
}

/**
 * Idempotent, also among workers: a run is begun anew once, because the request is named after it.
 * @returns false where there is nothing to begin anew from
 */
async function repair(
  deps: Pick<RepairDeps, 'client' | 'owed'>,
  id: string,
  runId: string,
): Promise<boolean> {
  const { client, owed } = deps;
  const history = await client.workflow.getHandle(id, runId).fetchHistory();
  const events = history.events ?? [];
  const point = await resetPointOf(events, (part) => replays({ events: [...part] }, id));
  if (point === undefined) return false;
  const wasCancelled = events.some(({ workflowExecutionCancelRequestedEventAttributes: one }) => one != null);
  if (wasCancelled) await owed.put(id, { id });
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: id, runId },
    reason: 'its history could not be replayed',
    workflowTaskFinishEventId: point.eventId ?? null,
    requestId: digestOf({ repair: runId }),
  });
  if (wasCancelled) await payCancellation(deps, id);
  await client.withDeadline(Date.now() + ANSWER_MS, () => client.workflow.getHandle(id).query('state'));
  return true;
}

async function payCancellation(
  { client, owed }: Pick<RepairDeps, 'client' | 'owed'>,
  id: string,
): Promise<void> {
  try {
    await client.workflow.getHandle(id).cancel();
  } catch (error) {
    // It has ended meanwhile, or is removed.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  await owed.remove(id);
}

async function replays(history: History, id: string): Promise<boolean> {
  try {
    await Worker.runReplayHistory(
      {
        workflowBundle: await workflowBundle(),
        dataConverter: { payloadConverterPath: modulePath('workflows/payload-converter') },
        sinks: silentSinks,
      },
      history,
      id,
    );
    return true;
  } catch (error) {
    if (error instanceof DeterminismViolationError) return false;
    throw error;
  }
}
