/** The table of rows, against a model that sorts and walks over all of them at each read. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRowTable } from '../../src/client/row-table.ts';

interface Row {
  readonly id: string;
  readonly startedAt: number;
  readonly names: readonly string[];
}

const order = (one: Row, other: Row): number =>
  one.startedAt - other.startedAt || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
const namesIn = ({ names }: Row) => names;

const ids = fc.constantFrom<string>('a', 'b', 'c', 'd', 'e');
const rows = fc.record({
  id: ids,
  startedAt: fc.nat({ max: 3 }),
  names: fc.subarray(['x', 'y', 'z']),
});
const acts = fc.array(
  fc.oneof(
    fc.record({ act: fc.constant('set' as const), row: rows }),
    fc.record({ act: fc.constant('delete' as const), id: ids }),
    fc.record({ act: fc.constant('read' as const) }),
  ),
  { maxLength: 30 },
);

it('has what was set last under each id, in order, and those that name any of some', () => {
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 5 }), acts, (first, then) => {
      const model = new Map(first.map((row) => [row.id, row]));
      const table = createRowTable<Row>({ order, namesIn }, first);
      const compare = () => {
        const inOrder = [...model.values()].sort(order);
        expect(table.inOrder()).toEqual(inOrder);
        for (const names of [[], ['x'], ['y', 'x', 'y']]) {
          const named = inOrder.filter((row) => row.names.some((name) => names.includes(name)));
          expect([...table.naming(names)].sort(order)).toEqual(named);
        }
        for (const id of ['a', 'e']) expect(table.get(id)).toEqual(model.get(id));
      };
      for (const one of then) {
        if (one.act === 'set') {
          model.set(one.row.id, one.row);
          table.set(one.row);
        } else if (one.act === 'delete') {
          expect(table.delete(one.id)).toBe(model.delete(one.id));
        } else compare();
      }
      compare();
    }),
    { numRuns: 500 },
  );
});

it('compares each row with its neighbours only while they come and change in order', () => {
  let compared = 0;
  const counting = (one: Row, other: Row) => {
    compared += 1;
    return order(one, other);
  };
  const table = createRowTable<Row>({ order: counting, namesIn });
  for (let at = 0; at < 1_000; at += 1) table.set({ id: `t${at}`, startedAt: at, names: [] });
  for (let at = 0; at < 1_000; at += 1) table.set({ id: `t${at}`, startedAt: at, names: ['x'] });
  expect(table.inOrder()).toHaveLength(1_000);
  expect(compared).toBeLessThanOrEqual(2_000);
});
