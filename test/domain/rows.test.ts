/** Which rows a list has where it is asked for some by name, and from which end it begins. */
import { expect, it } from 'vitest';
import { RowFilter, selectRows, TaskRow } from '../../src/domain/rows.ts';

const row = (id: string, minute: number, archived = false): TaskRow => {
  const startedAt = new Date(Date.UTC(2026, 0, 2, 3, minute)).toISOString();
  return TaskRow.parse({
    id,
    title: `Do ${id}`,
    status: 'pending',
    kind: 'client_driven',
    startedAt,
    ...(archived ? { archivedAt: startedAt } : {}),
  });
};
const ROWS = [row('b', 2), row('a', 1), row('c', 3), row('d', 4, true)];

it.each([
  [{ id: ['a', 'c'] }, ['c', 'a'], 2],
  [{ id: ['nobody', 'b'] }, ['b'], 1],
  [{ id: [] }, ['c', 'b', 'a'], 3],
  [{ id: ['d'] }, [], 0],
  [{ id: ['d'], archived: true }, ['d'], 1],
  [{ order: 'oldest' }, ['a', 'b', 'c'], 3],
  [{ order: 'oldest', limit: 1, offset: 1 }, ['b'], 3],
  [{ order: 'newest', limit: 1 }, ['c'], 3],
])('%j selects %j', (filter, ids, total) => {
  const found = selectRows(ROWS, RowFilter.parse(filter));
  expect({ ids: found.tasks.map(({ id }) => id), total: found.total }).toEqual({ ids, total });
});
