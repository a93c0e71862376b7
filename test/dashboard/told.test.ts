/** What a person who looks elsewhere is told, once. */
import { expect, it } from 'vitest';
import type { Waiting } from '../../src/dashboard/client/ranked-decisions.ts';
import { newsBetween, seenIn } from '../../src/dashboard/frame/told.ts';
import { TaskRow } from '../../src/domain/rows.ts';

const MOMENT = '2026-01-02T03:04:05.000Z';
const row = (id: string, status: TaskRow['status'], closedAt?: string) =>
  TaskRow.parse({ id, title: id, kind: 'agent_run', status, startedAt: MOMENT, closedAt });
const ask = (id: string, since = MOMENT): Waiting => ({
  ...{ is: 'task', id, title: id, gate: 'approval', since, blocks: 0, where: undefined },
});
const words = (...args: Parameters<typeof newsBetween>) =>
  newsBetween(...args).map(({ title, body }) => `${title}: ${body}`);

it('is a new decision, an end, and nothing that was so before', () => {
  const before = seenIn([row('a', 'in_progress'), row('old', 'completed', MOMENT)], [ask('x')]);
  const now = seenIn([row('a', 'failed', MOMENT), row('old', 'completed', MOMENT)], [ask('x'), ask('y')]);
  expect(words(before, now)).toEqual(['Waits for your decision: y', 'Failed: a']);
  expect(newsBetween(now, now)).toEqual([]);
});

it('is the same gate again where it was opened anew, and a task that ended again', () => {
  const later = '2026-01-02T04:04:05.000Z';
  const before = seenIn([row('a', 'failed', MOMENT)], [ask('x')]);
  expect(words(before, seenIn([row('a', 'completed', later)], [ask('x', later)]))).toHaveLength(2);
});

it('is a number where it is much', () => {
  const many = Array.from({ length: 40 }, (_, index) => row(`t${index}`, 'completed', MOMENT));
  expect(words(seenIn([], []), seenIn(many, [ask('x')]))).toEqual([
    'Pawl: 1 wait for your decision, 40 have ended',
  ]);
});
