/** Which rows a list has where it is asked for some by name, and from which end it begins. */
import { expect, it } from 'vitest';
import { RowFilter, rowOfState, selectRows, TaskRow } from '../../src/domain/rows.ts';
import { approval, attempt, check, state } from '../edge/cli/states.ts';

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

it('tells which agent a task has, and how long people have let its gates wait', () => {
  const at = (second: number) => `2026-01-02T03:04:${String(second).padStart(2, '0')}.000Z`;
  const waited = { openedAt: at(0), decidedAt: at(20) };
  const gates = [
    check({ openedAt: at(0), decidedAt: at(9) }),
    approval({ ...waited, status: 'rejected' }),
    approval({ ...waited, status: 'stale' }),
    approval({ ...waited, status: 'approved', carriedFrom: 'approval-1' }),
    approval({ openedAt: at(30), decidedAt: at(40), status: 'approved' }),
    approval({ openedAt: at(50) }),
  ];
  expect(rowOfState(state({ gates }), at(0))).toMatchObject({
    agent: 'command',
    waited: { gates: 2, ms: 30_000 },
  });
  expect(rowOfState(state(), at(0))).not.toHaveProperty('waited', expect.anything());
});

it('tells which agent worked last: not the one that was chosen first, and nobody who changed something by hand', () => {
  const attempts = [
    attempt({ agent: 'claude', outcome: 'failed' }),
    attempt({ number: 2, reason: 'reassign', agent: 'codex' }),
    attempt({ number: 3, reason: 'by_hand', agent: 'Ann' }),
  ];
  const agentOf = (parts: Parameters<typeof state>[0]) =>
    rowOfState(state({ agent: 'claude', ...parts }), '2026-01-02T03:04:00.000Z').agent;
  expect(agentOf({ attempts })).toBe('codex');
  expect(agentOf({ attempts: [] })).toBe('claude');
});
