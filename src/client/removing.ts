/**
 * Forgetting tasks for good. A note says that a task is gone, and hides what is left of it; then every run of its id goes that
 * was begun until then, of which there are several where it went on in another or was run again. The note lasts until all of
 * them are gone.
 */
import type { Client } from '@temporalio/client';
import type { Archived, DocumentStore, Documents } from '../domain/documents.ts';
import { type Keyed, noted } from '../domain/idempotency-key.ts';
import type { TaskId } from '../domain/ids.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import { isClosed } from '../domain/task-state.ts';
import { type ArchivingDeps, notOver } from './archiving.ts';
import { GRPC_STATUS } from './grpc-status.ts';
import { readState } from './read-state.ts';
import { isBegunSince, type Run } from './removal-notes.ts';
import { waitForEnd } from './run-end.ts';
import { listRunsOf, runOf } from './run-of.ts';
import { type Reads, readRow } from './task-reads.ts';
import { grpcErrorOf } from './temporal-errors.ts';

/**
 * The server deletes histories within minutes. A call that died half-way is finished by the next one, or by the sweeper.
 * @throws PawlError `conflict` while the task is not over, `unavailable` while it is and still cleans up, `not_found`, also where
 * it was removed before
 */
export async function removeTask(
  { documents, now }: ArchivingDeps,
  reads: Reads,
  { id }: InputOf<'remove'>,
  keyed?: Keyed,
): Promise<OutputOf<'remove'>> {
  const { client } = reads;
  const note = await noted(keyed, () => noteOf(documents, reads, id, now()));
  const latest = await runOf(client, id);
  if (latest === undefined || !isBegunSince(latest, note)) {
    await documents.archive.put(id, note);
    reads.index.drop(id);
    reads.forget(id);
  }
  await deleteRuns(client, note);
  const { title, status, archivedAt } = note.row;
  return { id, removed: true, before: { title, status, ...(archivedAt !== undefined && { archivedAt }) } };
}

async function noteOf(documents: Documents, reads: Reads, id: TaskId, now: Date): Promise<Archived> {
  const { client } = reads;
  const row = await readRow(reads, id).catch(async (error: unknown) => {
    const note = await documents.archive.read(id);
    if (note?.row.removedAt !== undefined) await deleteRuns(client, note);
    throw error;
  });
  const latest = await endedRunOf(client, id);
  return {
    row: { ...row, removedAt: now.toISOString() },
    ...(latest !== undefined && { removedUntil: latest.startTime.toISOString() }),
  };
}

/**
 * Temporal is asked, not the index: whoever runs a task again is answered before the index is told.
 * @returns undefined where only the archive has the task
 */
async function endedRunOf(client: Client, id: TaskId): Promise<Run | undefined> {
  const latest = await runOf(client, id);
  if (latest?.status.name !== 'RUNNING') return latest;
  const { status } = await readState(client, id);
  if (!isClosed(status)) throw notOver(id, status);
  await waitForEnd(client, id);
  return runOf(client, id);
}

/** Finishes every removal of which something is left: by a call that died, or by a list that lagged. Idempotent. */
export async function finishRemovals(
  client: Client,
  archive: DocumentStore<Archived>,
  signal?: AbortSignal,
): Promise<void> {
  for (const note of await archive.list()) {
    if (signal?.aborted) return;
    const { id, removedAt } = note.row;
    if (removedAt === undefined || (await deleteRuns(client, note)) > 0) continue;
    // Meanwhile the id may have been used, and the task put away or removed again.
    if ((await archive.read(id))?.row.removedAt === removedAt) await archive.remove(id);
  }
}

/**
 * The latest goes last: while it is there its id is taken, so nothing is begun under it before the others are gone.
 * @returns how many were there of those that the note means
 */
async function deleteRuns(client: Client, note: Archived): Promise<number> {
  const { id } = note.row;
  const latest = await runOf(client, id);
  const runs = new Map<string, Run>();
  for await (const info of listRunsOf(client, id)) runs.set(info.runId, info);
  if (latest !== undefined) runs.set(latest.runId, latest);
  const meant = [...runs.values()].filter((run) => !isBegunSince(run, note));
  const oldestFirst = meant.toSorted((one, other) => Number(one.startTime) - Number(other.startTime));
  for (const listed of oldestFirst) {
    // The list lags: one that it says is open may be closed.
    const run = listed.status.name === 'RUNNING' ? await runOf(client, id, listed.runId) : listed;
    if (run !== undefined && run.status.name !== 'RUNNING') await deleteRun(client, id, run.runId);
  }
  return meant.length;
}

async function deleteRun(client: Client, workflowId: TaskId, runId: string): Promise<void> {
  const { namespace } = client.options;
  try {
    await client.workflowService.deleteWorkflowExecution({
      namespace,
      workflowExecution: { workflowId, runId },
    });
  } catch (error) {
    // Lists have it for a while longer.
    if (grpcErrorOf(error)?.code !== GRPC_STATUS.NOT_FOUND) throw error;
  }
}
