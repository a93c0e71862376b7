/** Lines of a file that are conflict markers, whoever has put them there and whatever they are called. Pure. */

/** One side of a conflict begins or ends, what both began from begins, the other side begins. The last has no label. */
const MARKER = /^[ \t]*(?:(<+|>+|\|+)(?:[ \t].*)?|(=+)[ \t]*)$/;

/** How often each such line occurs, without indentation and line end. @param sizes that markers may have in this file */
export function markerLines(text: string, sizes: readonly number[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const least = Math.min(...sizes);
  for (const line of text.split(/\r?\n/)) {
    const [, labelled = '', { length: separates } = ''] = MARKER.exec(line) ?? [];
    // Those of a conflict in a conflict are longer, and a line of a table may be.
    const isOne = /^[<>]/.test(labelled) ? labelled.length >= least : sizes.includes(labelled.length);
    if (!isOne && !sizes.includes(separates)) continue;
    const marker = line.trim();
    found.set(marker, (found.get(marker) ?? 0) + 1);
  }
  return found;
}

/** A file in conflict, as it was and is. Where it is not there, its text is empty. */
export interface InConflict {
  readonly ours: string;
  readonly theirs: string;
  /** What both began from. */
  readonly past: string;
  /** With the markers of the merge. */
  readonly given: string;
  readonly now: string;
  /** With which the markers of the merge end. */
  readonly names: readonly string[];
  /** Those that attributes give to the markers in the file. */
  readonly sizes: readonly number[];
}

/** Whether the file has a marker that no side of the merge had, and merging them did not bring: the conflict is not solved. */
export function isLeft({ ours, theirs, past, given, now, names, sizes: said }: InConflict): boolean {
  const own = new RegExp(`^([<>])+ (?:${names.join('|')})$`);
  const sizes = [...new Set([...said, ...sizesIn(given, own)])];
  const [inOurs, inTheirs, inPast, inGiven] = [ours, theirs, past, given].map((text) =>
    markerLines(text, sizes),
  );
  const conflicts = [...(inGiven ?? [])].filter(([line]) => own.test(line) && line.startsWith('<'));
  const separators = conflicts.reduce((sum, [, times]) => sum + times, 0);
  return [...markerLines(now, sizes)].some(([line, times]) => {
    const [o = 0, t = 0, p = 0, g = 0] = [inOurs, inTheirs, inPast, inGiven].map(
      (one) => one?.get(line) ?? 0,
    );
    const ofMerge = own.test(line) ? g : line.startsWith('=') ? separators : 0;
    return times > Math.max(o, t, p, o + t - p, g - ofMerge);
  });
}

/** Whether another file has got a conflict out of this one: not only markers, but a line that stood between those of the merge. */
export function holdsConflict({ given, now, names }: InConflict): boolean {
  const own = new RegExp(`^[<>]+ (?:${names.join('|')})$`);
  const inConflict = new Set<string>();
  let isInside = false;
  for (const line of given.split(/\r?\n/)) {
    if (own.test(line)) isInside = line.startsWith('<');
    else if (isInside && line.trim() !== '' && !MARKER.test(line)) inConflict.add(line.trim());
  }
  return now.split(/\r?\n/).some((line) => inConflict.has(line.trim()));
}

/** Of the markers that the merge has put there. */
const sizesIn = (given: string, own: RegExp): number[] =>
  given.split(/\r?\n/).flatMap((line) => (own.test(line) ? [line.indexOf(' ')] : []));
