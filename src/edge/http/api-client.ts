/** The operations of an engine in another process, over its HTTP API: what its door takes and answers, as the same functions. */
import { callsBy } from '../../domain/calls.ts';
import type { Numbered, TaskNews } from '../../domain/events.ts';
import { PawlError } from '../../domain/failures.ts';
import { type CallContext, KEY_HEADER, readHeader, SESSION_HEADER } from '../../domain/idempotency-key.ts';
import type { ExecutionId, TaskId } from '../../domain/ids.ts';
import { type EngineClient, type OperationName, operations } from '../../domain/operations.ts';
import { perhapsTaken } from '../../domain/perhaps-taken.ts';
import { createCircuitBreaker } from '../circuit-breaker.ts';
import {
  type Ask,
  exchange,
  type Far,
  isBroken,
  isItUp,
  isTimeout,
  jsonOf,
  known,
  look,
  mayBeTaken,
  remedyOf,
  Unreachable,
  unlessGivenUp,
} from './exchange.ts';
import { withVersion } from './other-version.ts';
import { requestOf } from './request-of.ts';
import { ROUTE_OF } from './routes.ts';
import {
  type ExecutionNews,
  eventsOf,
  eventsOverHttp,
  executionNewsOf,
  executionStatesOverHttp,
  newsOf,
  newsOverHttp,
  type Open,
} from './stream-client.ts';

/** Timeouts of calls. A call may take long; while it does, the engine has to answer its health check. */
const PATIENCE = {
  /** Longer than the engine itself waits for anything; one that is silent for so long hangs. */
  answerMsMax: 120_000,
  lookEveryMs: 10_000,
  healthMsMax: 5_000,
};

export interface ApiClient extends EngineClient {
  /** As `news`, over one connection: it ends, or throws, where that does. */
  newsOnce(id: TaskId, signal: AbortSignal): AsyncIterable<TaskNews>;
  /** As `executionStates`, in the same way. */
  executionNewsOnce(id: ExecutionId, signal: AbortSignal): AsyncIterable<ExecutionNews>;
  /** As `events`, in the same way. */
  eventsOnce(after: string | undefined, signal: AbortSignal): AsyncIterable<Numbered>;
  /** The text that answers a request which is no operation. @throws PawlError as operations do */
  ask(ask: Ask): Promise<string>;
  /** Sees whether anything answers there at all, without a token. @throws PawlError `unavailable` */
  isThere(): Promise<void>;
}

export interface ApiClientOptions extends Far {
  /** Ends what is under way. */
  readonly signal?: AbortSignal;
  /** Shorter, for tests. */
  readonly patience?: typeof PATIENCE;
}

/**
 * @returns functions that throw PawlErrors with the code, message and details that the engine threw, or `unavailable` where
 * it cannot be reached; after three of those in a row, or one that was silent, at once, until a probe finds it back
 */
export function createApiClient({ signal, patience = PATIENCE, ...far }: ApiClientOptions): ApiClient {
  // A `fetch` of one's own is for answers that end.
  const { fetch: _, ...streams } = far;
  const { inTime, lookOnce } = createWatch(far, patience);
  const breaker = createCircuitBreaker({
    outcomeOf,
    refusal: (waitMs) => notYet(far, waitMs),
    probe: lookOnce,
  });
  const until = (own: AbortSignal): AbortSignal =>
    signal === undefined ? own : AbortSignal.any([signal, own]);
  const calls = callsBy((name) => {
    const route = ROUTE_OF[name];
    return async (input, context) => {
      const request = { ...requestOf(route, input), headers: headersOf(context) };
      return breaker.run(() => inTime((limit) => callFar(far, { name, input }, request, until(limit))));
    };
  });
  const open: Open = (act) => breaker.run(() => inTime(act));
  const newsOnce = (id: TaskId, own: AbortSignal) => newsOf(streams, id, until(own), open);
  const executionNewsOnce = (id: ExecutionId, own: AbortSignal) =>
    executionNewsOf(streams, id, until(own), open);
  const eventsOnce = (after: string | undefined, own: AbortSignal) =>
    eventsOf(streams, after, until(own), open);
  return {
    ...calls,
    newsOnce,
    executionNewsOnce,
    eventsOnce,
    news: (id, own, onAway) => newsOverHttp(() => newsOnce(id, own), until(own), onAway),
    executionStates: (id, own, onAway) =>
      executionStatesOverHttp(() => executionNewsOnce(id, own), until(own), onAway),
    events: (after, own) => eventsOverHttp((last) => eventsOnce(last, own), after, until(own)),
    isThere: lookOnce,
    ask: ({ signal: own, ...request }) =>
      breaker.run(() =>
        inTime(async (limit) => {
          const all = AbortSignal.any([until(limit), own]);
          const answer = await exchange(far, { ...request, signal: all });
          return unlessGivenUp(far, all, () => answer.text());
        }),
      ),
  };
}

/** @throws PawlError `invalid_input` for what no header can carry */
function headersOf({ key, session }: CallContext = {}): Record<string, string> {
  const headers = {
    [KEY_HEADER]: readHeader(KEY_HEADER, key),
    [SESSION_HEADER]: readHeader(SESSION_HEADER, session),
  };
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  );
}

async function callFar(
  far: Far,
  { name, input }: Called,
  request: Omit<Ask, 'signal'>,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    const answer = await exchange(far, { ...request, signal });
    return known(far, operations[name].output, await jsonOf(far, answer, signal));
  } catch (error) {
    const told = error instanceof Unreachable ? orTaken(far, { name, input }, error) : error;
    throw await withVersion(far, { name, method: request.method, error: told });
  }
}

interface Called {
  readonly name: OperationName;
  readonly input: unknown;
}

/** What changes something may have done so, though its answer was lost: who asked can look. */
function orTaken(far: Far, { name, input }: Called, error: Unreachable): Unreachable {
  if (operations[name].method === 'GET' || !mayBeTaken(error)) return error;
  const { cause } = error;
  const taken = perhapsTaken(input);
  return isBroken(cause)
    ? new Unreachable(
        `the connection to the engine at ${far.api} broke before it answered: ${taken}; ${isItUp(far)}`,
        { cause },
      )
    : new Unreachable(`${error.message}; ${taken}`, { cause });
}

function createWatch(far: Far, { answerMsMax, lookEveryMs, healthMsMax }: typeof PATIENCE) {
  let looking: Promise<void> | undefined;
  /** Calls that wait at the same time share one. */
  const lookOnce = (): Promise<void> => {
    looking ??= look(far, AbortSignal.timeout(healthMsMax)).finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const inTime = async <T>(act: (limit: AbortSignal) => Promise<T>): Promise<T> => {
    const limit = new AbortController();
    const giveUp = () => limit.abort(new DOMException('no answer in time', 'TimeoutError'));
    const timers = [
      setTimeout(giveUp, answerMsMax),
      setInterval(() => void lookOnce().catch(giveUp), lookEveryMs),
    ];
    return act(limit.signal).finally(() => timers.forEach(clearTimeout));
  };
  return { inTime, lookOnce };
}

function outcomeOf(error: unknown) {
  if (error instanceof Unreachable) return isTimeout(error.cause) ? 'silent' : 'unreachable';
  return error instanceof PawlError ? 'answered' : 'given_up';
}

function notYet(far: Far, waitMs: number): PawlError {
  const retryAfterMs = Math.ceil(waitMs);
  return new PawlError(
    'unavailable',
    `the engine at ${far.api} does not answer: asked again in ${(retryAfterMs / 1000).toFixed(1)} s; ${remedyOf(far)}`,
    { details: { retryAfterMs } },
  );
}
