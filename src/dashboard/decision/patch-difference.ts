/** What has become of a change since one looked at it: the difference of two patches, without what only moved. Pure. */
import { diffArrays } from 'diff';
import type { PatchFile } from '../diff/patch-files.ts';

export interface FileDifference {
  readonly path: string;
  /** `new` and `gone`: the change touches it now, or does not any more. */
  readonly is: 'new' | 'gone' | 'changed';
  readonly lines: readonly DifferenceLine[];
}
export interface DifferenceLine {
  /** `before` and `now`: only the older or the newer patch has the line. */
  readonly is: 'same' | 'before' | 'now' | 'left out';
  /** With the patch's own mark, so that an addition that is gone is told from a removal that came. */
  readonly text: string;
}

/** More edits than this take seconds, and nobody reads them. */
const EDITS_MAX = 3_000;
const AROUND = 3;

export function patchDifference(
  before: readonly PatchFile[],
  now: readonly PatchFile[],
): readonly FileDifference[] {
  const [old, young] = [byPath(before), byPath(now)];
  const paths = [...new Set([...old.keys(), ...young.keys()])];
  return paths.flatMap((path): readonly FileDifference[] => {
    const [one, other] = [old.get(path), young.get(path)];
    if (one === undefined) return [{ path, is: 'new', lines: all('now', other) }];
    if (other === undefined) return [{ path, is: 'gone', lines: all('before', one) }];
    const [left, right] = [bodyOf(one), bodyOf(other)];
    if (left.join('\n') === right.join('\n')) return [];
    return [{ path, is: 'changed', lines: shortened(linesBetween(left, right)) }];
  });
}

const byPath = (files: readonly PatchFile[]) => new Map(files.map((file) => [file.path, file]));

/** Without the numbers of lines: what stands elsewhere in the file by now is the same change. */
const bodyOf = ({ is, modes, hunks, raw, bytes, binary }: PatchFile): readonly string[] => [
  ` ${[is, ...modes, ...(binary ? [`no text, ${bytes ?? '?'} bytes`] : [])].join(', ')}`,
  ...hunks.flatMap(({ lines }) => lines),
  ...(raw === undefined ? [] : raw.split('\n').map((line) => ` ${line}`)),
];

const all = (is: 'before' | 'now', file: PatchFile | undefined): readonly DifferenceLine[] =>
  file === undefined ? [] : bodyOf(file).map((text) => ({ is, text }));

function linesBetween(left: readonly string[], right: readonly string[]): readonly DifferenceLine[] {
  const changes = diffArrays([...left], [...right], { maxEditLength: EDITS_MAX });
  if (changes === undefined) {
    return [
      ...left.map((text) => ({ is: 'before', text }) as const),
      ...right.map((text) => ({ is: 'now', text }) as const),
    ];
  }
  return changes.flatMap(({ value, added, removed }) =>
    value.map((text) => ({ is: added ? 'now' : removed ? 'before' : 'same', text }) as const),
  );
}

/** A few lines around what differs; how many are left out between. */
function shortened(lines: readonly DifferenceLine[]): readonly DifferenceLine[] {
  const near = lines.map(() => false);
  for (const [at, { is }] of lines.entries()) {
    if (is === 'same') continue;
    for (let by = -AROUND; by <= AROUND; by += 1) if (at + by in near) near[at + by] = true;
  }
  const short: DifferenceLine[] = [];
  let leftOut = 0;
  const told = () => {
    if (leftOut > 0) short.push({ is: 'left out', text: `${leftOut} lines are the same` });
    leftOut = 0;
  };
  for (const [at, line] of lines.entries()) {
    if (near[at] !== true) {
      leftOut += 1;
      continue;
    }
    told();
    short.push(line);
  }
  told();
  return short;
}
