/** The recovery ladder, row by row and as a property: it always ends. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAILURE_CLASSES, type FailureClass } from '../../src/domain/failures.ts';
import { endingOf, nextFix, nextRung, spentAttempts } from '../../src/domain/ladder.ts';
import { Policy } from '../../src/domain/task-spec.ts';
import type { Attempt } from '../../src/domain/task-state.ts';

const policy = Policy.parse({});
const failed = (
  failureClass: FailureClass,
  number: number,
  reason: Attempt['reason'] = 'first',
): Attempt => ({
  number,
  reason,
  agent: 'command',
  outcome: 'failed',
  failure: { class: failureClass, message: 'm' },
});
const row = (failureClass: FailureClass, times: number) =>
  nextRung(
    { class: failureClass, message: 'm' },
    Array.from({ length: times }, (_, index) => failed(failureClass, index + 1)),
    policy,
  );
const inShort = (rung: ReturnType<typeof nextRung>) =>
  rung.kind === 'attempt' ? rung.next.reason : rung.kind;

describe('after the first, second and third failure in a row', () => {
  it.each([
    ['interrupted', ['resume', 'resume', 'resume']],
    ['worker_lost', ['resume', 'resume', 'resume']],
    ['timeout', ['resume', 'restart', 'fail']],
    ['stalled', ['resume', 'restart', 'fail']],
    ['rate_limited', ['resume', 'resume', 'resume']],
    ['api_error', ['resume', 'resume', 'resume']],
    ['auth', ['escalate', 'escalate', 'escalate']],
    ['permission', ['escalate', 'escalate', 'escalate']],
    ['blocked', ['escalate', 'escalate', 'escalate']],
    ['conflict', ['escalate', 'escalate', 'escalate']],
    ['context_overflow', ['restart', 'restart', 'fail']],
    ['invalid_output', ['restart', 'fail', 'fail']],
    ['unknown', ['restart', 'fail', 'fail']],
    ['git', ['restart', 'fail', 'fail']],
    ['no_change', ['fail', 'fail', 'fail']],
    ['check_failed', ['fail', 'fail', 'fail']],
    ['rejected', ['fail', 'fail', 'fail']],
    ['setup_failed', ['fail', 'fail', 'fail']],
  ] as const)('%s → %j', (failureClass, rungs) => {
    expect([1, 2, 3].map((times) => inShort(row(failureClass, times)))).toEqual(rungs);
  });

  it('has a row for every class', () => {
    for (const failureClass of FAILURE_CLASSES) expect(() => row(failureClass, 1)).not.toThrow();
  });
});

describe('the ladder', () => {
  it('waits for a quota as long as the provider says, else ever longer up to an hour', () => {
    const limited = { class: 'rate_limited', message: 'm', retryAfterMs: 700_000 } as const;
    expect(nextRung(limited, [failed('rate_limited', 1)], policy)).toMatchObject({
      next: { waitMs: 700_000 },
    });
    const waits = [1, 2, 8, 20].map((times) => row('rate_limited', times));
    expect(waits).toMatchObject(
      [60_000, 120_000, 3_600_000, 3_600_000].map((waitMs) => ({ next: { waitMs } })),
    );
  });

  it.each([
    ['at once', 0, [5_000, 10_000, 20_000]],
    ['in the past', -1, [5_000, 10_000, 20_000]],
    ['never', Number.MAX_SAFE_INTEGER, [86_400_000, 86_400_000, 86_400_000]],
  ])('does not keep to a provider that says %s', (_, retryAfterMs, waits) => {
    const limited = { class: 'rate_limited', message: 'm', retryAfterMs } as const;
    const attempts = waits.map((__, at) => failed('rate_limited', at + 1));
    const told = waits.map((__, at) => nextRung(limited, attempts.slice(0, at + 1), policy));
    expect(told).toMatchObject(waits.map((waitMs) => ({ next: { waitMs } })));
    // What tasks of before waited for is in their histories.
    expect(nextRung(limited, attempts, policy, undefined, 2)).toMatchObject({
      next: { waitMs: retryAfterMs },
    });
  });

  it('hands what was done over to a fresh start', () => {
    const checkpoint = { number: 1, attempt: 1, completed: ['read'], next: ['write'], createdFiles: [] };
    const rung = nextRung(
      { class: 'unknown', message: 'exit 3', output: 'boom' },
      [failed('unknown', 1)],
      policy,
      checkpoint,
    );
    expect(rung).toMatchObject({
      next: {
        reason: 'restart',
        feedback: expect.stringMatching(/exit 3[\s\S]*read[\s\S]*write[\s\S]*boom/),
      },
    });
    expect(rung).not.toHaveProperty('next.checkpoint');
  });

  it('ends, whatever fails and however often, but for waits that cost nothing', () => {
    const classes = FAILURE_CLASSES.filter((one) => one !== 'rate_limited' && one !== 'worker_lost');
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...classes), { minLength: 30, maxLength: 30 }), (failures) => {
        const attempts: Attempt[] = [];
        for (const failureClass of failures) {
          attempts.push(failed(failureClass, attempts.length + 1));
          const rung = nextRung({ class: failureClass, message: 'm' }, attempts, policy);
          if (rung.kind !== 'attempt') return;
        }
        throw new Error('30 failures and still climbing');
      }),
    );
  });

  it('counts neither quota waits nor lost workers as spent', () => {
    expect(spentAttempts([failed('rate_limited', 1), failed('worker_lost', 2), failed('unknown', 3)])).toBe(
      1,
    );
  });

  it('gives as many fix attempts as the policy says, then fails or, for a conflict, asks', () => {
    const failure = { class: 'check_failed', message: 'm' } as const;
    const fixes = [failed('unknown', 1), failed('unknown', 2, 'fix')];
    expect(inShort(nextFix('fix', failure, fixes, policy, 'f'))).toBe('fix');
    expect(inShort(nextFix('fix', failure, [...fixes, failed('unknown', 3, 'fix')], policy, 'f'))).toBe(
      'fail',
    );
    const strict = Policy.parse({ fixAttemptsMax: 0 });
    expect(inShort(nextFix('conflict', failure, [], strict, 'f'))).toBe('escalate');
  });
});

describe('what ends a task', () => {
  const unfixed = {
    class: 'check_failed',
    message: 'check failed: tests',
    output: 'two is not three',
  } as const;

  it('is the failure itself where no check fails', () => {
    const failure = { class: 'unknown', message: 'exit 3' } as const;
    expect(endingOf(failure, undefined)).toBe(failure);
  });

  it.each(FAILURE_CLASSES)('is the failing check where the attempt to mend it ended %s', (failureClass) => {
    const ending = endingOf({ class: failureClass, message: 'exit 3', output: 'stack' }, unfixed);
    expect(ending).toMatchObject({ class: 'check_failed', output: 'two is not three' });
    expect(ending.message).toContain('check failed: tests; the fix attempt ');
    expect(ending.message).toContain(failureClass === 'no_change' ? 'changed nothing' : 'exit 3');
    expect(ending.message).not.toContain('_');
  });
});
