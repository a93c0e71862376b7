/** What Temporal cannot do now, as an answer of Pawl's: whoever asked may ask again. */

import { isGrpcServiceError } from '@temporalio/client';
import { PawlError } from '../domain/failures.ts';
import { type Calls, type InputOf, type OperationName, operations } from '../domain/operations.ts';

/** Deadline exceeded, resource exhausted, aborted, unavailable: by their numbers in gRPC. */
const PASSING = new Set([4, 8, 10, 14]);

/** The same calls. @throws PawlError `unavailable` for what passes; everything else as it was thrown */
export function answeringFor(calls: Calls): Calls {
  const names = Object.keys(operations) as OperationName[];
  const answering = names.map((name) => {
    const call = calls[name] as (input: InputOf<OperationName>) => Promise<unknown>;
    return [name, (input: InputOf<OperationName>) => call(input).catch(asAnswer)];
  });
  // One function a row: the table and the type are made from the same rows.
  return Object.fromEntries(answering) as Calls;
}

function asAnswer(error: unknown): never {
  if (!isGrpcServiceError(error) || !PASSING.has(error.code)) throw error;
  throw new PawlError(
    'unavailable',
    `Temporal could not do it now (${error.details}): try again in a moment`,
    {
      cause: error,
    },
  );
}
