import { describe, expect, it } from 'vitest';
import {
  decisionText,
  goesOnText,
  newerText,
  questionOf,
  standingOf,
} from '../../src/dashboard/decision/decision-standing.ts';
import { nextAt } from '../../src/domain/gates.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { Gate } from '../../src/domain/task-state.ts';

const gate = (more: Partial<Gate> = {}): Gate => ({
  ...{ id: 'approval-1', gate: 'approval', status: 'open', digest: 'd1', openedAt: '2026-01-01T00:00:00Z' },
  ...more,
});
const newer = gate({ id: 'approval-2', digest: 'd2', openedAt: '2026-01-01T00:01:00Z' });
const stale = gate({ status: 'stale', reason: 'the base has moved' });
const undone = gate({ status: 'stale', by: 'kim', via: 'http' });
const question = gate({ gate: 'escalation', id: 'escalation-1', question: 'main has moved and conflicts' });

describe('the gate that one looks at', () => {
  it.each<[string, readonly Gate[], object]>([
    ['is open', [gate()], { is: 'open' }],
    ['has become stale', [stale, newer], { is: 'stale', newer, gate: stale }],
    [
      'was decided by another',
      [gate({ status: 'rejected', by: 'kim' })],
      { is: 'decided', newer: undefined },
    ],
    ['was decided, and the next is open', [gate({ status: 'rejected' }), newer], { is: 'decided', newer }],
    ['is stale, and the agent works on', [stale], { is: 'gone', gate: stale }],
    [
      'was approved, which came to nothing',
      [undone, question],
      { is: 'stale', newer: question, gate: undone },
    ],
    [
      'is of a run before',
      [gate({ digest: 'd9', openedAt: '2026-01-02T00:00:00Z' })],
      { is: 'stale', gate: undefined },
    ],
    [
      'is of a run before, which was decided alike',
      [gate({ status: 'approved', digest: 'd9' })],
      { is: 'gone' },
    ],
    ['is gone', [], { is: 'gone', gate: undefined }],
  ])('%s', (_, gates, expected) => {
    expect(standingOf(gate(), { gates: [...gates] })).toMatchObject(expected);
  });
});

it.each<[Partial<Gate>, string]>([
  [{ status: 'approved', by: 'kim', via: 'cli' }, 'Approved by kim via cli'],
  [
    { status: 'rejected', by: 'kim', via: 'http', reason: 'use cents' },
    'Rejected by kim via http: use cents',
  ],
  [
    { status: 'approved', by: 'kim', via: 'http', carriedFrom: 'approval-1' },
    'Approved by kim via http as approval-1 was',
  ],
  [
    { status: 'stale', by: 'kim', via: 'http' },
    'Approved by kim via http, stale since then: the base branch has moved',
  ],
  [
    { status: 'stale', by: 'kim', via: 'signal', reason: 'kim has changed the work' },
    'Approved by kim via signal (unauthenticated), stale since then: kim has changed the work',
  ],
  [{ status: 'rejected', by: 'x', permission: { id: 'p', title: 'rm' } }, 'Refused by x'],
  [{ status: 'approved', by: 'x', permission: { id: 'p', title: 'rm' } }, 'Allowed by x'],
  [
    { gate: 'escalation', status: 'approved', by: 'x', inside: 'attempt 2 of y' },
    'Answered by x inside attempt 2 of y',
  ],
])('a decision in words: %o', (more, expected) => {
  expect(decisionText(gate(more))).toBe(expected);
});

it('tells a change from a wish and from trouble', () => {
  expect(questionOf(gate())).toBe('change');
  expect(questionOf(gate({ permission: { id: 'p', title: 'rm' } }))).toBe('permission');
  expect(questionOf(gate({ gate: 'escalation' }))).toBe('escalation');
});

it('says what waits now', () => {
  expect(newerText(newer)).toBe('What waits now is a newer change.');
  expect(newerText(question)).toBe('What waits now is a question: main has moved and conflicts');
});

it('says what going on from an escalation does, as the engine says it', () => {
  const asked = gate({ gate: 'escalation' });
  const id = TaskId.parse('fix-login');
  expect(goesOnText({ ...asked, next: nextAt(id, asked) })).toBe('starts another attempt');
  expect(goesOnText({ ...asked, next: nextAt(id, asked, { undone: true }) })).toBe('tries that step again');
  expect(goesOnText(asked)).toBeUndefined();
});
