/** What the note of a removal means: the runs of the task that there were then, and none that was begun since. */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { Archived } from '../domain/documents.ts';
import { runOf } from './run-of.ts';

export type Run = Pick<WorkflowExecutionInfo, 'runId' | 'startTime' | 'status'>;

/** Whether a run was begun after the task was put away or removed. */
export function isBegunSince(
  { startTime }: Pick<Run, 'startTime'>,
  { row, removedUntil }: Archived,
): boolean {
  return startTime.toISOString() > (removedUntil ?? row.removedAt ?? row.archivedAt ?? '');
}

/** Whether the task that Temporal has by now is the one that was removed, or there is none. */
export async function isGone(client: Client, note: Archived): Promise<boolean> {
  if (note.row.removedAt === undefined) return false;
  const latest = await runOf(client, note.row.id);
  return latest === undefined || !isBegunSince(latest, note);
}
