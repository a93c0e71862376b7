/** What people say of a task's work is kept, in order, with who said it, and bounded; the next run begins with it. */
import { expect, it } from 'vitest';
import { applyDecision, applyTell } from '../../src/domain/lifecycle.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { heardBefore } from '../../src/domain/said.ts';
import type { Run, TaskRecord } from '../../src/domain/task-record.ts';
import type { Gate } from '../../src/domain/task-state.ts';

const NOW = '2026-01-02T03:04:05.000Z';

const recordWith = (gate: Partial<Gate> = {}): TaskRecord & { run: Run } => ({
  ...({ id: 'a-task', kind: 'agent_run', title: '', description: '' } as TaskRecord),
  phase: { status: 'awaiting_gate', gate: { gate: 'approval', status: 'open', ...gate } },
  run: {
    repository: '/r',
    base: 'main',
    step: 'approval',
    attempts: [],
    gates: [],
    next: { reason: 'first' },
  },
});

const permission = { id: 'p', title: 'use the network' };

it.each<[string, Partial<Gate>, 'approve' | 'reject', string | undefined, string | undefined]>([
  ['a rejection', {}, 'reject', 'keep the route', 'rejected by ann: keep the route'],
  [
    'a refused wish',
    { permission },
    'reject',
    'no network',
    'rejected by ann (what you asked for: use the network): no network',
  ],
  ['an answer', { gate: 'escalation' }, 'approve', 'use postgres', 'ann says: use postgres'],
  ['an approval without a word', {}, 'approve', undefined, undefined],
])('%s', (_, gate, decision, reason, said) => {
  const record = recordWith(gate);
  const message = { gate: 'approval', decision, by: 'ann', ...(reason === undefined ? {} : { reason }) };
  applyDecision(record, message, 'cli', NOW);
  expect(record.run.said).toBe(said);
});

it('is kept in the order in which it was said, beside what the agent has yet to get', () => {
  const record = recordWith();
  applyTell(record, { text: 'one', by: 'ann' });
  applyTell(record, { text: 'two', by: 'bob' });
  applyDecision(record, { gate: 'approval', decision: 'reject', by: 'eve', reason: 'three' }, 'cli', NOW);
  expect(record.run.said).toBe('ann says: one\n\nbob says: two\n\nrejected by eve: three');
});

it('is handed to the next run, which hands it on as it was', () => {
  const { said, next } = heardBefore('rejected by ann: keep the route');
  expect(said).toBe('rejected by ann: keep the route');
  expect(next).toEqual({
    reason: 'first',
    feedback: expect.stringMatching(/before.*\n\nrejected by ann: keep the route$/),
  });
});

it.each([undefined, null, 7, '', {}, []])('a run that begins with %j begins as the first does', (said) => {
  expect(heardBefore(said)).toEqual({ next: { reason: 'first' } });
});

it('is bounded however much was said', () => {
  const record = recordWith();
  for (let turn = 0; turn < 20; turn += 1) applyTell(record, { text: '🚀'.repeat(2_000), by: 'ann' });
  const { said = '' } = record.run;
  expect(said.length).toBeLessThanOrEqual(LIMITS.feedbackCharsMax);
  expect(said.isWellFormed()).toBe(true);
  expect(heardBefore(said).next.feedback?.length).toBeLessThanOrEqual(LIMITS.feedbackCharsMax);
});
