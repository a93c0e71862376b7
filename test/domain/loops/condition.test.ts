import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  property,
  record,
  string,
  stringMatching,
  tuple,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMPARISONS, type Condition, conditionFrom } from '../../../src/domain/loops/condition.ts';
import { evaluate, type Known, valueFor } from '../../../src/domain/loops/evaluate.ts';
import { operandText, referenceFrom } from '../../../src/domain/loops/references.ts';

const parsed = (text: string): Condition => {
  const read = conditionFrom(text);
  if ('problem' in read) throw new Error(read.problem);
  return read;
};

const KNOWN: Known = {
  inputs: { goal: 'tests', risky: true, most: 3 },
  skills: {
    plan: { state: 'completed', outputs: { risk: 'high', files: ['a.ts'], size: 12 } },
    build: { state: 'failed', outputs: { note: 'half done' } },
    docs: { state: 'skipped' },
    review: {
      state: 'completed',
      items: [
        { state: 'completed', outputs: { verdict: 'ok' } },
        { state: 'completed', outputs: { verdict: 'ok' } },
      ],
    },
    mixed: {
      state: 'completed',
      items: [{ state: 'completed', outputs: { verdict: 'ok' } }, { state: 'failed' }],
    },
    refused: {
      state: 'completed',
      items: [{ state: 'failed' }, { state: 'completed', outputs: { verdict: 'fix' } }],
    },
    none: { state: 'completed', items: [] },
  },
};

describe('a condition has one of three answers', () => {
  it.each([
    ["plan.risk == 'high'", 'yes'],
    ['plan.risk == "low"', 'no'],
    ["plan.risk != 'low'", 'yes'],
    ['plan.size > 10', 'yes'],
    ['plan.size <= 10', 'no'],
    ['inputs.most >= 3', 'yes'],
    ['inputs.most < 3', 'no'],
    ['10 < plan.size', 'yes'],
    ['inputs.risky == true', 'yes'],
    ["build.state == 'failed'", 'yes'],
    ["docs.state == 'skipped'", 'yes'],
    // It has not begun.
    ["later.state == 'pending'", 'yes'],
    ["review.every.verdict == 'ok'", 'yes'],
    ["review.every.state == 'completed'", 'yes'],
    ["mixed.every.state == 'completed'", 'no'],
    // One that says no is enough, whatever the failed one would have said.
    ["refused.every.verdict == 'ok'", 'no'],
    // && binds closer than ||.
    ["plan.risk == 'low' && plan.size > 10 || inputs.risky == true", 'yes'],
    ["inputs.risky == true || plan.risk == 'low' && plan.size > 10", 'yes'],
    ["plan.risk == 'low' && inputs.risky == true || plan.size < 10", 'no'],
  ])('%s: %s', (text, holds) => {
    expect(evaluate(parsed(text), KNOWN)).toEqual({ holds });
  });

  it.each([
    ["docs.note == 'x'", ['docs.note (docs is skipped)']],
    ["docs.note != 'x'", ['docs.note (docs is skipped)']],
    ["build.note == 'half done'", ['build.note (build is failed)']],
    ["later.note == 'x'", ['later.note (later is pending)']],
    ["plan.gone == 'x'", ['plan.gone (plan did not return it)']],
    ["inputs.gone == 'x'", ['inputs.gone (not given)']],
    ["mixed.every.verdict == 'ok'", ['mixed.every.verdict (item 2 of mixed is failed)']],
    ["none.every.verdict == 'ok'", ['none.every.verdict (none has no items)']],
    ["none.every.verdict != 'ok'", ['none.every.verdict (none has no items)']],
    [
      "docs.note == 'x' && build.note == 'y'",
      ['docs.note (docs is skipped)', 'build.note (build is failed)'],
    ],
  ])('%s is unknown, and why', (text, missing) => {
    expect(evaluate(parsed(text), KNOWN)).toEqual({ holds: 'unknown', missing });
  });

  it.each([
    ["docs.state == 'completed' && docs.note == 'x'", 'no'],
    ["docs.state == 'skipped' || docs.note == 'x'", 'yes'],
    ["docs.note == 'x' || docs.state == 'skipped'", 'yes'],
  ])('a state beside it decides: %s', (text, holds) => {
    expect(evaluate(parsed(text), KNOWN)).toEqual({ holds });
  });

  it('nothing of an object itself is an input or an output', () => {
    expect(evaluate(parsed("inputs.constructor == 'x'"), KNOWN).holds).toBe('unknown');
    expect(evaluate(parsed("plan.constructor == 'x'"), KNOWN).holds).toBe('unknown');
    expect(evaluate(parsed("constructor.every.name == 'x'"), KNOWN)).toEqual({
      holds: 'unknown',
      missing: ['constructor.every.name (constructor is pending)'],
    });
  });
});

