/** The task's state machine: no sequence of messages leads where it must not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TaskId } from '../../src/domain/ids.ts';
import {
  applyComplete,
  applyDecision,
  applyUpdate,
  mayMove,
  move,
  problemWithComplete,
  problemWithDecision,
  problemWithUpdate,
} from '../../src/domain/lifecycle.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import type { CompleteMessage, UpdateMessage } from '../../src/domain/messages.ts';
import { type TaskRecord, viewOf } from '../../src/domain/record.ts';
import { isClosed, TASK_STATUSES, TaskState } from '../../src/domain/task.ts';

const pending = (): TaskRecord => ({
  id: TaskId.parse('one'),
  kind: 'client_driven',
  phase: { status: 'pending' },
  title: 'One',
  description: '',
  notes: [],
  artifacts: [],
  seen: [],
  ignoredMessages: 0,
});

const update: fc.Arbitrary<UpdateMessage> = fc.record(
  {
    status: fc.constantFrom('pending' as const, 'blocked' as const, 'in_progress' as const),
    note: fc.string({ minLength: 1 }),
    progress: fc.double({ min: 0, max: 1, noNaN: true }),
    title: fc.string({ minLength: 1, maxLength: 200 }),
  },
  { requiredKeys: [] },
);
const complete: fc.Arbitrary<CompleteMessage> = fc.record({
  summary: fc.string({ minLength: 1 }),
  outcome: fc.constantFrom('completed' as const, 'failed' as const),
});

/** As the workflow does it: asked first, applied only without a problem. */
function offer(record: TaskRecord, message: UpdateMessage | CompleteMessage): string | undefined {
  if ('summary' in message) {
    const problem = problemWithComplete(record, message);
    if (problem === undefined) applyComplete(record, message);
    return problem;
  }
  const problem = problemWithUpdate(record, message);
  if (problem === undefined) applyUpdate(record, message);
  return problem;
}

describe('transitions', () => {
  it('lead out of no closed status', () => {
    for (const from of TASK_STATUSES.filter(isClosed)) {
      for (const to of TASK_STATUSES) expect(mayMove(from, to)).toBe(from === to);
    }
  });

  it('that are illegal are a bug and throw', () => {
    const record = pending();
    move(record, { status: 'completed' });
    expect(() => move(record, { status: 'in_progress' })).toThrow(
      'illegal transition from completed to in_progress',
    );
  });

  it('by accepted messages only keep the state readable, bounded and once closed unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(update, complete), { maxLength: 40 }), (messages) => {
        const record = pending();
        for (const message of messages) {
          const before = structuredClone(record);
          const problem = offer(record, message);
          if (problem !== undefined) expect(record).toEqual(before);
          if (isClosed(before.phase.status)) expect(problem).toMatch(/^task is /);
          expect(TaskState.safeParse(viewOf(record)).success).toBe(true);
          expect(record.notes.length).toBeLessThanOrEqual(LIMITS.notesKeptMax);
        }
      }),
    );
  });
});

describe('a decision', () => {
  const waiting = (): TaskRecord => ({
    ...pending(),
    kind: 'agent_run',
    phase: { status: 'awaiting_gate', gate: { gate: 'approval', status: 'open', digest: 'shown' } },
  });
  const approve = { gate: 'approval', decision: 'approve', by: 'me' } as const;

  it('without a digest is bound to what is shown, and recorded with who and how', () => {
    const record = waiting();
    expect(problemWithDecision(record, approve)).toBeUndefined();
    applyDecision(record, approve, 'cli');
    expect(record.phase).toMatchObject({
      gate: { status: 'approved', digest: 'shown', by: 'me', via: 'cli' },
    });
    expect(problemWithDecision(record, approve)).toContain('no gate is open');
  });

  it.each([
    ['another gate', { ...approve, gate: 'escalation' }, 'expected a decision on the open gate approval'],
    ['a check', { ...approve, gate: 'check' }, 'engine alone'],
    ['what was shown before', { ...approve, digest: 'older' }, 'stale'],
  ] as const)('on %s is refused', (_, message, words) => {
    expect(problemWithDecision(waiting(), message)).toContain(words);
  });

  it('without an open gate is a bug when it was not refused', () => {
    expect(() => applyDecision(pending(), approve, 'cli')).toThrow(TypeError);
  });
});

describe('an agent-run task', () => {
  const running = (): TaskRecord => ({ ...pending(), kind: 'agent_run', phase: { status: 'in_progress' } });

  it('takes words but no status from a message', () => {
    expect(problemWithUpdate(running(), { note: 'hello' })).toBeUndefined();
    expect(problemWithUpdate(running(), { status: 'blocked' })).toContain('the engine sets the status');
  });

  it('is not completed by a message while it runs, nor past its gate', () => {
    expect(problemWithComplete(running(), { summary: 'done' })).toContain('running');
    const gate = { gate: 'approval', status: 'open' } as const;
    const waiting: TaskRecord = { ...running(), phase: { status: 'awaiting_gate', gate } };
    expect(problemWithComplete(waiting, { summary: 'done' })).toContain('merge');
    expect(problemWithComplete(waiting, { summary: 'give up', outcome: 'failed' })).toBeUndefined();
  });

  it('refuses the token of an older attempt', () => {
    expect(problemWithComplete(running(), { summary: 'x', attemptToken: 'old' })).toContain('older attempt');
  });
});
