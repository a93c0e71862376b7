/** Transient failures of Temporal as an answer of Pawl's, so that the caller may ask again. */

import { isGrpcCancelledError, isGrpcDeadlineError, isGrpcServiceError } from '@temporalio/client';
import { callNamed, callsBy } from '../domain/calls.ts';
import { PawlError } from '../domain/failures.ts';
import { type CallContext, KEY_HEADER } from '../domain/idempotency-key.ts';
import { type Handlers, operations } from '../domain/operations.ts';
import { perhapsTaken } from '../domain/perhaps-taken.ts';
import { GRPC_STATUS } from './grpc-status.ts';

const PASSING = new Set<number>([
  // No call is cancelled from here: it is how a server that hangs is told ("Timeout expired").
  GRPC_STATUS.CANCELLED,
  GRPC_STATUS.DEADLINE_EXCEEDED,
  GRPC_STATUS.RESOURCE_EXHAUSTED,
  // What a query is told while a workflow task that died with its worker is due again.
  GRPC_STATUS.FAILED_PRECONDITION,
  GRPC_STATUS.ABORTED,
  GRPC_STATUS.UNAVAILABLE,
]);

/** Of these nobody knows whether the server has done what was asked. */
const UNKNOWN = new Set<number>([
  GRPC_STATUS.CANCELLED,
  GRPC_STATUS.DEADLINE_EXCEEDED,
  GRPC_STATUS.UNAVAILABLE,
]);

/** Whether the failure is transient: the same call may succeed later. */
export const passes = (error: unknown): boolean => PASSING.has(grpcErrorOf(error)?.code ?? 0);

/**
 * Whether nobody answered within the deadline of a call. The server sees it pass as well and calls the call off, and it does so
 * with a query that the worker's core has lost: whichever is heard first is what the call ends with.
 */
export const isUnanswered = (error: unknown): boolean =>
  isGrpcDeadlineError(error) || isGrpcCancelledError(error);

/** An error of gRPC, as far as it is read here. */
interface GrpcError {
  readonly code: number;
  readonly details: string;
  readonly message: string;
}

/** What the server said, where an error or one of its causes is that: the client wraps it for most of its calls. */
export function grpcErrorOf(error: unknown): GrpcError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (isGrpcServiceError(at)) return at;
  return undefined;
}

/** The same calls. @throws PawlError `unavailable` for a transient failure; every other error as it was thrown */
export function answeringFor(calls: Handlers): Handlers {
  return callsBy(
    (name) => (input, context) =>
      callNamed(calls, name)(input, context).catch((error: unknown) => {
        const told = grpcErrorOf(error);
        if (error instanceof PawlError || told === undefined || !PASSING.has(told.code)) throw error;
        const isUnknown = operations[name].method !== 'GET' && UNKNOWN.has(told.code);
        throw new PawlError('unavailable', isUnknown ? unknownText(input, context) : passingText(told), {
          cause: error,
        });
      }),
  );
}

/** An error that the client itself made has no details. */
const passingText = ({ details, message }: GrpcError): string =>
  `Temporal could not do it now (${details || message}): try again in a moment`;

/** What is known again by its key, or by the id of its message, is only sent again. */
function unknownText(input: unknown, { key }: CallContext = {}): string {
  const isKnownAgain = key !== undefined || Object(input).messageId !== undefined;
  return isKnownAgain
    ? 'Temporal did not answer in time: send the same once more in a moment, and it counts once'
    : `Temporal did not answer in time: ${perhapsTaken(input)}; under an ${KEY_HEADER} it counts once, however often it is sent`;
}
