/** The task's state machine: no sequence of messages leads where it must not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TaskId } from '../../src/domain/ids.ts';
import {
  applyComplete,
  applyDecision,
  applyEnded,
  applyUpdate,
  mayMove,
  move,
  problemWithComplete,
  problemWithDecision,
  problemWithUpdate,
} from '../../src/domain/lifecycle.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import type { CompleteMessage, UpdateMessage } from '../../src/domain/messages.ts';
import { EDITION, type TaskRecord, viewOf } from '../../src/domain/task-record.ts';
import { isClosed, TASK_STATUSES, TaskState } from '../../src/domain/task-state.ts';

const NOW = '2026-01-01T00:00:00.000Z';

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
    if (problem === undefined) applyComplete(record, message, 'update', NOW);
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
          if (isClosed(before.phase.status)) expect(problem).toMatch(/^task one is /);
          expect(TaskState.safeParse(viewOf(record)).success).toBe(true);
          expect(record.notes.length).toBeLessThanOrEqual(LIMITS.notesKeptMax);
        }
      }),
    );
  });
});

describe('what a task can hold', () => {
  const now = (): TaskRecord => ({ ...pending(), edition: EDITION });
  const references = (count: number, name = 'a') => Array.from({ length: count }, (_, at) => `${name}${at}`);

  it('is refused where a message would bring more, and nothing of it is dropped', () => {
    const record = now();
    offer(record, { artifacts: references(LIMITS.artifactsPerTaskMax) });
    const before = structuredClone(record);
    expect(offer(record, { artifacts: ['one more'] })).toContain('artifacts: a task keeps at most 100');
    expect(offer(record, { summary: 'done', artifacts: ['one more'] })).toContain('it would have 101');
    expect(record).toEqual(before);
    expect(offer(record, { artifacts: references(3), note: 'the same again' })).toBeUndefined();
    expect(record.artifacts).toEqual(references(LIMITS.artifactsPerTaskMax));
  });

  it('is bounded for the context of all updates together', () => {
    const record = now();
    const large = 'x'.repeat(LIMITS.contextCharsMax / 5);
    for (const key of ['a', 'b', 'c', 'd'])
      expect(offer(record, { context: { [key]: large } })).toBeUndefined();
    expect(offer(record, { context: { e: large } })).toContain('context: a task keeps at most');
    expect(offer(record, { context: { a: 'shorter' } })).toBeUndefined();
    expect(offer(record, { context: { e: large } })).toBeUndefined();
    expect(Object.keys(record.context ?? {})).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('is cut in a task of the first edition, whose history was made so', () => {
    const record = pending();
    offer(record, { artifacts: references(LIMITS.artifactsPerTaskMax) });
    expect(offer(record, { artifacts: ['one more'] })).toBeUndefined();
    expect(record.artifacts).toEqual(references(LIMITS.artifactsPerTaskMax));
  });
});

describe('a task that waits for another one', () => {
  const waiting = (): TaskRecord => ({
    ...pending(),
    edition: EDITION,
    phase: { status: 'blocked', waitingFor: 'first' },
    waitsFor: [{ id: 'first' }],
  });

  it.each([
    ['nobody says more', undefined, 'pending'],
    ['somebody says that it is blocked, and not why', { status: 'blocked' }, 'pending'],
    ['somebody blocks it for a reason of their own', { status: 'blocked', note: 'no key' }, 'blocked'],
  ] as const)('where %s ends as it should', (_, message, status) => {
    const record = waiting();
    if (message !== undefined) expect(offer(record, message)).toBeUndefined();
    applyEnded(record, 'first', 'completed');
    expect(record.phase.status).toBe(status);
  });

  describe('is told that it need not', () => {
    const both = (): TaskRecord => ({
      ...waiting(),
      plan: { dependencies: [TaskId.parse('first'), TaskId.parse('second')] },
      phase: { status: 'blocked', waitingFor: 'first, which is cancelled; second' },
      waitsFor: [{ id: 'first', ended: 'cancelled' }, { id: 'second' }],
    });

    it('and waits for the others, then for none', () => {
      const record = both();
      expect(offer(record, { dropDependencies: ['first'] })).toBeUndefined();
      expect(record.phase).toEqual({ status: 'blocked', waitingFor: 'second' });
      expect(record.plan).toEqual({ dependencies: ['second'] });
      expect(offer(record, { dropDependencies: ['second'], status: 'in_progress' })).toBeUndefined();
      expect(record.phase.status).toBe('in_progress');
      expect(record.plan).toEqual({});
      applyEnded(record, 'second', 'failed');
      expect(record.phase.status).toBe('in_progress');
    });

    it('of one that it does not have it is refused, and nothing is dropped', () => {
      const record = both();
      expect(offer(record, { dropDependencies: ['first', 'third'] })).toContain(
        'one of first, second, got third',
      );
      expect(record.waitsFor).toHaveLength(2);
      expect(offer(record, { dropDependencies: ['first'], status: 'in_progress' })).toContain(
        'waits for second',
      );
      expect(record.waitsFor).toHaveLength(2);
    });

    it('what somebody blocked for a reason of their own stays so', () => {
      const record = both();
      offer(record, { status: 'blocked', note: 'no key' });
      offer(record, { dropDependencies: ['first', 'second'] });
      expect(record.phase).toEqual({ status: 'blocked', waitingFor: 'no key' });
      expect(record.waitsFor).toEqual([]);
    });
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
    applyDecision(record, approve, 'cli', NOW);
    expect(record.phase).toMatchObject({
      gate: { status: 'approved', digest: 'shown', by: 'me', via: 'cli', decidedAt: NOW },
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
    expect(() => applyDecision(pending(), approve, 'cli', NOW)).toThrow(TypeError);
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
