/** A read that outlives a Temporal or worker that is away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PawlError } from '../domain/failures.ts';
import { grpcErrorOf } from './temporal-errors.ts';

const RECONNECT_MS = 500;

/** Repeats a read while Temporal or its worker is away; undefined once the signal aborts. */
export async function patiently<T>(signal: AbortSignal, read: () => Promise<T>): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await read();
    } catch (error) {
      // Not every call that is cancelled was so from here: Temporal tells so of a query that the worker's core has lost.
      if (signal.aborted) return undefined;
      const away =
        grpcErrorOf(error) !== undefined || (error instanceof PawlError && error.code === 'unavailable');
      if (!away) throw error;
      await sleep(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}
