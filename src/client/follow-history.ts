/** Changes of one task, as they happen: its history is waited for by one long poll, and the task asked when it grew. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { PawlError } from '../domain/failures.ts';
import type { TaskId } from '../domain/ids.ts';
import { isClosed, type TaskState } from '../domain/task-state.ts';
import { readState } from './task-reads.ts';
import { grpcErrorOf } from './temporal-errors.ts';

const RECONNECT_MS = 500;
/** How late a follower may learn of its place in the queue. */
const LOOK_AGAIN_MS = 1_000;

/**
 * The state now and after each change until the task is closed. While nothing moves it costs one long poll (while an
 * attempt runs, one look a second); while Temporal or the worker is away it waits for them.
 */
export async function* followTask(
  client: Client,
  id: TaskId,
  signal: AbortSignal,
): AsyncGenerator<TaskState> {
  let last = '';
  let token: Uint8Array | undefined;
  for (;;) {
    const state = await patiently(signal, () => readState(client, id));
    if (state === undefined) return;
    const text = JSON.stringify(state);
    if (text !== last) yield state;
    last = text;
    if (isClosed(state.status)) return;
    const from = token;
    const look = untilNextLook(state, signal);
    const next = await patiently(look, () => nextChange(client, id, from, look));
    if (signal.aborted) return;
    token = look.aborted ? from : next;
  }
}

/** A place in the queue for an agent is told in heartbeats, which no event announces: it has to be looked for. */
function untilNextLook({ attempts }: TaskState, signal: AbortSignal): AbortSignal {
  if (attempts.at(-1)?.outcome !== 'running') return signal;
  return AbortSignal.any([signal, AbortSignal.timeout(LOOK_AGAIN_MS)]);
}

/**
 * Settles when something has happened that may have changed the task; answers where to wait from next time, or undefined
 * where this run's history ends.
 */
async function nextChange(
  client: Client,
  id: TaskId,
  from: Uint8Array | undefined,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  for (let token = from; ; ) {
    const request = {
      namespace: client.options.namespace,
      execution: { workflowId: id },
      waitNewEvent: true,
      historyEventFilterType: 1,
      ...(token === undefined ? {} : { nextPageToken: token }),
    };
    const { history, nextPageToken } = await client.withAbortSignal(signal, () =>
      client.workflowService.getWorkflowExecutionHistory(request),
    );
    token = nextPageToken?.length ? nextPageToken : undefined;
    const events = history?.events ?? [];
    if (token === undefined || events.some((event) => ANNOUNCEMENTS.every((kind) => !event[kind])))
      return token;
  }
}

/** What only says that the workflow will act: asked then, it would answer what it has answered before. */
const ANNOUNCEMENTS = [
  'workflowTaskScheduledEventAttributes',
  'workflowTaskStartedEventAttributes',
  'activityTaskScheduledEventAttributes',
  'activityTaskStartedEventAttributes',
  'activityTaskCompletedEventAttributes',
] as const;

/** Repeats a read while Temporal or its worker is away; undefined once the signal aborts. */
async function patiently<T>(signal: AbortSignal, read: () => Promise<T>): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await read();
    } catch (error) {
      // Not every call that is cancelled was so from here: Temporal tells so of a query that the worker's core has lost.
      if (signal.aborted) return undefined;
      const away =
        grpcErrorOf(error) !== undefined || (error instanceof PawlError && error.code === 'unavailable');
      if (!away) throw error;
      await sleep(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}
