/** The folder in which this process was started. */
import { PawlError } from './domain/failures.ts';

/** @throws PawlError `precondition` where it was removed, of which Node makes an error of its own */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new PawlError('precondition', 'the folder you are in was removed: change to another one', {
      cause: error,
    });
  }
}
