/** The operations of an engine in another process, over its HTTP API: what its routes answer, as the same functions. */
import { PawlError } from '../../domain/failures.ts';
import {
  type Calls,
  type Engine,
  type InputOf,
  type OperationName,
  operations,
} from '../../domain/operations.ts';
import { createCircuitBreaker } from '../circuit-breaker.ts';
import { exchange, type Far, jsonOf, known, Unreachable } from './exchange.ts';
import { followOverHttp } from './http-follow.ts';
import { writeQuery } from './query.ts';
import { ROUTES, type Route } from './routes.ts';

/** Longer than the engine itself waits for anything; one that is silent for so long hangs. */
const ANSWER_MS_MAX = 120_000;

export interface HttpEngineOptions extends Far {
  /** Ends what is under way. */
  readonly signal?: AbortSignal;
}

/**
 * @returns functions that throw PawlErrors with the code, message and details that the engine threw, or `unavailable` where
 * it cannot be reached; after three of those in a row at once, until a probe finds it back
 */
export function createHttpEngine({ signal, ...far }: HttpEngineOptions): Engine {
  const breaker = createCircuitBreaker({ outcomeOf, refusal: (waitMs) => notYet(far, waitMs) });
  const until = (own: AbortSignal): AbortSignal =>
    signal === undefined ? own : AbortSignal.any([signal, own]);
  const calls = ROUTES.map((route) => [
    route.name,
    (input: InputOf<OperationName>) =>
      breaker.run(() => inTime((limit) => callFar(far, route, input, until(limit)))),
  ]);
  return {
    // One function a row: the table and the type are made from the same rows.
    ...(Object.fromEntries(calls) as Calls),
    follow: (id, own) => followOverHttp(far, id, until(own), (open) => breaker.run(open)),
  };
}

async function callFar(far: Far, route: Route, input: object, signal: AbortSignal): Promise<unknown> {
  const { name, method, inPath } = route;
  const values: Record<string, unknown> = { ...input };
  const others = Object.entries(values).filter(([field]) => !inPath.includes(field));
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, field) => encodeURIComponent(String(values[field])));
  const rest = Object.fromEntries(others);
  const ask =
    method === 'GET'
      ? { path: `${path}?${writeQuery(rest)}` }
      : { path, ...(others.length > 0 && { body: rest }) };
  const answer = await exchange(far, { method, signal, ...ask });
  return known(far, operations[name].output, await jsonOf(far, answer, signal));
}

async function inTime<T>(act: (limit: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const late = () => limit.abort(new DOMException('no answer in time', 'TimeoutError'));
  const timer = setTimeout(late, ANSWER_MS_MAX);
  return act(limit.signal).finally(() => clearTimeout(timer));
}

function outcomeOf(error: unknown) {
  if (error instanceof Unreachable) return 'unreachable';
  return error instanceof PawlError ? 'answered' : 'given_up';
}

function notYet({ api }: Far, waitMs: number): PawlError {
  const retryAfterMs = Math.ceil(waitMs);
  return new PawlError(
    'unavailable',
    `the engine at ${api} could not be reached several times: asked again in ${(retryAfterMs / 1000).toFixed(1)} s; is it up? (\`pawl up -d\` starts it)`,
    { details: { retryAfterMs } },
  );
}
