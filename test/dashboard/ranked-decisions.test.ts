/** What waits for a person, and in which order. */
import { expect, it } from 'vitest';
import { decisionsIn } from '../../src/dashboard/client/ranked-decisions.ts';
import { ExecutionId } from '../../src/domain/ids.ts';
import { TaskRow } from '../../src/domain/rows.ts';

const at = (minute: number) => `2026-01-02T03:${String(minute).padStart(2, '0')}:00.000Z`;
const task = (id: string, more: object = {}) =>
  TaskRow.parse({
    ...{ id, title: id, kind: 'agent_run', status: 'in_progress', startedAt: at(0) },
    ...more,
  });
const asks = (id: string, minute: number, gate = 'approval') =>
  task(id, { status: 'awaiting_gate', gates: [{ id: `${gate}-1`, gate, openedAt: at(minute) }] });
const waits = (id: string, ...dependencies: string[]) =>
  task(id, { kind: 'client_driven', status: 'blocked', plan: { dependencies } });
const namesOf = (...rows: readonly TaskRow[]) => decisionsIn(rows, []).map(({ id, blocks }) => [id, blocks]);

it('comes first what has waited longest', () => {
  expect(namesOf(asks('new', 9), asks('old', 1))).toEqual([
    ['old', 0],
    ['new', 0],
  ]);
});

it('comes before that what holds up others, through others as well, each counted once', () => {
  const chain = [waits('b', 'new'), waits('c', 'b'), waits('d', 'b', 'c')];
  expect(namesOf(asks('old', 1), asks('new', 9), ...chain)).toEqual([
    ['new', 3],
    ['old', 0],
  ]);
});

it('holds up nothing that has ended, and ends where tasks wait for each other', () => {
  const ended = task('e', { status: 'cancelled', plan: { dependencies: ['new'] }, closedAt: at(3) });
  expect(namesOf(asks('new', 9), ended, waits('x', 'y', 'new'), waits('y', 'x'))).toEqual([['new', 2]]);
});

it('is not what the engine decides', () => {
  expect(namesOf(asks('checked', 1, 'check'), asks('stuck', 2, 'escalation'))).toEqual([['stuck', 0]]);
});

it('is each open gate of an execution', () => {
  const row = {
    id: ExecutionId.parse('x_loop-1'),
    ...({
      title: 'Loop',
      loop: 'bugfix',
      project: '/home/ann/shop',
      status: 'active',
      currentPhase: 'p',
    } as const),
    progress: { phasesCompleted: 0, phasesTotal: 2, skillsCompleted: 0, skillsTotal: 3 },
    ...{ gates: ['repro', 'fix'], requester: 'ann', startedAt: at(0), changedAt: at(4) },
  };
  expect(decisionsIn([], [row]).map(({ is, id, gate, since }) => [is, id, gate, since])).toEqual([
    ['execution', row.id, 'repro', at(4)],
    ['execution', row.id, 'fix', at(4)],
  ]);
  expect(decisionsIn([], [{ ...row, status: 'paused' }])).toEqual([]);
});
