/** How long each step of a task was under way, by Temporal's own times: from scheduled to completed. */
import type { Client } from '@temporalio/client';

/** Milliseconds by the step's name; of a step that was taken twice the last. */
export async function stepsOf({ workflow }: Client, id: string): Promise<ReadonlyMap<string, number>> {
  const { events } = await workflow.getHandle(id).fetchHistory();
  const scheduled = new Map<string, { readonly name: string; readonly atMs: number }>();
  const took = new Map<string, number>();
  for (const event of events ?? []) {
    const atMs = Number(event.eventTime?.seconds ?? 0) * 1_000 + (event.eventTime?.nanos ?? 0) / 1e6;
    const name = event.activityTaskScheduledEventAttributes?.activityType?.name;
    if (typeof name === 'string') scheduled.set(String(event.eventId), { name, atMs });
    const done = scheduled.get(String(event.activityTaskCompletedEventAttributes?.scheduledEventId));
    if (done !== undefined) took.set(done.name, atMs - done.atMs);
  }
  return took;
}
