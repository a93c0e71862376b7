/**
 * Where a run that cannot be replayed is begun anew. Pure but for the question whether a history replays.
 */
import type { WorkflowHandle } from '@temporalio/client';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];
type Replays = (events: readonly HistoryEvent[]) => Promise<boolean>;

/**
 * A task that only hears messages begins from its very start: all of them are applied again, in the order in which they came
 * (`workflows/activations.ts` can tell it there alone). One that has done steps begins from the latest workflow task before
 * which everything replays, so that no finished step is done again.
 * @returns the end of a workflow task: what came before stays, the task is done again, all messages after it are applied again;
 * undefined where no task has ended: nothing can be wrong with such a history
 */
export async function resetPointOf(
  events: readonly HistoryEvent[],
  replays: Replays,
): Promise<HistoryEvent | undefined> {
  if (!events.some(isStep)) return events.find(endsTask);
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

/** A look at how another task ended may be taken again; a child that was started would be there already. */
const isStep = ({
  activityTaskScheduledEventAttributes: step,
  startChildWorkflowExecutionInitiatedEventAttributes: child,
}: HistoryEvent): boolean => child != null || (step != null && step.activityType?.name !== 'readEnd');

/** One that failed or timed out as well: were it kept, the messages would not begin where they are looked for. */
const endsTask = (event: HistoryEvent): boolean =>
  event.workflowTaskCompletedEventAttributes != null ||
  event.workflowTaskFailedEventAttributes != null ||
  event.workflowTaskTimedOutEventAttributes != null;

/** Whether the workflow task that is completed at this place gave a command or accepted an update. */
function leftEvents(events: readonly HistoryEvent[], completedAt: number): boolean {
  const next = events[completedAt + 1];
  return (
    next !== undefined &&
    next.workflowTaskScheduledEventAttributes == null &&
    next.workflowExecutionSignaledEventAttributes == null
  );
}
