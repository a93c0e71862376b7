/** What a reader is told at an open gate: what to do next, by the commands and the operations that there really are. */
import { describe, expect, it } from 'vitest';
import { approvalGate, escalationGate, permissionGate } from '../../src/domain/gates.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { problemWithDecision } from '../../src/domain/lifecycle.ts';
import { operations } from '../../src/domain/operations.ts';
import { type Run, type TaskRecord, viewOf } from '../../src/domain/task-record.ts';
import type { Gate } from '../../src/domain/task-state.ts';

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
    expect(problemWithDecision(record, message)).toMatch(/open gate escalation, got approval: pawl retry /);
  });
});
