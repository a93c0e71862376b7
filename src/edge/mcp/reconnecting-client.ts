/**
 * The engine of a home for a process that outlives it: found when it is needed, and looked for again once it cannot be
 * reached, because the next one may answer elsewhere.
 */
import { callNamed, callsBy } from '../../domain/calls.ts';
import { PawlError } from '../../domain/failures.ts';
import type { Calls, InputOf, OperationName } from '../../domain/operations.ts';
import { createApiClient } from '../http/api-client.ts';
import type { Fetch } from '../http/pooled-fetch.ts';
import type { ReconnectableCalls } from './tool.ts';

export interface Reach {
  readonly api: string;
  readonly token: string;
  /** Which process answers there: the next one may do so at the same address. */
  readonly pid: number;
  readonly startedAt: string;
}

/** @param find where the engine is now; may start one. What it throws is what the caller gets */
export function createReconnectingClient(
  find: () => Promise<Reach>,
  signal: AbortSignal,
): Required<ReconnectableCalls> {
  let found: Promise<Calls> | undefined;
  let last: { readonly reach: Reach; readonly calls: Calls } | undefined;
  const engineAt = (reach: Reach, fetch: Fetch | undefined): Calls => {
    // One that lives and does not answer is the same one with the same failures: its circuit breaker goes on counting.
    if (fetch === undefined && last !== undefined && isSame(last.reach, reach)) return last.calls;
    const { api, token } = reach;
    last = { reach, calls: createApiClient({ api, token, signal, ...(fetch && { fetch }) }) };
    return last.calls;
  };
  const look = (fetch?: Fetch): Promise<Calls> => {
    const looked = find().then((reach) => engineAt(reach, fetch));
    found = looked;
    // Whoever waits for it is told; the next call looks again.
    looked.catch(() => {
      if (found === looked) found = undefined;
    });
    return looked;
  };
  const over = async (engine: Promise<Calls>, name: OperationName, input: InputOf<OperationName>) => {
    try {
      const calls = await engine;
      return await callNamed(calls, name)(input);
    } catch (error) {
      // Another call may have found the next one already.
      const isGone = error instanceof PawlError && error.code === 'unavailable';
      if (isGone && found === engine) found = undefined;
      throw error;
    }
  };
  return {
    ...callsBy((name) => (input) => over(found ?? look(), name, input)),
    async reconnect() {
      // Seldom needed, and most adapters are idle.
      const { createPooledFetch } = await import('../http/pooled-fetch.ts');
      await over(look(createPooledFetch()), 'vitals', {});
    },
  };
}

const isSame = (one: Reach, other: Reach): boolean =>
  one.api === other.api &&
  one.token === other.token &&
  one.pid === other.pid &&
  one.startedAt === other.startedAt;
