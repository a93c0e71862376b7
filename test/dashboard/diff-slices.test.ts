/** The lines of a long file in slices. */
import { expect, it } from 'vitest';
import type { DiffLine } from '../../src/dashboard/diff/diff-lines.ts';
import { atOnce, SLICE, slicesOf } from '../../src/dashboard/diff/diff-slices.ts';

const lines = (is: DiffLine['is'], count: number): DiffLine[] =>
  Array.from({ length: count }, (_, at) => ({ is, text: `${at}`, before: at, after: at }) as DiffLine);

it.each<[string, DiffLine[], number[]]>([
  ['nothing', [], []],
  ['a few lines', lines('same', 3), [3]],
  ['many lines', lines('same', 2 * SLICE + 1), [SLICE, SLICE, 1]],
  [
    'a change at the cut',
    [...lines('same', SLICE - 1), ...lines('removed', 2), ...lines('added', 5), ...lines('same', 9)],
    [SLICE + 6, 9],
  ],
  ['a change without an end', lines('removed', 3 * SLICE), [2 * SLICE, SLICE]],
  ['a new file', lines('added', 2 * SLICE + 1), [SLICE, SLICE, 1]],
])('%s', (_, all, expected) => {
  const slices = slicesOf(all);
  expect(slices.map(({ length }) => length)).toEqual(expected);
  expect(slices.flat()).toEqual(all);
});

it.each([
  [[], 0],
  [[3, 5, SLICE - 8], 3],
  [[SLICE - 1, 2, 7], 1],
  [[2 * SLICE, 7], 1],
])('of slices of %j lines shows the first %i', (lengths, count) => {
  expect(atOnce(lengths)).toBe(count);
});
