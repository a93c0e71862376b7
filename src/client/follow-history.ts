/** Changes of one task or execution, as they happen: its history is waited for by one long poll, and it is asked when that grew. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { TaskId, WorkflowId } from '../domain/ids.ts';
import { isClosed, type TaskState } from '../domain/task-state.ts';
import { patiently } from './patiently.ts';
import { readState } from './read-state.ts';

/** How late a follower may learn of its place in the queue for an agent. */
const LOOK_FOR_PLACE_MS = 1_000;
/** How late that a step waits for a worker, which it says after a minute. */
const LOOK_FOR_WORKER_MS = 15_000;

/** How one is followed. */
interface Followed<S> {
  readonly read: () => Promise<S>;
  readonly isClosed: (state: S) => boolean;
  /** When to look again for what no event announces; undefined where there is no such thing. */
  readonly lookMs: (state: S) => number | undefined;
}

/**
 * The state of a task now and after each change until it is closed. While nothing moves it costs one long poll (while an
 * attempt runs, one look a second; while another step does, one in 15 s); while Temporal or the worker is away it waits for them.
 */
export const followTask = (client: Client, id: TaskId, signal: AbortSignal): AsyncGenerator<TaskState> =>
  followHistory(
    client,
    id,
    {
      read: () => readState(client, id),
      isClosed: ({ status }) => isClosed(status),
      lookMs: ({ attempts, step, status }) => {
        if (attempts.at(-1)?.outcome === 'running') return LOOK_FOR_PLACE_MS;
        return step === undefined || status === 'awaiting_gate' ? undefined : LOOK_FOR_WORKER_MS;
      },
    },
    signal,
  );

/** The same of whatever has states. */
export async function* followHistory<S>(
  client: Client,
  id: WorkflowId,
  { read, isClosed, lookMs }: Followed<S>,
  signal: AbortSignal,
): AsyncGenerator<S> {
  let last = '';
  let token: Uint8Array | undefined;
  let polling: Promise<Next> | undefined;
  for (;;) {
    const state = await patiently(signal, read);
    if (state === undefined) return;
    const text = JSON.stringify(state);
    if (text !== last) yield state;
    last = text;
    if (isClosed(state)) return;
    const from = token;
    // One poll goes on beside all looks: a native connection cannot call one off.
    polling ??= patiently(signal, () => nextChange(client, id, from, signal)).then((next) => ({ next }));
    // What it throws is thrown by the race, which may come to it only after the next read.
    polling.catch(() => undefined);
    const over = new AbortController();
    const look = untilNextLook(lookMs(state) ?? LEFT_MS, AbortSignal.any([signal, over.signal]));
    const moved = await Promise.race([polling, look]).finally(() => over.abort());
    if (signal.aborted) return;
    if (moved === undefined) continue;
    token = moved.next;
    polling = undefined;
  }
}

interface Next {
  readonly next: Uint8Array | undefined;
}

/** Settles when it is called off, and when what a step waits for has to be looked for: no event announces it. */
async function untilNextLook(ms: number, signal: AbortSignal): Promise<undefined> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

/** Longer than a poll of the server lasts: what is waited for here is that the follower leaves. */
const LEFT_MS = 60 * 60_000;

/**
 * Settles when something has happened that may have changed it; answers where to wait from next time, or undefined
 * where this run's history ends.
 */
async function nextChange(
  client: Client,
  id: WorkflowId,
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
    if (signal.aborted) return undefined;
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
