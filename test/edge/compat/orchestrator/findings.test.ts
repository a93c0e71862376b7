/** What maintenance finds: tasks that stand still though they should move, and names of what is not there. */
import { expect, it } from 'vitest';
import type { TaskRow } from '../../../../src/domain/rows.ts';
import { structureIssues, workIssues } from '../../../../src/edge/compat/orchestrator/findings.ts';
import { daysAgo, doneRow, NOW_MS, rowOf } from './rows.ts';

const under = (parent: string) => ({ plan: { parent } });
const found = (findings: readonly { task_id: string; issue: string }[]) =>
  findings.map(({ task_id: id, issue }) => `${id}: ${issue}`);
const HOUR = 1 / 24;

it.each([
  ['basic', 24],
  ['comprehensive', 8],
  ['full_audit', 1],
] as const)('%s: a task is stale after %i hours in progress without a word', (level, hours) => {
  const at = (id: string, sinceHours: number, status = 'in_progress') =>
    rowOf(id, { status, changedAt: daysAgo(sinceHours * HOUR) });
  const rows = [
    at('silent', hours + 0.1),
    at('busy', hours - 0.1),
    at('ready', hours + 1, 'pending'),
    at('asking', hours + 1, 'awaiting_gate'),
    rowOf('never-heard-of', { status: 'in_progress' }),
  ];
  expect(found(workIssues({ scope: rows, all: rows }, level, NOW_MS))).toEqual([
    'silent: in progress without a word for long',
    'never-heard-of: in progress without a word for long',
  ]);
});

it.each<[string, TaskRow[], string[]]>([
  ['nothing of nothing', [], []],
  [
    'what waits in vain',
    [
      rowOf('a', { status: 'blocked', plan: { dependencies: ['f', 'c', 'd', 'p'] } }),
      doneRow('f', 1, { status: 'failed' }),
      doneRow('c', 1, { status: 'cancelled', archivedAt: daysAgo(1) }),
      doneRow('d', 1),
      rowOf('p'),
    ],
    ['a: waits for f, c, which ended without being completed'],
  ],
  [
    'nothing of who waits for what goes on',
    [rowOf('a', { status: 'blocked', plan: { dependencies: ['b'] } }), rowOf('b')],
    [],
  ],
  [
    'a whole whose parts are all over',
    [rowOf('a'), doneRow('b', 1, under('a')), doneRow('c', 1, { ...under('a'), status: 'failed' })],
    ['a: all of its parts are over'],
  ],
  [
    'nothing of a whole with an open part',
    [rowOf('a'), doneRow('b', 1, under('a')), rowOf('c', under('a'))],
    [],
  ],
  ['nothing of a whole that is over', [doneRow('a', 1), doneRow('b', 1, under('a'))], []],
])('finds %s', (_, rows, issues) => {
  expect(found(workIssues({ scope: rows, all: rows }, 'basic', NOW_MS))).toEqual(issues);
});

it('says of each finding what to do, and looks only at what it is asked about', () => {
  const [a, b] = [rowOf('a', { status: 'in_progress' }), rowOf('b', { status: 'in_progress' })];
  const findings = workIssues({ scope: [b], all: [a, b] }, 'basic', NOW_MS);
  expect(findings).toMatchObject([{ task_id: 'b', advice: expect.stringMatching(/\S/) }]);
});

it.each<[string, TaskRow[], string[]]>([
  [
    'nothing where all is there',
    [rowOf('a'), rowOf('b', { plan: { parent: 'a', dependencies: ['a'] } })],
    [],
  ],
  [
    'a parent and dependencies that were removed',
    [rowOf('b', { plan: { parent: 'gone', dependencies: ['lost', 'b2'] } }), rowOf('b2')],
    ['b: names gone, which was removed', 'b: names lost, which was removed'],
  ],
  [
    'an open part of a whole that was put away',
    [doneRow('a', 9, { archivedAt: daysAgo(1) }), rowOf('b', under('a'))],
    ['b: is a part of a, which was put away'],
  ],
  [
    'nothing where a dependency was put away after it was completed',
    [doneRow('a', 9, { archivedAt: daysAgo(1) }), rowOf('b', { plan: { dependencies: ['a'] } })],
    [],
  ],
  [
    'nothing of tasks that are over',
    [doneRow('b', 1, { plan: { parent: 'gone', dependencies: ['lost'] } })],
    [],
  ],
])('finds in the structure %s', (_, rows, issues) => {
  const scope = rows.filter(({ archivedAt }) => archivedAt === undefined);
  expect(found(structureIssues({ scope, all: rows }))).toEqual(issues);
});
