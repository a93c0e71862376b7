/** Following a task of an engine in another process, which may be started again meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { PawlError } from '../../domain/failures.ts';
import type { TaskId } from '../../domain/ids.ts';
import type { OnAway } from '../../domain/operations.ts';
import { isClosed, TaskState } from '../../domain/task-state.ts';
import { ErrorBody, errorOf, exchange, type Far, known, parseFrom, unlessGivenUp } from './exchange.ts';
import { FOLLOW } from './follow.ts';

const RECONNECT_MS = 500;

/** Opens a connection; behind the circuit breaker of the other calls. */
export type Open = (open: (limit: AbortSignal) => Promise<Response>) => Promise<Response>;

/**
 * The state now and after each change until the task is closed or `signal` aborts. An engine that was there once is waited
 * for. @param connect what one connection tells, begun with the present state
 * @param onAway told of each connection that tells nothing at all, and of each state that one tells
 * @throws PawlError
 */
export async function* followOverHttp(
  connect: () => AsyncIterable<TaskState>,
  signal: AbortSignal,
  onAway: OnAway = () => undefined,
): AsyncGenerator<TaskState> {
  let last: string | undefined;
  while (!signal.aborted) {
    let heard = false;
    try {
      for await (const state of connect()) {
        onAway(false);
        heard = true;
        const text = JSON.stringify(state);
        if (text !== last) yield state;
        last = text;
        if (isClosed(state.status)) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (last === undefined || !isAway(error)) throw error;
    }
    if (!heard) onAway(true);
    await sleep(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
  }
}

const isAway = (error: unknown): boolean => error instanceof PawlError && error.code === 'unavailable';

/** The states that one connection tells, until it breaks. @throws PawlError */
export async function* statesOf(
  far: Far,
  id: TaskId,
  signal: AbortSignal,
  open: Open,
): AsyncGenerator<TaskState> {
  const path = FOLLOW.path.replace('{id}', encodeURIComponent(id));
  const answer = await open((limit) =>
    exchange(far, { method: 'GET', path, signal: AbortSignal.any([signal, limit]) }),
  );
  const events = answer.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  const reader = events?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await unlessGivenUp(far, signal, () => reader.read());
      if (done) return;
      const data = parseFrom(far, value.data);
      if (value.event === 'problem') throw errorOf(known(far, ErrorBody, data));
      yield known(far, TaskState, data);
    }
  } finally {
    // An error of the connection has been thrown already.
    await reader.cancel().catch(() => undefined);
  }
}
