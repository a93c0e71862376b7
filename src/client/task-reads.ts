/** Reads of tasks: lists from the index or from visibility, one task by what is known of it. */
import type { Client } from '@temporalio/client';
import type { Archived, DocumentStore } from '../domain/documents.ts';
import type { TaskNews } from '../domain/events.ts';
import { PawlError } from '../domain/failures.ts';
import type { TaskId } from '../domain/ids.ts';
import { partOf, type RowFilter, selectRows, type TaskRow, waitsFor } from '../domain/rows.ts';
import { isClosed, type TaskState } from '../domain/task-state.ts';
import type { LiveTasks } from './live-tasks.ts';
import { isBegunSince, isGone } from './removal-notes.ts';
import type { RowIndex } from './row-index.ts';
import { describe, runOf, unknown } from './run-of.ts';
import { rowOf } from './visibility.ts';

/** Where lists are read from. */
export interface Reads {
  readonly client: Client;
  readonly index: RowIndex<TaskRow>;
  readonly archive: DocumentStore<Archived>;
  /** How a task is now, by what is known of it where that is enough. @throws PawlError as `readState` */
  state(id: TaskId): Promise<TaskState>;
  /** What happens to a task, for who follows it. */
  news(id: TaskId, signal: AbortSignal): AsyncIterable<TaskNews>;
  /** What is known of a task is not true any more. */
  forget(id: TaskId): void;
  /** Every task there is, archived ones too. */
  rows(): Promise<readonly TaskRow[]>;
  select(filter: RowFilter): Promise<ReturnType<typeof selectRows>>;
}

export function createReads(client: Client, live: LiveTasks, archive: DocumentStore<Archived>): Reads {
  const { index, state, news, forget } = live;
  const { rows } = index;
  const reads: Reads = {
    ...{ client, index, archive, rows, state, news, forget },
    async select(filter) {
      if (filter.id !== undefined && filter.id.length > 0) {
        return selectRows(await readRowsOf(reads, filter.id), filter);
      }
      const { parent: wholes = [] } = filter;
      return selectRows(await (wholes.length > 0 ? index.naming(wholes.map(partOf)) : rows()), filter);
    },
  };
  return reads;
}

/** A run that was started under the id of a task that was put away or removed takes it out: it is shown as it is now. */
export async function takeOut({ archive, index }: Reads, id: TaskId): Promise<void> {
  if ((await archive.read(id)) === undefined) return;
  await archive.remove(id);
  // The worker may have told of the new run already.
  if (index.get(id)?.archivedAt !== undefined) index.drop(id);
}

/** Those that wait for a task. */
export const openDependants = async (
  { index }: Pick<Reads, 'index'>,
  id: TaskId,
): Promise<readonly TaskRow[]> =>
  (await index.namingAsTold([waitsFor(id)])).filter(({ status }) => !isClosed(status));

/** A task that was started just now is listed at once, as it begins: the worker's sink tells the index of it only a moment later. */
export async function putNew(reads: Reads, row: TaskRow): Promise<void> {
  await takeOut(reads, row.id);
  reads.index.putNew(row);
}

/** A task of this engine, or one that outlives its history in the archive. @throws PawlError as `readState` */
export async function readTask(reads: Reads, id: TaskId): Promise<TaskState> {
  return (await readKept(reads, id))?.state ?? reads.state(id);
}

/** What happens to a task, for who follows it. @throws PawlError `not_found`, also of one that was removed */
export async function* newsOf(reads: Reads, id: TaskId, signal: AbortSignal): AsyncGenerator<TaskNews> {
  await readKept(reads, id);
  yield* reads.news(id, signal);
}

/** What is kept of a task that was put away. @throws PawlError `not_found` of one that was removed */
export async function readKept(reads: Reads, id: TaskId): Promise<Archived | undefined> {
  const { client, archive } = reads;
  const kept = await archive.read(id);
  if (kept === undefined) return undefined;
  const { archivedAt, removedAt } = kept.row;
  if (removedAt !== undefined) {
    if (await isGone(client, kept)) throw unknown(id);
    return undefined;
  }
  const run = archivedAt === undefined ? undefined : await runOf(client, id);
  if (run === undefined || !isBegunSince(run, kept)) return kept;
  // Somebody has started it again past the engine.
  await takeOut(reads, id);
  return undefined;
}

/** @throws PawlError `not_found` */
export async function readRow(reads: Reads, id: TaskId): Promise<TaskRow> {
  const known = (await reads.index.current(id)) ?? (await readKept(reads, id))?.row;
  if (known !== undefined) return known;
  const row = rowOf(await describe(reads.client, id));
  if (row === undefined) throw unknown(id);
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
