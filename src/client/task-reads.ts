/** Reads of tasks: lists from Temporal's visibility, one task by its `state` query. Changes: `follow-history.ts`. */
import {
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { Archived, DocumentStore } from '../domain/documents.ts';
import { PawlError } from '../domain/failures.ts';
import { TaskId } from '../domain/ids.ts';
import { type RowFilter, RowMemo, selectRows, type TaskRow } from '../domain/rows.ts';
import { isClosed, type TaskState, TaskStatus } from '../domain/task-state.ts';
import {
  PawlAttempt,
  PawlChanged,
  PawlGate,
  PawlKind,
  PawlRepository,
  PawlStatus,
  PawlTitle,
} from '../workflows/search-attributes.ts';
import { queryTask } from './querying.ts';
import { isBegunSince, isGone } from './removal-notes.ts';
import { describe, unknownTask } from './starting.ts';
import { waitOf } from './step-wait.ts';
import type { TaskIndex } from './task-index.ts';
import { isUnanswered } from './temporal-errors.ts';

const QUERY_DEADLINE_MS = 10_000;

/** @throws PawlError `not_found`, or `unavailable` when no worker answers */
export async function readState(client: Client, id: TaskId, now = Date.now): Promise<TaskState> {
  try {
    return await client.withDeadline(Date.now() + QUERY_DEADLINE_MS, async () => {
      try {
        return await askForState(client, id, now);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        // The server was seen to say so, once, of the query of a task that was there.
        await describe(client, id);
        return askForState(client, id, now);
      }
    });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw unknownTask(id);
    if (!isUnanswered(error)) throw error;
    throw new PawlError('unavailable', `no worker answered for task ${id}: is the engine up? (\`pawl up\`)`, {
      cause: error,
    });
  }
}

async function askForState(client: Client, id: TaskId, now: () => number): Promise<TaskState> {
  const handle = client.workflow.getHandle(id);
  const state = await queryTask<TaskState, []>(client, handle, 'state');
  if (isClosed(state.status)) return state;
  const described = await handle.describe();
  const status = statusOf(described);
  if (!isClosed(status)) {
    const waitingFor = waitOf(described, now());
    return waitingFor === undefined ? state : { ...state, waitingFor };
  }
  // It ended between the two questions: asked again it says how. One that was terminated could not say so itself.
  const { waitingFor: _, ...ended } = await queryTask<TaskState, []>(client, handle, 'state');
  return { ...ended, status };
}

/** Where lists are read from. */
export interface Reads {
  readonly client: Client;
  /** Where all tasks are known already. */
  readonly index: TaskIndex | undefined;
  readonly archive: DocumentStore<Archived>;
  /** Every task there is, archived ones too. */
  rows(): Promise<readonly TaskRow[]>;
  select(filter: RowFilter): Promise<ReturnType<typeof selectRows>>;
}

export function createReads(
  client: Client,
  index: TaskIndex | undefined,
  archive: DocumentStore<Archived>,
): Reads {
  const rows = () => (index === undefined ? readAllRows(client, archive) : index.rows());
  const reads: Reads = {
    client,
    index,
    archive,
    rows,
    async select(filter) {
      if (filter.id !== undefined && filter.id.length > 0) {
        return selectRows(await readRowsOf(reads, filter.id), filter);
      }
      return selectRows(await rows(), filter);
    },
  };
  return reads;
}

/** What visibility and the archive have; a task shows here a moment after it was written. */
export async function readAllRows(client: Client, archive: DocumentStore<Archived>): Promise<TaskRow[]> {
  const runs = await readLatestRuns(client);
  const rows = new Map(rowsOf(runs).map((row) => [row.id as string, row]));
  for (const kept of await archive.list()) {
    const { row } = kept;
    const run = runs.get(row.id);
    const isAnother = run !== undefined && isBegunSince(run, kept);
    if (row.removedAt !== undefined) {
      // The note itself goes once all runs are gone that it means (`removing.ts`).
      if (!isAnother) rows.delete(row.id);
      continue;
    }
    // Whoever started it again was killed before the task was taken out.
    if (isAnother) await archive.remove(row.id);
    else rows.set(row.id, row);
  }
  return [...rows.values()];
}

/** A run that was started under the id of a task that was put away or removed takes it out: it is shown as it is now. */
export async function takeOut({ archive, index }: Reads, id: TaskId): Promise<void> {
  if ((await archive.read(id)) === undefined) return;
  await archive.remove(id);
  // The worker may have told of the new run already.
  if (index?.get(id)?.archivedAt !== undefined) index.drop(id);
}

/** A task that was started just now is listed at once, as it begins: the worker's sink tells the index of it only a moment later. */
export async function putNew(reads: Reads, row: TaskRow): Promise<void> {
  await takeOut(reads, row.id);
  reads.index?.putNew(row);
}

/** A task of this engine, or one that outlives its history in the archive. @throws PawlError as `readState` */
export async function readTask(reads: Reads, id: TaskId): Promise<TaskState> {
  return (await readKept(reads, id))?.state ?? readState(reads.client, id);
}

/** What is kept of a task that was put away. @throws PawlError `not_found` of one that was removed */
export async function readKept({ client, archive }: Reads, id: TaskId): Promise<Archived | undefined> {
  const kept = await archive.read(id);
  if (kept?.row.removedAt === undefined) return kept;
  if (await isGone(client, kept)) throw unknownTask(id);
  return undefined;
}

/** @throws PawlError `not_found` */
export async function readRow(reads: Reads, id: TaskId): Promise<TaskRow> {
  const known = reads.index?.get(id) ?? (await readKept(reads, id))?.row;
  if (known !== undefined) return known;
  const row = rowOf(await describe(reads.client, id));
  if (row === undefined) throw unknownTask(id);
  return row;
}

/** Those of these tasks that there are. */
async function readRowsOf(reads: Reads, ids: readonly TaskId[]): Promise<TaskRow[]> {
  const read = [...new Set(ids)].map((id) =>
    readRow(reads, id).catch((error: unknown) => {
      if (error instanceof PawlError && error.code === 'not_found') return undefined;
      throw error;
    }),
  );
  return (await Promise.all(read)).filter((row) => row !== undefined);
}

/**
 * Each task as its latest run knows it: one that was run again, or went on in another run, has several.
 * @param only a further condition in Temporal's list filter language
 */
export const readRows = async (client: Client, only?: string): Promise<TaskRow[]> =>
  rowsOf(await readLatestRuns(client, only));

const rowsOf = (runs: ReadonlyMap<string, WorkflowExecutionInfo>): TaskRow[] =>
  [...runs.values()].map(rowOf).filter((row) => row !== undefined);

async function readLatestRuns(client: Client, only?: string): Promise<Map<string, WorkflowExecutionInfo>> {
  const latest = new Map<string, WorkflowExecutionInfo>();
  const query = [`WorkflowType = 'task'`, ...(only === undefined ? [] : [only])].join(' AND ');
  for await (const info of client.workflow.list({ query, pageSize: 500 })) {
    const known = latest.get(info.workflowId);
    if (known === undefined || known.startTime < info.startTime) latest.set(info.workflowId, info);
  }
  return latest;
}

/** A task's status as Temporal knows it: how the execution ended, else what the task says of itself. */
export function statusOf(info: WorkflowExecutionInfo | WorkflowExecutionDescription): TaskStatus {
  switch (info.status.name) {
    case 'COMPLETED':
      return 'completed';
    case 'CANCELLED':
    case 'TERMINATED':
      return 'cancelled';
    case 'FAILED':
    case 'TIMED_OUT':
      return 'failed';
    default:
      return TaskStatus.catch('pending').parse(info.typedSearchAttributes.get(PawlStatus));
  }
}

/** A workflow whose id is no task id was started by hand by somebody else: Pawl does not list it. */
function rowOf(info: WorkflowExecutionInfo | WorkflowExecutionDescription): TaskRow | undefined {
  const id = TaskId.safeParse(info.workflowId);
  if (!id.success) return undefined;
  const attributes = info.typedSearchAttributes;
  const repository = attributes.get(PawlRepository);
  const attempt = attributes.get(PawlAttempt);
  const gate = attributes.get(PawlGate);
  const { title, plannedAt, ...words } = RowMemo.catch({}).parse(info.memo?.task ?? {});
  const closedAt = info.closeTime?.toISOString();
  // The task tells it a moment before Temporal closes it, unless it could not tell.
  const told = attributes.get(PawlChanged)?.toISOString();
  const changedAt = info.status.name === 'TERMINATED' ? closedAt : (told ?? closedAt);
  return {
    id: id.data,
    title: title ?? attributes.get(PawlTitle) ?? '',
    ...words,
    status: statusOf(info),
    kind: attributes.get(PawlKind) === 'agent_run' ? 'agent_run' : 'client_driven',
    ...(repository === undefined ? {} : { repository }),
    ...(attempt === undefined ? {} : { attempt }),
    ...(gate === undefined ? {} : { gate }),
    startedAt: plannedAt ?? info.startTime.toISOString(),
    ...(changedAt === undefined ? {} : { changedAt }),
    ...(closedAt === undefined ? {} : { closedAt: changedAt ?? closedAt }),
  };
}
