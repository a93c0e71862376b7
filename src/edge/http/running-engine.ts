/** The port is bound before Temporal runs: for a moment there is nobody who answers. */
import { PawlError } from '../../domain/failures.ts';

/** @param part the engine, or what it answers from. @throws PawlError `unavailable` while there is none */
export function running<T>(part: () => T | undefined): T {
  const now = part();
  if (now === undefined) throw new PawlError('unavailable', 'the engine is starting: try again in a moment');
  return now;
}
