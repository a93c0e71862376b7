/** Small pure values: ids, digests, clipping, gates. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, digestOfText } from '../../src/domain/digest.ts';
import { approvalGate, checkFailure, checkGate } from '../../src/domain/gates.ts';
import { ExecutionId, TaskId, taskIdFrom, workflowTypeOf } from '../../src/domain/ids.ts';
import { clip, LIMITS, tail } from '../../src/domain/limits.ts';

describe('task ids', () => {
  it('are made from any title', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (title) => TaskId.safeParse(taskIdFrom(title, '7f3k')).success,
      ),
    );
    expect(taskIdFrom('Make the tests pass!', '7f3k')).toBe('make-the-tests-pass-7f3k');
  });

  it.each(['', '-a', 'a-', 'A', 'a/b', '..', 'a b', 'a'.repeat(64), 'a\n', 'é'])('refuse %j', (id) => {
    expect(TaskId.safeParse(id).success).toBe(false);
  });
});

describe('execution ids', () => {
  it('are told from those of tasks by their form alone', () => {
    const word = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,59}[a-z0-9])?$/);
    fc.assert(
      fc.property(word, (one) => {
        expect([workflowTypeOf(one), workflowTypeOf(`x_${one}`)]).toEqual(['task', 'execution']);
      }),
    );
    fc.assert(
      fc.property(
        fc.string(),
        (text) => !(TaskId.safeParse(text).success && ExecutionId.safeParse(text).success),
      ),
    );
  });

  it.each(['', 'x_', 'x_-a', 'x_a-', 'X_a', 'x__a', 'x_a_b', `x_${'a'.repeat(62)}`, 'x_a\n', 'x-a'])(
    'refuse %j',
    (id) => {
      expect(ExecutionId.safeParse(id).success).toBe(false);
    },
  );

  it('are named as what they are where a task is expected', () => {
    expect(TaskId.safeParse('x_bugfix-7f3k').error?.issues).toMatchObject([
      { message: 'x_bugfix-7f3k is an execution, not a task' },
    ]);
  });
});

describe('digests', () => {
  it('do not depend on the order of keys, and do on every value', () => {
    expect(digestOf({ a: 1, b: { c: [1, 2], d: undefined } })).toBe(digestOf({ b: { c: [1, 2] }, a: 1 }));
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        if (same) expect(digestOf(a)).toBe(digestOf(b));
      }),
    );
    expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]));
  });

  it('are SHA-256', () => {
    expect(digestOfText('')).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

describe('clipping', () => {
  it('never gives more than asked and says that something is missing', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 20 }), (text, max) => {
        for (const cut of [clip(text, max), tail(text, max)]) {
          expect(cut.length).toBeLessThanOrEqual(max);
          expect(cut === text || cut.includes('…')).toBe(true);
        }
      }),
    );
  });

  it('has only bounds that are whole and positive', () => {
    for (const bound of Object.values(LIMITS)) expect(Number.isInteger(bound) && bound > 0).toBe(true);
  });
});

const evidence = (exitCode: number | null, restored?: string[]) => ({
  name: 'tests',
  command: ['npm', 'test'],
  commit: 'abcdef0123',
  exitCode,
  passed: exitCode === 0,
  durationMs: 1,
  output: 'sha256:00',
  tail: 'output',
  ...(restored === undefined ? {} : { restored }),
});

describe('the check gate', () => {
  it.each([
    ['unverified', []],
    ['passed', [evidence(0)]],
    ['failed', [evidence(0), evidence(1)]],
    ['failed', [evidence(null)]],
  ] as const)('is %s by evidence alone', (status, all) => {
    expect(checkGate('abc', all).status).toBe(status);
  });

  it('tells what failed, how, and with which tests', () => {
    const { message, output } = checkFailure([evidence(1, ['test/a.test.js']), evidence(null), evidence(0)]);
    expect(message).toBe(
      'check failed: tests exited with 1 with test/a.test.js as in the base commit; tests did not end in time',
    );
    expect(output).toBe('output\noutput');
  });

  it('says unverified at the approval', () => {
    const published = { digest: 'd' } as Parameters<typeof approvalGate>[1];
    expect(approvalGate('abcdef0123', published, []).question).toContain('unverified');
    expect(approvalGate('abcdef0123', published, [evidence(0)]).question).toBe('evidence 1 of 1 for abcdef0');
  });
});
