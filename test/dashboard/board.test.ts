/** Where work stands on the board, and what of it is shown. */
import { describe, expect, it } from 'vitest';
import { boardOf, boardPage, filterFrom, top } from '../../src/dashboard/board/board-cards.ts';
import { columnOf, columnOfExecution } from '../../src/dashboard/board/board-columns.ts';
import type { ExecutionRow } from '../../src/domain/executions/execution-rows.ts';
import { TaskRow } from '../../src/domain/rows.ts';

const STARTED = '2026-01-31T12:00:00.000Z';
const task = (changes: Partial<Record<keyof TaskRow, unknown>>): TaskRow =>
  TaskRow.parse({
    ...{ id: 'task-1', title: 'Fix prices', status: 'in_progress', kind: 'agent_run', startedAt: STARTED },
    ...changes,
  });
const execution = (changes: Partial<ExecutionRow>): ExecutionRow => ({
  ...{ id: 'x_feature-1' as ExecutionRow['id'], title: 'Orders can be cancelled', loop: 'feature' },
  ...{ project: '/home/me/shop', status: 'active', currentPhase: 'plan', requester: 'local' },
  progress: { phasesCompleted: 0, phasesTotal: 4, skillsCompleted: 0, skillsTotal: 4 },
  startedAt: STARTED,
  ...changes,
});
const approval = [{ id: 'approval-1', gate: 'approval' }];
const escalation = [{ id: 'escalation-1', gate: 'escalation' }];

describe('the column of a task', () => {
  it.each([
    [{ status: 'pending' }, 'waiting'],
    [{ status: 'blocked', plan: { type: 'review' } }, 'waiting'],
    [{}, 'implementation'],
    [{ step: 'workspace' }, 'implementation'],
    [{ step: 'attempt', attempt: 2 }, 'implementation'],
    [{ step: 'check', attempt: 1 }, 'validation'],
    [{ step: 'pull_request', attempt: 1 }, 'integration'],
    [{ step: 'merge', attempt: 1 }, 'integration'],
    [{ status: 'awaiting_gate', gates: approval }, 'integration'],
    [{ status: 'awaiting_gate', gates: approval, step: 'approval' }, 'integration'],
    [{ status: 'awaiting_gate', gates: approval, step: 'attempt' }, 'implementation'],
    [{ status: 'awaiting_gate', gates: escalation, step: 'check' }, 'validation'],
    [{ status: 'awaiting_gate', gates: escalation }, 'implementation'],
    [{ kind: 'client_driven', plan: { specialist: 'analyst' } }, 'analysis'],
    [{ kind: 'client_driven', plan: { specialist: 'tester' } }, 'validation'],
    [{ kind: 'client_driven', plan: { type: 'deployment' } }, 'integration'],
    [{ kind: 'client_driven', plan: { type: 'feature', specialist: 'coder' } }, 'implementation'],
    [{ plan: { specialist: 'tester' }, step: 'merge' }, 'integration'],
    [{ status: 'completed', closedAt: STARTED }, 'done'],
    [{ status: 'failed' }, 'done'],
    [{ status: 'cancelled' }, 'done'],
  ])('%j: %s', (changes, column) => {
    expect(columnOf(task(changes))).toBe(column);
  });
});

describe('the column of an execution, by its phase', () => {
  it.each([
    ['plan', 'analysis'],
    ['init', 'analysis'],
    ['build', 'implementation'],
    ['implement', 'implementation'],
    ['document', 'implementation'],
    ['test', 'validation'],
    ['review', 'validation'],
    ['ship', 'integration'],
    ['complete', 'integration'],
  ])('%s: %s', (currentPhase, column) => {
    expect(columnOfExecution(execution({ currentPhase }))).toBe(column);
  });

  it('is where it is while it waits, and at the end once it is over', () => {
    expect(columnOfExecution(execution({ status: 'blocked', currentPhase: 'review' }))).toBe('validation');
    expect(columnOfExecution(execution({ status: 'aborted', currentPhase: 'review' }))).toBe('done');
  });
});

const NONE = filterFrom({});
const board = (tasks: readonly TaskRow[], filter = NONE, executions: readonly ExecutionRow[] = []) =>
  boardOf({ tasks, executions }, filter, () => 2);
const shown = (columns: ReturnType<typeof boardOf>) =>
  Object.fromEntries(columns.map(({ name, cards }) => [name, cards.map(({ row }) => row.id)]));

it('shows the first of each column, counts all, and begins with what waits for a person', () => {
  const [, , implementation, , integration, done] = board([
    task({ id: 'old', startedAt: '2026-01-31T10:00:00.000Z' }),
    task({ id: 'new', startedAt: '2026-01-31T11:00:00.000Z' }),
    task({ id: 'asks', status: 'awaiting_gate', gates: escalation, startedAt: '2026-01-31T09:00:00.000Z' }),
    task({ id: 'ships', status: 'awaiting_gate', gates: approval }),
    ...['1', '3', '2'].map((n) =>
      task({ id: `done-${n}`, status: 'completed', closedAt: `2026-01-31T12:0${n}:00.000Z` }),
    ),
  ]);
  expect(implementation).toMatchObject({
    total: 3,
    cards: [{ row: { id: 'asks' } }, { row: { id: 'new' } }],
  });
  expect(integration).toMatchObject({ total: 1 });
  expect(done).toMatchObject({ total: 3, cards: [{ row: { id: 'done-3' } }, { row: { id: 'done-2' } }] });
});

it.each([
  [{ repository: '/a' }, ['one']],
  [{ agent: 'codex' }, ['two']],
  [{ status: 'awaiting_gate' }, ['two', 'x_feature-1']],
  [{ text: 'PRICES the' }, ['one']],
  [{ text: 'orders' }, ['x_feature-1']],
  [{ text: 'two' }, ['two']],
])('selects by %j', (query, ids) => {
  const tasks = [
    task({ id: 'one', title: 'The prices', repository: '/a', agent: 'claude' }),
    task({ id: 'two', repository: '/b', agent: 'codex', status: 'awaiting_gate', gates: approval }),
  ];
  const columns = board(tasks, filterFrom(query), [execution({ gates: ['plan-is-right'] })]);
  expect(Object.values(shown(columns)).flat().sort()).toEqual(ids);
});

it('shows of an agent also the executions in which it works', () => {
  const tasks = [task({ id: 'made', agent: 'codex', execution: 'x_feature-1' }), task({ id: 'other' })];
  const executions = [execution({}), execution({ id: 'x_feature-2' as never })];
  const columns = board(tasks, filterFrom({ agent: 'codex' }), executions);
  expect(Object.values(shown(columns)).flat().sort()).toEqual(['made', 'x_feature-1']);
});

it('keeps a filter in the address', () => {
  expect(boardPage(NONE)).toBe('/board');
  const filter = filterFrom({ text: 'a & b', repository: '/home/me/shop', other: 'x' });
  const { searchParams, pathname } = new URL(boardPage(filter), 'http://engine');
  expect(pathname).toBe('/board');
  expect(filterFrom(Object.fromEntries(searchParams))).toEqual(filter);
});

it('finds the highest of many', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => String((index * 7919) % 1_000).padStart(4, '0'));
  expect(top(many, 3, (one) => one)).toEqual(['0999', '0998', '0997']);
  expect(top(['b', 'a'], 3, (one) => one)).toEqual(['b', 'a']);
  expect(top(['b', 'a'], 0, (one) => one)).toEqual([]);
});
