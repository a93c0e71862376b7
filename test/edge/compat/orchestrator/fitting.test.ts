/** Lists that fit into one answer. */
import { expect, it } from 'vitest';
import { fitting } from '../../../../src/edge/compat/orchestrator/fitting.ts';

const entry = (id: string, length: number, children?: object[]) => ({
  id,
  description: '語'.repeat(length),
  ...(children === undefined ? {} : { children }),
});
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

it('lists all that fit', () => {
  const entries = [entry('a', 10), entry('b', 10), entry('c', 10)];
  expect(fitting(entries)).toEqual(entries);
  expect(fitting([])).toEqual([]);
});

it('lists the first of those that do not fit together, by their bytes', () => {
  const entries = Array.from({ length: 10 }, (_, at) => entry(String(at), 100));
  const listed = fitting(entries, 1_000);
  expect(listed).toEqual(entries.slice(0, 3));
  expect(bytesOf(listed)).toBeLessThan(1_010);
});

it('lists one, with as many parts as there is room for, and says how many are left out', () => {
  const parts = Array.from({ length: 10 }, (_, at) => entry(`part-${at}`, 100, []));
  const listed = fitting([entry('whole', 100, parts), entry('other', 1)], 2_000);
  expect(listed).toMatchObject([{ id: 'whole', children_left_out: 6 }]);
  expect(listed[0]?.children).toEqual(parts.slice(0, 4));
  // There is always one, and always an end.
  expect(fitting([entry('long', 1_000)], 100)).toHaveLength(1);
});
