/** The lines of a change as a table shows them: one under the other, or before and after side by side. Pure. */
import { diffWordsWithSpace } from 'diff';
import type { Hunk } from './patch-files.ts';

export interface DiffLine {
  readonly is: 'same' | 'removed' | 'added' | 'note';
  readonly before?: number;
  readonly after?: number;
  readonly text: string;
  /** What stood in its place, or stands there now: the words that differ are marked. */
  readonly other?: string;
}

/** Side by side; a side is empty where the other has more lines. */
export interface LinePair {
  readonly left?: DiffLine;
  readonly right?: DiffLine;
}

export function linesOf({ lines, oldStart, newStart }: Hunk): readonly DiffLine[] {
  let [before, after] = [oldStart, newStart];
  const read = lines.map((line): DiffLine => {
    const text = line.slice(1);
    if (line.startsWith('-')) return { is: 'removed', before: before++, text };
    if (line.startsWith('+')) return { is: 'added', after: after++, text };
    if (line.startsWith('\\')) return { is: 'note', text: text.trim() };
    return { is: 'same', before: before++, after: after++, text };
  });
  return runsIn(read).flatMap(withOthers);
}

/** Lines that are the same, or those removed and then added in one place. */
function runsIn(lines: readonly DiffLine[]): readonly (readonly DiffLine[])[] {
  const runs: DiffLine[][] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const goesOn = last !== undefined && isChange(last) === isChange(line);
    // What is removed after something was added is another place.
    const isNew = line.is === 'removed' && run?.some(({ is }) => is === 'added') === true;
    if (run !== undefined && goesOn && !isNew) run.push(line);
    else runs.push([line]);
  }
  return runs;
}

/** A note is about the line before it. */
const isChange = ({ is }: DiffLine): boolean => is !== 'same';

function withOthers(run: readonly DiffLine[]): readonly DiffLine[] {
  const removed = run.filter(({ is }) => is === 'removed');
  const added = run.filter(({ is }) => is === 'added');
  const other = (line: DiffLine): DiffLine | undefined => {
    if (line.is === 'removed') return added[removed.indexOf(line)];
    return line.is === 'added' ? removed[added.indexOf(line)] : undefined;
  };
  // Beyond this the lines in one place are hardly pairs, and looking for them takes as long as all the rest.
  if (run.length > PAIRED_MAX || removed.length === 0 || added.length === 0) return run;
  return run.map((line) => {
    const found = other(line);
    return found === undefined ? line : { ...line, other: found.text };
  });
}

const PAIRED_MAX = 400;

export function pairsOf(lines: readonly DiffLine[]): readonly LinePair[] {
  return runsIn(lines).flatMap((run): readonly LinePair[] => {
    if (!run.some(isChange)) return run.map((line) => ({ left: line, right: line }));
    const [left, right]: [DiffLine[], DiffLine[]] = [[], []];
    for (const [at, line] of run.entries()) {
      const side = line.is === 'note' ? run[at - 1] : line;
      (side?.is === 'removed' ? left : right).push(line);
    }
    return Array.from({ length: Math.max(left.length, right.length) }, (_, at): LinePair => {
      const [one, two] = [left[at], right[at]];
      return { ...(one !== undefined && { left: one }), ...(two !== undefined && { right: two }) };
    });
  });
}

export interface Word {
  readonly text: string;
  readonly isChanged: boolean;
}

/** Longer lines are not written by people. */
const WORDS_CHARS_MAX = 1_000;
/** Of two lines that share less than this part of them, everything would be marked. */
const SHARED_MIN = 0.3;

/** The words of a line, those marked that are not in the line in whose place it is. */
export function wordsOf({ is, text, other }: DiffLine): readonly Word[] {
  const whole = [{ text, isChanged: false }];
  if (other === undefined || Math.max(text.length, other.length) > WORDS_CHARS_MAX) return whole;
  const [before, after] = is === 'removed' ? [text, other] : [other, text];
  const changes = diffWordsWithSpace(before, after, { maxEditLength: 200 });
  if (changes === undefined) return whole;
  const shared = changes
    .filter(({ added, removed }) => !added && !removed)
    .reduce((sum, { value }) => sum + value.trim().length, 0);
  if (shared < SHARED_MIN * Math.max(text.trim().length, other.trim().length)) return whole;
  return changes
    .filter(({ added, removed }) => (is === 'removed' ? !added : !removed))
    .map(({ value, added, removed }) => ({ text: value, isChanged: added || removed }));
}
