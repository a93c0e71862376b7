/** Where the end of a log begins, and what it says. Pure. */
import type { LogLine } from '../../domain/operation-schemas.ts';
import { plainText } from './ansi-parts.ts';

const TAIL_BYTES = 16 * 1024;

/** How far an attempt has printed. */
interface Grown {
  readonly attempt: number;
  readonly bytes: number;
}

/** A line that begins before it is left out. Of an unknown length it is read from its beginning. */
export const tailOffset = (grown: Grown | undefined, attempt: number): number =>
  grown?.attempt === attempt ? Math.max(0, grown.bytes - TAIL_BYTES) : 0;

/** The last that says something, in one line. */
export const lastText = (lines: readonly Pick<LogLine, 'text'>[]): string | undefined =>
  lines.map(({ text }) => plainText(text).trim()).findLast((text) => text !== '');
