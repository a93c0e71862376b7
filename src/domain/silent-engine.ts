/** What is said of an engine that holds its home, so that no other one can start, and answers nothing. */
import { PawlError } from './failures.ts';

export const REVIVAL = '`pawl down` ends it, then `pawl up -d` starts it again';

export const silentEngine = (pid: number): PawlError =>
  new PawlError('unavailable', `the engine (pid ${pid}) holds this home and does not answer: ${REVIVAL}`);
