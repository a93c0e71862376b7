/** Events of the feed in the messages of the pipeline, as a table. */
import { expect, it } from 'vitest';
import type { FeedEvent } from '../../../../src/domain/events.ts';
import { ExecutionRow } from '../../../../src/domain/executions/execution-rows.ts';
import { TaskRow } from '../../../../src/domain/rows.ts';
import { PipelineMessage } from '../../../../src/edge/compat/dashboard/pipeline-message.ts';
import { createSeen, translate } from '../../../../src/edge/compat/dashboard/translate-event.ts';

const STARTED = '2026-01-02T03:04:05.000Z';
const row = (id: string, more: Partial<TaskRow> = {}): TaskRow =>
  TaskRow.parse({ id, title: `Do ${id}`, status: 'pending', kind: 'agent_run', startedAt: STARTED, ...more });
const execution = (gates: readonly string[]): ExecutionRow =>
  ExecutionRow.parse({
    ...{ id: 'x_bugfix-7f3k', title: 'Fix', loop: 'bugfix', project: '/shop', status: 'active', gates },
    ...{ currentPhase: 'fix', requester: 'ann', startedAt: STARTED },
    progress: { phasesCompleted: 0, phasesTotal: 1, skillsCompleted: 0, skillsTotal: 1 },
  });
const snapshot = (rows: readonly TaskRow[], executions: readonly ExecutionRow[] = []): FeedEvent => ({
  type: 'snapshot',
  rows: [...rows],
  executions: [...executions],
});
const changed = (after: TaskRow): FeedEvent => ({ type: 'row', row: after });
const calm: FeedEvent = { type: 'warnings', warnings: [] };
const gate = { gates: [{ id: 'approval-1', gate: 'approval' as const, openedAt: STARTED }] };

/** What the last of these events says. */
function told(...events: readonly FeedEvent[]) {
  const seen = createSeen();
  const [last] = events.map((event) => translate(seen, event)).slice(-1);
  for (const message of last?.messages ?? []) expect(PipelineMessage.parse(message)).toEqual(message);
  return last ?? expect.fail('nothing was told');
}
const typesOf = (...events: readonly FeedEvent[]) => told(...events).messages.map(({ type }) => type);

const one = row('one');
const working = row('one', { status: 'in_progress', attempt: 1 });
const waiting = row('one', { status: 'awaiting_gate', attempt: 1, ...gate });
const done = row('one', { status: 'completed', attempt: 1, summary: 'fixed', closedAt: STARTED });

it.each([
  [undefined, 'normal'],
  ['high' as const, 'high'],
])('a requirement of the priority %s is told as %s', (priority, word) => {
  const row = { ...one, ...(priority !== undefined && { priority }) };
  expect(told(snapshot([]), changed(row)).messages).toContainEqual({
    ...{ type: 'requirement_submitted', data: expect.objectContaining({ id: 'one', priority: word }) },
  });
});

it.each([
  ['where all stands', [snapshot([])], ['status_update']],
  ['a gate that waits already', [snapshot([waiting])], ['decision_needed', 'status_update']],
  ['a requirement', [snapshot([]), changed(one)], ['requirement_submitted', 'task_update', 'status_update']],
  [
    'a planned task',
    [snapshot([]), changed(row('plan', { kind: 'client_driven' }))],
    ['task_update', 'status_update'],
  ],
  ['an attempt', [snapshot([one]), changed(working)], ['agent_activity', 'task_update', 'status_update']],
  [
    'the next attempt',
    [snapshot([working]), changed({ ...working, attempt: 2 })],
    ['agent_activity', 'task_update'],
  ],
  [
    'a gate',
    [snapshot([working]), changed(waiting)],
    ['agent_activity', 'task_update', 'decision_needed', 'status_update'],
  ],
  ['the end', [snapshot([waiting]), changed(done)], ['task_update', 'task_completed', 'status_update']],
  ['words alone', [snapshot([one]), changed({ ...one, title: 'Other' })], ['task_update']],
  [
    'what is put away',
    [snapshot([done]), changed({ ...done, archivedAt: STARTED })],
    ['task_update', 'status_update'],
  ],
  ['what is removed', [snapshot([done]), { type: 'gone', id: done.id }], ['task_update', 'status_update']],
  ['what nobody knew', [snapshot([]), { type: 'gone', id: done.id }], []],
  [
    'a gate of an execution',
    [snapshot([]), { type: 'execution', row: execution(['ship']) }],
    ['decision_needed', 'status_update'],
  ],
  [
    'output, whose lines are in the log',
    [snapshot([one]), { type: 'output', id: one.id, attempt: 1, bytes: 9 }],
    [],
  ],
  ['warnings', [snapshot([]), calm], ['system_health']],
  ['the same snapshot again', [snapshot([one]), snapshot([one])], []],
  [
    'another snapshot',
    [snapshot([one, done]), snapshot([working])],
    ['agent_activity', 'task_update', 'status_update'],
  ],
  ['a snapshot without a row', [snapshot([one]), snapshot([])], ['task_update', 'status_update']],
] as const)('tells %s', (_, events, types) => {
  expect(typesOf(...events)).toEqual(types);
});

it('counts by status, and tells the counts only where they are others', () => {
  const rows = [
    working,
    row('two', { status: 'failed' }),
    row('three', { status: 'cancelled' }),
    row('four'),
  ];
  expect(told(snapshot(rows, [execution(['ship'])])).messages.at(-1)).toEqual({
    type: 'status_update',
    data: {
      health_score: 67,
      progress: 33,
      active_agents: 1,
      pending_decisions: 1,
      tasks: { total: 4, completed: 0, in_progress: 1, blocked: 0, pending: 1, failed: 1, cancelled: 1 },
    },
  });
});

it('says who works on what, and what came of it', () => {
  const planned = { plan: { specialist: 'architect' as const } };
  const begun = row('one', { status: 'in_progress', attempt: 2, ...planned });
  expect(told(snapshot([one]), changed(begun)).messages.slice(0, 2)).toEqual([
    {
      type: 'agent_activity',
      data: { agent_id: 'architect', status: 'working', activity: 'attempt 2 of one: Do one' },
    },
    {
      type: 'task_update',
      data: {
        task_id: 'one',
        description: 'Do one',
        status: 'in_progress',
        assigned_to: 'architect',
        progress: 50,
        output: null,
      },
    },
  ]);
  expect(told(snapshot([waiting]), changed(done)).messages[1]).toEqual({
    type: 'task_completed',
    data: { task_id: 'one', agent: 'agent', output: 'fixed' },
  });
});

it('names the gates that are not open any more, of a task that is there', () => {
  expect(told(snapshot([waiting]), changed(done)).closed).toEqual([{ id: 'one', gate: 'approval-1' }]);
  expect(told(snapshot([waiting]), { type: 'gone', id: waiting.id }).closed).toEqual([]);
  const without = execution([]);
  expect(told(snapshot([], [execution(['ship'])]), { type: 'execution', row: without }).closed).toEqual([
    { id: without.id, gate: 'ship' },
  ]);
});
