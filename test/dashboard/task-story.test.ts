import { expect, it } from 'vitest';
import { storyOf } from '../../src/dashboard/task/task-story.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { TaskState } from '../../src/domain/task-state.ts';

const state = (more: Partial<TaskState> = {}): TaskState => ({
  ...{ id: TaskId.parse('fix'), kind: 'agent_run', title: 'Fix', description: 'Fix', status: 'in_progress' },
  ...{ notes: [], artifacts: [], attempts: [], gates: [], pullRequest: null, mergedCommit: null },
  ...{ failure: null, ignoredMessages: 0 },
  ...more,
});
const commit = 'c'.repeat(40);
const evidence = {
  ...{ name: 'npm test', command: ['npm', 'test'], commit, exitCode: 0, passed: true },
  ...{ durationMs: 1, output: 'sha256:0', tail: '' },
};
const [begun, opened, decided, ended] = [1, 2, 3, 4].map((day) => `2026-01-0${day}T00:00:00Z`);

it('tells a task from its begin to its end', () => {
  const merged = state({
    ...{ status: 'completed', base: 'main', baseCommit: 'b'.repeat(40), mergedCommit: 'd'.repeat(40) },
    attempts: [
      {
        number: 1,
        reason: 'first',
        agent: 'codex',
        outcome: 'done',
        commit: 'a'.repeat(40),
        summary: 'tried',
      },
      {
        number: 2,
        reason: 'fix',
        agent: 'codex',
        outcome: 'done',
        commit,
        summary: 'mended',
        resumedFrom: '1.4',
      },
    ],
    gates: [
      { gate: 'check', status: 'failed', commit: 'a'.repeat(40), evidence: [{ ...evidence, passed: false }] },
      { gate: 'check', status: 'passed', commit, evidence: [evidence] },
      {
        ...{
          gate: 'approval',
          status: 'approved',
          commit,
          question: 'evidence 1 of 1',
          by: 'kim',
          via: 'cli',
        },
        ...{ openedAt: opened, decidedAt: decided },
      },
    ],
  });
  const story = storyOf(merged, { startedAt: begun ?? '', closedAt: ended });
  expect(story.map(({ mark, what, text, at }) => [mark, what, text, at])).toEqual([
    ['done', 'Given', '', begun],
    ['done', 'Workspace', 'from main at bbbbbbb', undefined],
    ['done', 'Attempt 1', 'codex: tried', undefined],
    ['failed', 'Checks', '0 of 1 passed: npm test failed', undefined],
    ['done', 'Attempt 2', 'codex, to mend it, from checkpoint 1.4: mended', undefined],
    ['done', 'Checks', '1 of 1 passed', undefined],
    ['done', 'Approval', 'asked: to approve its change, evidence 1 of 1', opened],
    ['done', 'Approval', 'Approved by kim via cli', decided],
    ['done', 'Merged', 'as ddddddd', ended],
  ]);
  expect(new Set(story.map(({ key }) => key)).size).toBe(story.length);
});

it('tells what goes on and what waits', () => {
  const waits = state({
    attempts: [{ number: 1, reason: 'first', agent: 'codex', outcome: 'running' }],
    gates: [{ gate: 'escalation', status: 'open', question: 'what now?', openedAt: opened }],
  });
  expect(storyOf(waits, undefined).map(({ mark, what }) => [mark, what])).toEqual([
    ['done', 'Given'],
    ['now', 'Attempt 1'],
    ['waits', 'Escalation'],
  ]);
});

it.each<[Partial<TaskState>, string, string]>([
  [{ status: 'failed', failure: { class: 'auth', message: 'no key' } }, 'Failed', 'not signed in: no key'],
  [{ status: 'cancelled' }, 'Cancelled', ''],
  [{ status: 'completed', summary: 'counted' }, 'Done', 'counted'],
])('tells how it ended: %o', (more, what, text) => {
  expect(storyOf(state(more), undefined).at(-1)).toMatchObject({ what, text });
});

it('tells of a check that was not passed why', () => {
  const gates: TaskState['gates'] = [
    { gate: 'check', status: 'unverified', evidence: [] },
    { gate: 'check', status: 'failed', reason: 'pawl.yaml cannot be read', evidence: [] },
    { gate: 'check', status: 'stale', evidence: [evidence] },
  ];
  expect(
    storyOf(state({ gates }), undefined)
      .slice(1)
      .map(({ text }) => text),
  ).toEqual([
    'unverified: no check is configured',
    'pawl.yaml cannot be read',
    'stale: the base branch has moved',
  ]);
});

it('tells who approved what was not merged, and puts the question that it led to behind', () => {
  const approved = { status: 'stale', by: 'kim', via: 'http', openedAt: opened, decidedAt: decided } as const;
  const story = storyOf(
    state({
      status: 'awaiting_gate',
      notes: ['hm'],
      attempts: [
        { number: 1, reason: 'first', agent: 'codex', outcome: 'cancelled' },
        { number: 2, reason: 'told', agent: 'codex', outcome: 'done', commit, summary: 'mended' },
      ],
      gates: [
        { gate: 'approval', commit, question: 'evidence 1 of 1', ...approved },
        { gate: 'escalation', status: 'open', question: 'main has moved and conflicts' },
      ],
    }),
    undefined,
  );
  expect(story.slice(1).map(({ mark, what, text, at }) => [mark, what, text, at])).toEqual([
    ['done', 'Note', 'hm', undefined],
    ['left', 'Attempt 1', 'codex: told something: attempt 2 goes on with it', undefined],
    ['done', 'Attempt 2', 'codex, told by a person: mended', undefined],
    ['done', 'Approval', 'asked: to approve its change, evidence 1 of 1', opened],
    ['left', 'Approval', 'Approved by kim via http, stale since then: the base branch has moved', decided],
    ['waits', 'Escalation', 'main has moved and conflicts', undefined],
  ]);
});

it('tells what was kept where it ends', () => {
  const notes = ['hm', 'kept in the repository: pawl/fix (its work)'];
  const story = storyOf(
    state({
      status: 'cancelled',
      notes,
      attempts: [{ number: 1, reason: 'first', agent: 'codex', outcome: 'cancelled' }],
    }),
    undefined,
  );
  expect(story.map(({ mark, what }) => [mark, what])).toEqual([
    ['done', 'Given'],
    ['done', 'Note'],
    ['left', 'Attempt 1'],
    ['done', 'Note'],
    ['left', 'Cancelled'],
  ]);
  expect(new Set(story.map(({ key }) => key)).size).toBe(story.length);
});
