/**
 * Where a run that cannot be replayed is begun anew. Pure but for the question whether a history replays.
 */
import type { WorkflowHandle } from '@temporalio/client';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];
type Replays = (events: readonly HistoryEvent[]) => Promise<boolean>;

/**
 * The latest workflow task before which everything replays, so that no finished step is done again.
 * @returns its completion: what came before stays, the task is done again, all messages after it are applied again;
 * undefined where not even the first was completed: nothing can be wrong with such a history
 */
export async function resetPointOf(
  events: readonly HistoryEvent[],
  replays: Replays,
): Promise<HistoryEvent | undefined> {
  const completed = events.flatMap((event, at) =>
    event.workflowTaskCompletedEventAttributes == null ? [] : [at],
  );
  // What replays up to one task does so up to each before it.
  let [good, bad] = [0, completed.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (await replays(events.slice(0, (completed[middle] ?? 0) + 1))) good = middle;
    else bad = middle;
  }
  // The task before one that left nothing is merged with it (`workflows/activations.ts`): both are done again.
  while (good > 0 && !leftEvents(events, completed[good - 1] ?? 0)) good -= 1;
  return events[completed[good] ?? -1];
}

/** Whether the workflow task that is completed at this place gave a command or accepted an update. */
function leftEvents(events: readonly HistoryEvent[], completedAt: number): boolean {
  const next = events[completedAt + 1];
  return (
    next !== undefined &&
    next.workflowTaskScheduledEventAttributes == null &&
    next.workflowExecutionSignaledEventAttributes == null
  );
}
