/** A call is not begun for a caller who has left: it was told that nobody answers, and takes nothing as done. */
import { setImmediate as turn } from 'node:timers/promises';
import { PawlError } from '../../domain/failures.ts';

/**
 * After a process was stopped (SIGSTOP, a laptop asleep) its sockets hold requests whose callers gave up meanwhile. It reads the
 * request first, the end of the connection in the next turn of the event loop, and closes it in those after that.
 */
const TURNS = 5;

/**
 * @param left of the request: aborts when its connection closes
 * @throws PawlError `unavailable`, which nobody reads
 */
export async function unlessLeft(left: AbortSignal): Promise<void> {
  for (let passed = 0; passed < TURNS && !left.aborted; passed += 1) await turn();
  if (left.aborted) throw new PawlError('unavailable', 'the caller has left: nothing was done');
}
