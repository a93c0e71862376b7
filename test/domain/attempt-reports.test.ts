/** What an agent reports under the token of its attempt: fenced, counted, and only by the rules of this edition. */
import { describe, expect, it } from 'vitest';
import { TaskId } from '../../src/domain/ids.ts';
import { applyUpdate, problemWithUpdate } from '../../src/domain/lifecycle.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { EDITION, type Edition, type Run, type TaskRecord } from '../../src/domain/task-record.ts';

const run: Run = {
  repository: '/repository',
  base: 'main',
  step: 'attempt',
  attempts: [],
  gates: [],
  next: { reason: 'first' },
  token: 'now',
};
const working = (edition: Edition = EDITION, more: Partial<Run> = {}): TaskRecord => ({
  id: TaskId.parse('fix-login'),
  kind: 'agent_run',
  edition,
  phase: { status: 'in_progress' },
  title: 'Fix the login',
  description: '',
  notes: [],
  artifacts: [],
  seen: [],
  ignoredMessages: 0,
  run: { ...run, ...more },
});
const report = { note: 'half of it', attemptToken: 'now' };
const withoutToken = (): TaskRecord => {
  const { token: _, ...rest } = run;
  return { ...working(), run: rest };
};

describe('a report of an agent', () => {
  it.each<[string, TaskRecord, object, RegExp | undefined]>([
    ['of the attempt that runs counts', working(), report, undefined],
    ['of an older attempt is refused', working(), { ...report, attemptToken: 'before' }, /older attempt/],
    ['is refused while none runs', withoutToken(), report, /older attempt/],
    ['sets no status', working(), { ...report, status: 'blocked' }, /leave status out/],
    ['is refused by a task from before, as it was then', working(3), report, /older attempt/],
    [
      'that is one too many is refused',
      working(EDITION, { reports: LIMITS.reportsPerAttemptMax }),
      report,
      /at most 100 times/,
    ],
    [
      'is not what others say',
      working(EDITION, { reports: LIMITS.reportsPerAttemptMax }),
      { note: 'x' },
      undefined,
    ],
  ])('%s', (_, record, message, words) => {
    const problem = problemWithUpdate(record, message);
    if (words === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatch(words);
  });

  it('is counted, and what others say is not', () => {
    const record = working();
    applyUpdate(record, report);
    applyUpdate(record, { note: 'by a person' });
    expect(record.run?.reports).toBe(1);
    expect(record.notes).toEqual(['half of it', 'by a person']);
  });

  it('on a task that clients work on is fenced by its claim, and not counted', () => {
    const { run: _, ...mine } = working();
    const record: TaskRecord = {
      ...mine,
      kind: 'client_driven',
      claims: { count: 1, token: 'now', by: 'ann' },
    };
    expect(problemWithUpdate(record, report)).toBeUndefined();
    expect(problemWithUpdate(record, { ...report, attemptToken: 'before' })).toMatch(/older attempt/);
    applyUpdate(record, report);
    expect(record).not.toHaveProperty('run');
  });
});
