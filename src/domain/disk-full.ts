/** When the home's disk has no room: an agent is stopped, and what failed for it is told as that. Pure. */
import { LIMITS } from './limits.ts';

const CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);
/** As git and other programs say it. */
const WORDS = /no space left on device|disk quota exceeded/i;

/** Whether the system said so, in an error or in one that caused it. */
export function isDiskFull(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (('code' in one && CODES.has(one.code)) || WORDS.test(one.message)) return true;
  }
  return false;
}

/** In words, where so much is too little for an agent to work. */
export const tooLittleRoom = (freeBytes: number): string | undefined =>
  freeBytes >= LIMITS.diskBytesMin
    ? undefined
    : `${megabytes(freeBytes)} are free on the disk of PAWL_HOME, and an agent works only where ${megabytes(LIMITS.diskBytesMin)} are: make room, then retry`;

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1024 ** 2)} MB`;
