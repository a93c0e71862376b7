/**
 * The engine of a home for a process that outlives it: found when it is needed, and looked for again once it cannot be
 * reached, because the next one may answer elsewhere.
 */
import { PawlError } from '../../domain/failures.ts';
import { type Calls, type InputOf, type OperationName, operations } from '../../domain/operations.ts';
import { createHttpEngine } from '../http/http-engine.ts';
import type { Fetch } from '../http/own-fetch.ts';
import type { ToolEngine } from './tool.ts';

export interface Reach {
  readonly api: string;
  readonly token: string;
}

/** @param find where the engine is now; may start one. What it throws is what the caller gets */
export function createHomeEngine(find: () => Promise<Reach>, signal: AbortSignal): Required<ToolEngine> {
  let found: Promise<Calls> | undefined;
  const look = (how: { readonly fetch?: Fetch } = {}): Promise<Calls> => {
    const looked = find().then((reach) => createHttpEngine({ ...reach, ...how, signal }));
    found = looked;
    return looked;
  };
  const over = async (engine: Promise<Calls>, name: OperationName, input: InputOf<OperationName>) => {
    try {
      const calls = await engine;
      return await (calls[name] as (input: InputOf<OperationName>) => Promise<unknown>)(input);
    } catch (error) {
      // Another call may have found the next one already.
      const isGone = error instanceof PawlError && error.code === 'unavailable';
      if (isGone && found === engine) found = undefined;
      throw error;
    }
  };
  const names = Object.keys(operations) as OperationName[];
  const calls = names.map((name) => [
    name,
    (input: InputOf<typeof name>) => over(found ?? look(), name, input),
  ]);
  return {
    // One function a row: the table and the type are made from the same rows.
    ...(Object.fromEntries(calls) as Calls),
    async reconnect() {
      // Seldom needed, and most adapters are idle.
      const { createOwnFetch } = await import('../http/own-fetch.ts');
      await over(look({ fetch: createOwnFetch() }), 'vitals', {});
    },
  };
}
