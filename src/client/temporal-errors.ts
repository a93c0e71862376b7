/** What Temporal cannot do now, as an answer of Pawl's: whoever asked may ask again. */

import { isGrpcCancelledError, isGrpcDeadlineError, isGrpcServiceError } from '@temporalio/client';
import { callNamed, callsBy } from '../domain/calls.ts';
import { PawlError } from '../domain/failures.ts';
import type { Calls } from '../domain/operations.ts';

/**
 * Cancelled, deadline exceeded, resource exhausted, failed precondition, aborted, unavailable: by their numbers in gRPC.
 * No call is cancelled from here: the first is how a server that hangs is told ("Timeout expired"). The fourth is what a
 * query is told while a workflow task that died with its worker is due again.
 */
const PASSING = new Set([1, 4, 8, 9, 10, 14]);

/** Whether it has to do with now, and not with what was asked. */
export const passes = (error: unknown): boolean => PASSING.has(grpcErrorOf(error)?.code ?? 0);

/**
 * Whether nobody answered within the deadline of a call. The server sees it pass as well and calls the call off, and it does so
 * with a query that the worker's core has lost: whichever is heard first is what the call ends with.
 */
export const isUnanswered = (error: unknown): boolean =>
  isGrpcDeadlineError(error) || isGrpcCancelledError(error);

/** What the server said, where an error or one of its causes is that: the client wraps it for most of its calls. */
export function grpcErrorOf(error: unknown) {
  for (let at = error; at instanceof Error; at = at.cause) if (isGrpcServiceError(at)) return at;
  return undefined;
}

/** The same calls. @throws PawlError `unavailable` for what passes; everything else as it was thrown */
export function answeringFor(calls: Calls): Calls {
  return callsBy((name) => (input) => callNamed(calls, name)(input).catch(asAnswer));
}

function asAnswer(error: unknown): never {
  const told = grpcErrorOf(error);
  if (error instanceof PawlError || told === undefined || !PASSING.has(told.code)) throw error;
  // What is made up on this side has no details.
  const { details, message } = told;
  throw new PawlError(
    'unavailable',
    `Temporal could not do it now (${details || message}): try again in a moment`,
    {
      cause: error,
    },
  );
}
