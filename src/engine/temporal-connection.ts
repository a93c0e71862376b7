/** The engine's own connection with Temporal, which worker and client share. */
import { NativeConnection } from '@temporalio/worker';
import { PawlError } from '../domain/failures.ts';
import type { TemporalTarget } from './target.ts';

const CONNECT_MS = 10_000;

/** @throws PawlError `unavailable` when nobody answers there */
export async function connectTo(
  { address, connection }: TemporalTarget,
  msMax = CONNECT_MS,
): Promise<NativeConnection> {
  const late = new AbortController();
  const connecting = NativeConnection.connect(connection);
  const tooLate = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${msMax / 1000} s`)), msMax);
    late.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  try {
    return await Promise.race([connecting, tooLate]);
  } catch (error) {
    // One that comes after all is not used by anybody.
    void connecting.then((made) => made.close()).catch(() => undefined);
    const words = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new PawlError(
      'unavailable',
      `no Temporal answers at ${address} (${words}): start it, or correct TEMPORAL_ADDRESS or TEMPORAL_PROFILE`,
      { cause: error },
    );
  } finally {
    late.abort();
  }
}
