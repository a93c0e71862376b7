/**
 * The engine of a home for a process that outlives it: found when it is needed, and looked for again once it cannot be
 * reached, because the next one may answer elsewhere.
 */
import { PawlError } from '../../domain/failures.ts';
import { type Calls, type InputOf, type OperationName, operations } from '../../domain/operations.ts';
import { createHttpEngine } from '../http/http-engine.ts';

export interface Reach {
  readonly api: string;
  readonly token: string;
}

/** @param find where the engine is now; may start one. What it throws is what the caller gets */
export function createHomeEngine(find: () => Promise<Reach>, signal: AbortSignal): Calls {
  let found: Promise<Calls> | undefined;
  const engine = () => {
    found ??= find().then((reach) => createHttpEngine({ ...reach, signal }));
    return found;
  };
  const call = async (name: OperationName, input: InputOf<OperationName>): Promise<unknown> => {
    try {
      const calls = await engine();
      return await (calls[name] as (input: InputOf<OperationName>) => Promise<unknown>)(input);
    } catch (error) {
      if (error instanceof PawlError && error.code === 'unavailable') found = undefined;
      throw error;
    }
  };
  const names = Object.keys(operations) as OperationName[];
  // One function a row: the table and the type are made from the same rows.
  return Object.fromEntries(
    names.map((name) => [name, (input: InputOf<typeof name>) => call(name, input)]),
  ) as Calls;
}
