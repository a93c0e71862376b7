/** What a reader is told at an open gate: what to do next, by the commands and the operations that there really are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvalGate, escalationGate, identified, permissionGate } from '../../src/domain/gates.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { problemWithDecision } from '../../src/domain/lifecycle.ts';
import { operations } from '../../src/domain/operations.ts';
import { type Run, type TaskRecord, viewOf } from '../../src/domain/task-record.ts';
import { GATE_KINDS, type Gate } from '../../src/domain/task-state.ts';

const at = (gate: Gate, run: Partial<Run> = {}): TaskRecord => ({
  id: TaskId.parse('fix-login'),
  kind: 'agent_run',
  phase: { status: 'awaiting_gate', gate },
  title: 'Fix the login',
  description: '',
  notes: [],
  artifacts: [],
  seen: [],
  ignoredMessages: 0,
  run: {
    repository: '/repository',
    base: 'main',
    step: 'merge',
    attempts: [],
    gates: [],
    next: { reason: 'first' },
    ...run,
  },
});
const change = approvalGate('c0ffee0', { digest: 'sha256:00', pullRequest: {} as never }, []);

describe('an open gate says what to do next', () => {
  it.each([
    ['a change', at(change), ['diff', 'approve', 'reject']],
    ['a permission', at(permissionGate({ id: 'p', title: 'rm -rf build' })), ['approve', 'reject']],
    ['an escalation', at(escalationGate('no key')), ['retry', 'tell', 'cancel']],
    [
      'an approved change that is watched no more',
      at(escalationGate('no token'), { unwatched: 'a review is missing' }),
      ['retry', 'tell', 'cancel'],
    ],
    [
      'a change that could not be merged',
      at(escalationGate('no base'), { undone: true }),
      ['retry', 'tell', 'cancel'],
    ],
  ] as const)('%s', (_, record, names) => {
    const next = viewOf(record).gates.at(-1)?.next ?? '';
    for (const name of names) {
      expect(next).toContain(`pawl ${name} ${record.id}`);
      expect(operations).toHaveProperty(name);
    }
    expect(next).toContain(`(operations ${names.join(', ')})`);
  });

  it('one that is decided says nothing', () => {
    expect(viewOf(at({ ...change, status: 'approved' })).gates.at(-1)).not.toHaveProperty('next');
  });

  it('to whoever decides on another gate as well', () => {
    const record = at(escalationGate('no key'));
    const message = { gate: 'approval', decision: 'approve', by: 'ann' } as const;
    expect(problemWithDecision(record, message)).toMatch(/open gate escalation-1, got approval: pawl retry /);
  });
});

describe('a gate is named by its place among those of its kind', () => {
  const passed: Gate = { gate: 'check', status: 'passed' };
  const gates: Gate[] = [passed, { ...change, status: 'stale' }, passed];

  it('in the order in which they opened, the open one last', () => {
    expect(viewOf(at(change, { gates })).gates.map(({ id }) => id)).toEqual([
      'check-1',
      'approval-1',
      'check-2',
      'approval-2',
    ]);
  });

  it('whichever is filed next: an id stays', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...GATE_KINDS)), fc.constantFrom(...GATE_KINDS), (kinds, next) => {
        const before = identified(kinds.map((gate) => ({ gate, status: 'passed' })));
        const after = identified([...before, { gate: next, status: 'open' }]);
        expect(after.slice(0, -1)).toEqual(before);
        expect(new Set(after.map(({ id }) => id)).size).toBe(after.length);
      }),
    );
  });

  it.each([
    ['approval-2', undefined],
    ['approval', undefined],
    ['approval-1', /^gate approval-1 is stale; expected a decision on the open gate approval-2/],
    ['approval-20', /^expected a decision on the open gate approval-2, got approval-20/],
    ['escalation', /^expected a decision on the open gate approval-2, got escalation/],
    ['check', /engine alone/],
    ['check-1', /engine alone/],
  ])('a decision on %s', (gate, words) => {
    const problem = problemWithDecision(at(change, { gates }), { gate, decision: 'approve', by: 'ann' });
    if (words === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatch(words);
  });

  it('and says who decided it, how and when', () => {
    const decided: Gate = {
      ...change,
      status: 'rejected',
      by: 'ann',
      via: 'cli',
      decidedAt: '2026-01-02T03:04:05.000Z',
      reason: 'use cents',
    };
    const record = { ...at(change, { gates: [decided] }), phase: { status: 'in_progress' as const } };
    expect(problemWithDecision(record, { gate: 'approval-1', decision: 'approve', by: 'bob' })).toBe(
      'gate approval-1 was rejected by ann via cli at 2026-01-02T03:04:05.000Z (use cents); no gate is open: the task is in_progress',
    );
  });
});
