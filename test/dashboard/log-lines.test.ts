/** A log as it grows: its bound, and a search that goes on with it. */
import { expect, it } from 'vitest';
import { LogLines, nextMatch, searchIn } from '../../src/dashboard/log/log-lines.ts';

const lines = (from: number, to: number, text = (n: number) => `line ${n}`) =>
  Array.from({ length: to - from }, (_, index) => ({
    t: '2026-01-31T12:00:00.000Z',
    attempt: 1,
    type: 'log',
    text: text(from + index),
  }));

it('numbers lines, and finds each by its number', () => {
  const log = new LogLines(100_000);
  log.append(lines(0, 2_500));
  expect([log.first, log.end]).toEqual([0, 2_500]);
  expect([0, 999, 1_000, 2_499].map((number) => log.at(number)?.text)).toEqual([
    'line 0',
    'line 999',
    'line 1000',
    'line 2499',
  ]);
  expect([-1, 2_500].map((number) => log.at(number))).toEqual([undefined, undefined]);
});

it('lets the oldest go and keeps the numbers of the others', () => {
  const log = new LogLines(3_000);
  for (let from = 0; from < 10_000; from += 7) log.append(lines(from, Math.min(from + 7, 10_000)));
  expect(log.end - log.first).toBeGreaterThanOrEqual(3_000);
  expect(log.end - log.first).toBeLessThan(4_000);
  expect(log.at(log.first)?.text).toBe(`line ${log.first}`);
  expect(log.at(log.first - 1)).toBeUndefined();
});

it('finds a text in any case, and looks at new lines only when it is asked again', () => {
  const log = new LogLines(3_000);
  log.append(lines(0, 10, (n) => (n % 2 === 0 ? 'Error: \x1b[31mno\x1b[0m' : 'fine')));
  const first = searchIn(log, 'error: no');
  expect(first.numbers).toEqual([0, 2, 4, 6, 8]);
  // Where nothing is new nothing is made anew.
  expect(searchIn(log, 'error: no', first).numbers).toBe(first.numbers);
  log.append(lines(10, 4_010, (n) => (n === 4_000 ? 'ERROR: NO' : 'fine')));
  expect(searchIn(log, 'error: no', first).numbers).toEqual([4_000]);
  expect(searchIn(log, 'fine', first).numbers.length).toBeGreaterThan(2_000);
  expect(searchIn(log, '', first).numbers).toEqual([]);
});

it.each([
  [undefined, 'next', 3],
  [undefined, 'previous', 9],
  [3, 'next', 5],
  [9, 'next', 3],
  [5, 'previous', 3],
  [3, 'previous', 9],
] as const)('steps from %s to the %s match', (from, step, to) => {
  expect(nextMatch({ query: 'a', numbers: [3, 5, 9], end: 10 }, from, step)).toBe(to);
  expect(nextMatch({ query: 'a', numbers: [], end: 10 }, from, step)).toBeUndefined();
});
