/** Lines of a file in slices that are drawn one after the other: more at once would keep the page from answering. Pure. */
import type { DiffLine } from './diff-lines.ts';

/** About as many lines are drawn at once. */
export const SLICE = 400;

/** Each of SLICE lines, or of more where pairs would be cut, which stand side by side. Never of twice as many. */
export function slicesOf(lines: readonly DiffLine[]): readonly (readonly DiffLine[])[] {
  const slices: (readonly DiffLine[])[] = [];
  let from = 0;
  let hasRemoved = false;
  for (const [at, { is }] of lines.entries()) {
    if (is !== 'added') hasRemoved = is === 'removed' || (is === 'note' && hasRemoved);
    const mayCut = !hasRemoved || at - from >= 2 * SLICE;
    if (at - from < SLICE || !mayCut) continue;
    slices.push(lines.slice(from, at));
    from = at;
  }
  return from < lines.length ? [...slices, lines.slice(from)] : slices;
}

/** How many of the first slices are drawn at once: together no more lines than SLICE, and one slice at least. */
export function atOnce(lengths: readonly number[]): number {
  let lines = 0;
  const beyond = lengths.findIndex((length) => {
    lines += length;
    return lines > SLICE;
  });
  return beyond === -1 ? lengths.length : Math.max(1, beyond);
}
