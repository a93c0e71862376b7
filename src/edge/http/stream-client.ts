/** The streams of an engine in another process, which may be started again meanwhile: one that was there once is waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';
import { FeedEvent, type Numbered, Printed, type StateNews, type TaskNews } from '../../domain/events.ts';
import { ExecutionState, isOver } from '../../domain/executions/execution-state.ts';
import { PawlError } from '../../domain/failures.ts';
import type { ExecutionId, TaskId } from '../../domain/ids.ts';
import type { OnAway } from '../../domain/operations.ts';
import { isClosed, TaskState } from '../../domain/task-state.ts';
import { ErrorBody, errorOf, exchange, type Far, known, parseFrom, unlessGivenUp } from './exchange.ts';
import { EVENTS, FOLLOW_EXECUTION, NEWS } from './streams.ts';

const RECONNECT_MS = 500;

/** Opens a connection; behind the circuit breaker of the other calls. */
export type Open = (open: (limit: AbortSignal) => Promise<Response>) => Promise<Response>;

/**
 * What happens to a task until it is closed or `signal` aborts.
 * @param connect what one connection tells, begun with the present state
 * @param onAway told of each connection that tells nothing at all, and of each state that one tells
 * @throws PawlError
 */
export const newsOverHttp = (
  connect: () => AsyncIterable<TaskNews>,
  signal: AbortSignal,
  onAway?: OnAway,
): AsyncGenerator<TaskNews> =>
  overConnections({ connect, isLast: ({ status }: TaskState) => isClosed(status) }, signal, onAway);

/** The same of an execution: its states. @throws PawlError */
export async function* executionStatesOverHttp(
  connect: () => AsyncIterable<ExecutionNews>,
  signal: AbortSignal,
  onAway?: OnAway,
): AsyncGenerator<ExecutionState> {
  const isLast = ({ status }: ExecutionState) => isOver(status);
  for await (const news of overConnections({ connect, isLast }, signal, onAway))
    if (news.type === 'state') yield news.state;
}

interface Connecting<S> {
  readonly connect: () => AsyncIterable<StateNews<S>>;
  /** Whether nothing more is to come. */
  readonly isLast: (state: S) => boolean;
}

async function* overConnections<S>(
  { connect, isLast }: Connecting<S>,
  signal: AbortSignal,
  onAway: OnAway = () => undefined,
): AsyncGenerator<StateNews<S>> {
  const seen: Seen = { state: undefined };
  while (!signal.aborted) {
    let heard = false;
    const hear = () => {
      heard = true;
      onAway(false);
    };
    try {
      if (yield* anew(connect(), isLast, seen, hear)) return;
    } catch (error) {
      if (signal.aborted) return;
      if (seen.state === undefined || !isAway(error)) throw error;
    }
    if (!heard) onAway(true);
    await pause(signal);
  }
}

interface Seen {
  /** The last state, as JSON. */
  state: string | undefined;
}

/** What a connection tells that was not seen before. @returns whether it is over */
async function* anew<S>(
  told: AsyncIterable<StateNews<S>>,
  isLast: Connecting<S>['isLast'],
  seen: Seen,
  hear: () => void,
): AsyncGenerator<StateNews<S>, boolean> {
  for await (const news of told) {
    hear();
    if (news.type === 'output') {
      yield news;
      continue;
    }
    const text = JSON.stringify(news.state);
    if (text !== seen.state) yield news;
    seen.state = text;
    if (isLast(news.state)) return true;
  }
  return false;
}

/** What changes in lists, gone on with after the last event that was told. @throws PawlError */
export async function* eventsOverHttp(
  connect: (after: string | undefined) => AsyncIterable<Numbered>,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Numbered> {
  let last = after;
  let wasThere = false;
  while (!signal.aborted) {
    try {
      for await (const one of connect(last)) {
        wasThere = true;
        last = one.number;
        yield one;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!wasThere || !isAway(error)) throw error;
    }
    await pause(signal);
  }
}

const isAway = (error: unknown): boolean => error instanceof PawlError && error.code === 'unavailable';
const pause = (signal: AbortSignal) => sleep(RECONNECT_MS, undefined, { signal }).catch(() => undefined);

/** What one connection tells of a task, until it breaks. @throws PawlError */
export async function* newsOf(
  far: Far,
  id: TaskId,
  signal: AbortSignal,
  open: Open,
): AsyncGenerator<TaskNews> {
  const path = NEWS.path.replace('{id}', encodeURIComponent(id));
  for await (const { event, data } of serverSentBy(far, path, signal, open)) {
    if (event === 'output') yield known(far, Printed, data);
    else yield { type: 'state', state: known(far, TaskState, data) };
  }
}

export type ExecutionNews = StateNews<ExecutionState>;

/** What one connection tells of an execution, until it breaks. @throws PawlError */
export async function* executionNewsOf(
  far: Far,
  id: ExecutionId,
  signal: AbortSignal,
  open: Open,
): AsyncGenerator<ExecutionNews> {
  const path = FOLLOW_EXECUTION.path.replace('{id}', encodeURIComponent(id));
  for await (const { data } of serverSentBy(far, path, signal, open))
    yield { type: 'state', state: known(far, ExecutionState, data) };
}

/** What one connection tells of the feed, until it breaks. @throws PawlError */
export async function* eventsOf(
  far: Far,
  after: string | undefined,
  signal: AbortSignal,
  open: Open,
): AsyncGenerator<Numbered> {
  const query = after === undefined ? '' : `?${new URLSearchParams({ after })}`;
  for await (const { id, data } of serverSentBy(far, `${EVENTS.path}${query}`, signal, open))
    yield { number: id ?? '', event: known(far, FeedEvent, data) };
}

type Sent = Pick<EventSourceMessage, 'event' | 'id'> & { readonly data: unknown };

/** What one connection is told, until it breaks. @throws PawlError */
export async function* serverSentBy(
  far: Far,
  path: string,
  signal: AbortSignal,
  open: Open,
): AsyncGenerator<Sent> {
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
      yield { ...value, data };
    }
  } finally {
    // An error of the connection has been thrown already.
    await reader.cancel().catch(() => undefined);
  }
}
