/** Conflict markers among the lines that a change adds, whoever has left them there. Pure. */
import type { Added } from './added-lines.ts';

/** In their order. Their size is an attribute of the file, and who indents a file indents them too. */
const MARKERS = [/^[ \t]*<{7,}(?: .*)?\r?$/, /^[ \t]*={7,}\r?$/, /^[ \t]*>{7,}(?: .*)?\r?$/] as const;

/** At which line of the file the first conflict begins; undefined where there is none. */
export function firstMarkerIn({ text, numbers }: Added): number | undefined {
  const [begins] = MARKERS;
  if (!text.includes('<<<<<<<')) return undefined;
  let first: number | undefined;
  let seen = 0;
  for (const [at, line] of text.split('\n').entries()) {
    if (begins.test(line)) [first, seen] = [numbers[at], 1];
    else if (MARKERS[seen]?.test(line) === true) seen += 1;
    if (seen === MARKERS.length) return first;
  }
  return undefined;
}
