/**
 * Forgetting tasks for good. A note says that a task is gone, and hides what is left of it; then every run of its id goes, of which
 * there are several where it went on in another or was run again. The note lasts until all of them are gone.
 */
import { type Client, type WorkflowExecutionInfo, WorkflowNotFoundError } from '@temporalio/client';
import type { Archived, DocumentStore } from '../domain/documents.ts';
import type { TaskId } from '../domain/ids.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import { isClosed } from '../domain/task-state.ts';
import { type ArchivingDeps, notOver } from './archiving.ts';
import { GRPC_STATUS } from './grpc-status.ts';
import { type Reads, readRow } from './task-reads.ts';
import { grpcErrorOf } from './temporal-errors.ts';

/**
 * The server deletes histories within minutes. A call that died half-way is finished by the next one, or by the sweeper.
 * @throws PawlError `conflict` while the task is not over, `not_found`, also where it was removed before
 */
export async function removeTask(
  { documents, now }: ArchivingDeps,
  reads: Reads,
  { id }: InputOf<'remove'>,
): Promise<OutputOf<'remove'>> {
  const row = await readRow(reads, id).catch(async (error: unknown) => {
    const removedAt = (await documents.archive.read(id))?.row.removedAt;
    if (removedAt !== undefined) await deleteRuns(reads.client, id, removedAt);
    throw error;
  });
  if (!isClosed(row.status)) throw notOver(id, row.status);
  await documents.archive.put(id, { row: { ...row, removedAt: now().toISOString() } });
  reads.index?.drop(id);
  await deleteRuns(reads.client, id);
  return { id, removed: true };
}

/** Finishes every removal of which something is left: by a call that died, or by a list that lagged. Idempotent. */
export async function finishRemovals(
  client: Client,
  archive: DocumentStore<Archived>,
  signal?: AbortSignal,
): Promise<void> {
  for (const { row } of await archive.list()) {
    if (signal?.aborted) return;
    if (row.removedAt !== undefined) await deleteRuns(client, row.id, row.removedAt);
  }
}

/**
 * The latest goes last: while it is there its id is taken, so nothing is begun under it before the others are gone.
 * @param startedUntil leaves a run that was begun later under the same id
 */
async function deleteRuns(client: Client, id: TaskId, startedUntil?: string): Promise<void> {
  const latest = await infoOf(client, id);
  const runs = new Map<string, Run>();
  for await (const info of client.workflow.list({ query: `WorkflowId = '${id}'` }))
    runs.set(info.runId, info);
  if (latest !== undefined) runs.set(latest.runId, latest);
  const oldestFirst = [...runs.values()].toSorted(
    (one, other) => Number(one.startTime) - Number(other.startTime),
  );
  for (const listed of oldestFirst) {
    if (startedUntil !== undefined && listed.startTime.toISOString() > startedUntil) continue;
    // The list lags: one that it says is open may be closed.
    const info = listed.status.name === 'RUNNING' ? await infoOf(client, id, listed.runId) : listed;
    if (info !== undefined && info.status.name !== 'RUNNING') await deleteRun(client, id, info.runId);
  }
}

type Run = Pick<WorkflowExecutionInfo, 'runId' | 'startTime' | 'status'>;

async function infoOf(client: Client, id: TaskId, runId?: string): Promise<Run | undefined> {
  try {
    return await client.workflow.getHandle(id, runId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
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