describe('what is no condition is told with what would be one', () => {
  it.each([
    ['', 'expected a comparison such as'],
    ['plan.risk', 'write plan.risk == true'],
    ['inputs.risky && inputs.most > 2', 'write inputs.risky == true'],
    ["plan.risk = 'high'", 'expected =='],
    ["(plan.risk == 'high')", 'no parentheses'],
    ['!plan.done == true', 'expected != or'],
    ["plan.risk == 'high' & plan.size > 2", 'expected &&'],
    ["plan.risk == 'high' plan.size > 2", 'expected && or ||'],
    ["plan.risk == 'high' &&", 'got nothing'],
    ["plan.risk == 'high", 'is not closed'],
    ['plan.risk == high!', 'expected != or'],
    ['Plan.risk == 3', 'expected a reference'],
    ['plan.every.risk.more == 3', 'expected a reference'],
    [Array(21).fill('inputs.most > 1').join(' || '), 'at most 20 comparisons'],
  ])('%s', (text, words) => {
    expect(conditionFrom(text)).toEqual({ problem: expect.stringContaining(words) });
  });
});

describe('of every condition', () => {
  const name = stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter(
    (one) => !['inputs', 'every', 'true', 'false'].includes(one),
  );
  const reference = oneof(
    name.map((one) => `inputs.${one}`),
    tuple(name, name).map(([skill, output]) => `${skill}.${output}`),
    tuple(name, name).map(([skill, output]) => `${skill}.every.${output}`),
  );
  const operand = oneof(
    reference,
    integer().map(String),
    boolean().map(String),
    string({ maxLength: 12 })
      .filter((one) => !/['"]/.test(one))
      .map((one) => `'${one}'`),
  );
  const comparison = tuple(operand, constantFrom(...COMPARISONS), operand).map((parts) => parts.join(' '));
  const text = tuple(comparison, array(tuple(constantFrom('&&', '||'), comparison), { maxLength: 5 })).map(
    ([first, rest]) => [first, ...rest.flat()].join(' '),
  );

  it('what was read and written again is read as the same', () => {
    assert(
      property(text, (written) => {
        const { any } = parsed(written);
        const again = any
          .map((all) =>
            all.map(({ left, is, right }) => `${operandText(left)} ${is} ${operandText(right)}`).join(' && '),
          )
          .join(' || ');
        expect(parsed(again).any).toEqual(any);
      }),
    );
  });

  it('blanks change nothing', () => {
    assert(
      property(
        comparison.filter((one) => !one.includes("'")),
        (written) => {
          expect(parsed(written.replaceAll(' ', '')).any).toEqual(
            parsed(`  ${written.replaceAll(' ', '  ')} `).any,
          );
        },
      ),
    );
  });

  it('no text makes the parser throw', () => {
    assert(
      property(
        oneof(
          string(),
          text.map((one) => one.slice(1)),
        ),
        (written) => {
          const read = conditionFrom(written);
          expect('problem' in read ? read.problem : read.any.length).toBeTruthy();
        },
      ),
    );
  });

  const value = oneof(constant('x'), integer({ min: 0, max: 3 }), boolean());
  const outcome = record({
    state: constantFrom('completed' as const, 'failed' as const, 'skipped' as const),
    outputs: record({ a: value, b: value }),
  });

  it('a missing value never decides: whatever it had been, an answer that is not unknown stays the same', () => {
    const small = constantFrom(
      "s.a == 'x'",
      's.b != 1',
      "t.state == 'failed'",
      "t.a == 'x'",
      'inputs.n > 1',
      't.b == true',
    );
    const joined = tuple(small, array(tuple(constantFrom('&&', '||'), small), { maxLength: 4 })).map(
      ([first, rest]) => [first, ...rest.flat()].join(' '),
    );
    assert(
      property(joined, outcome, outcome, (written, s, t) => {
        const condition = parsed(written);
        const with_ = { inputs: { n: 2 }, skills: { s: { ...s, state: 'completed' as const }, t } };
        const without = { inputs: { n: 2 }, skills: { s: { state: 'completed' as const }, t } };
        const answer = evaluate(condition, without);
        if (answer.holds !== 'unknown') expect(evaluate(condition, with_)).toEqual(answer);
        else expect(answer.missing.length).toBeGreaterThan(0);
      }),
    );
  });
});

it('the values of every item are a list where all of them have one', () => {
  const of = (text: string) => {
    const reference = referenceFrom(text);
    return reference === undefined ? undefined : valueFor(reference, KNOWN);
  };
  expect(of('review.every.verdict')).toEqual(['ok', 'ok']);
  expect(of('mixed.every.verdict')).toBeUndefined();
  expect(of('none.every.verdict')).toBeUndefined();
  expect(of('plan.files')).toEqual(['a.ts']);
  expect(of('build.note')).toBeUndefined();
});
