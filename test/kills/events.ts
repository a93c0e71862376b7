/** The history of an execution, followed and read in Temporal itself: nothing here asks the engine. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { grpcErrorOf } from '../../src/client/temporal-errors.ts';
import type { World } from './world.ts';

const LOOK_MS = 5;
/** gRPC's own number. */
const NOT_FOUND = 5;

/** Settles as soon as the history has so many events; also where it ends before. Waits for one that has not begun. */
export const untilEvent = (world: World, id: string, count: number): Promise<void> =>
  world.askTemporal(async (client) => {
    let seen = 0;
    let token: Uint8Array | undefined;
    do {
      const { history, nextPageToken } = await nextPage(client, id, token);
      seen += history?.events?.length ?? 0;
      token = nextPageToken?.length ? nextPageToken : undefined;
    } while (seen < count && token !== undefined);
  });

/** What there is by now; with a token of the page before, what comes next. */
async function nextPage(client: Client, id: string, token: Uint8Array | undefined) {
  for (;;) {
    try {
      return await client.workflowService.getWorkflowExecutionHistory({
        namespace: client.options.namespace,
        execution: { workflowId: id },
        waitNewEvent: true,
        ...(token !== undefined && { nextPageToken: token }),
      });
    } catch (error) {
      if (grpcErrorOf(error)?.code !== NOT_FOUND) throw error;
      await sleep(LOOK_MS);
    }
  }
}

type HistoryEvents = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>;

/** What a closed execution has come to: in one run, with these steps and children in the order in which they ended. */
export const endOf = (world: World, id: string) =>
  world.askTemporal(async (client) => {
    const handle = client.workflow.getHandle(id);
    await handle.result();
    const { events } = await handle.fetchHistory();
    const { status, raw, runId } = await handle.describe();
    return {
      events: events?.length ?? 0,
      status: status.name,
      runs: raw.workflowExecutionInfo?.firstRunId === runId ? 1 : 2,
      steps: stepsIn(events ?? []),
      children: childrenIn(events ?? []),
      missedBeats: missedBeatsIn(events ?? []),
    };
  });

function stepsIn(events: HistoryEvents): string[] {
  const types = new Map<string, string>();
  return events.flatMap((event) => {
    const { activityTaskScheduledEventAttributes: scheduled, activityTaskCompletedEventAttributes: done } =
      event;
    if (scheduled) types.set(String(event.eventId), scheduled.activityType?.name ?? '');
    return done ? [types.get(String(done.scheduledEventId)) ?? ''] : [];
  });
}

/** Steps that somebody had to wait for, because nobody told that their worker was gone. */
const missedBeatsIn = (events: HistoryEvents): number =>
  events.filter(({ activityTaskStartedEventAttributes: one }) => one?.lastFailure?.timeoutFailureInfo).length;

const childrenIn = (events: HistoryEvents) => ({
  begun: events.flatMap(
    ({ startChildWorkflowExecutionInitiatedEventAttributes: one }) => one?.workflowId ?? [],
  ),
  done: events.flatMap(
    ({ childWorkflowExecutionCompletedEventAttributes: one }) => one?.workflowExecution?.workflowId ?? [],
  ),
});
