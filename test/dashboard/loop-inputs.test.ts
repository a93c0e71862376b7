/** The fields of a loop: what is typed as values, and what is said where it is wrong. */
import { expect, it } from 'vitest';
import {
  type PlannedInput,
  problemWithText,
  textsIn,
  valuesOf,
} from '../../src/dashboard/now/loop-inputs.ts';
import { executionOf, givenBy } from '../../src/dashboard/now/new-execution.ts';
import type { LoopPlan } from '../../src/domain/loops/loop-plan.ts';
import { inputText } from '../../src/domain/loops/plan-words.ts';

const input = (name: string, type: string, more: Partial<PlannedInput> = {}): PlannedInput => ({
  ...{ name, type, required: false },
  ...more,
});

it.each([
  ['number', '12.5', 12.5],
  ['boolean', 'true', true],
  ['boolean', 'false', false],
  ['enum(low, high)', 'high', 'high'],
  ['string', ' as it is\n', ' as it is\n'],
  ['string[]', 'a\n\n b c \n', ['a', 'b c']],
  ['string[]', '["a\\nb", "c"]', ['a\nb', 'c']],
  ['string[]', '[draft] a', ['[draft] a']],
])('of the type %s %j is %j', (type, text, value) => {
  const field = input('it', type);
  expect(problemWithText('release', field, text)).toBeUndefined();
  expect(valuesOf([field], { it: text })).toEqual({ it: value });
});

it.each([
  [input('it', 'number'), 'many', 'expected number, got "many"'],
  [input('it', 'enum(low, high)'), 'huge', 'expected enum(low, high), got "huge"'],
  [input('it', 'string'), 'x'.repeat(20_000), /^expected a text of at most 16384 characters/],
  [input('it', 'string', { required: true }), ' ', 'expected a value, because release cannot do without'],
])('what is wrong is said: %j', (field, text, problem) => {
  expect(problemWithText('release', field, text)).toMatch(problem);
});

it('a field in which nothing stands is not sent, and is wrong only where the loop cannot do without', () => {
  const fields = [input('a', 'number'), input('b', 'string', { value: 'not known' })];
  expect(fields.map((field) => problemWithText('release', field, ''))).toEqual([undefined, undefined]);
  expect(valuesOf(fields, { a: '', b: '  ' })).toEqual({});
});

const planOf = (...inputs: PlannedInput[]): LoopPlan => ({
  ...{ loop: 'release', inputs, problems: [], phases: [], agentRunsMost: 0, approvalsMost: 0 },
});

it('the words are the value of the one text that the loop cannot do without, and its title', () => {
  const plan = planOf(input('goal', 'string', { required: true }), input('size', 'number'));
  const typed = {
    plan,
    repository: '/r',
    requirement: 'Fix it\nsoon',
    texts: { size: '3' },
    priority: 'high',
  };
  expect(executionOf(typed)).toEqual({
    ...{ loop: 'release', project: '/r', driver: 'engine', title: 'Fix it', priority: 'high' },
    inputs: { goal: 'Fix it\nsoon', size: 3 },
  });
});

it.each([[[]], [[input('a', 'string', { required: true }), input('b', 'string', { required: true })]]])(
  'where it is not plain which input that is, the words are not sent',
  (inputs) => {
    const typed = {
      plan: planOf(...inputs),
      repository: '/r',
      requirement: 'Fix it',
      texts: { a: 'x' },
      priority: '',
    };
    expect(executionOf(typed)).toEqual({
      ...{ loop: 'release', project: '/r', driver: 'engine' },
      inputs: inputs.length === 0 ? {} : { a: 'x' },
    });
  },
);

it.each([
  ['{"a":"x","b":1}', { a: 'x' }],
  ['', {}],
  ['null', {}],
  ['"x"', {}],
])('what was kept as %j is %j', (kept, texts) => expect(textsIn(kept)).toEqual(texts));

const SOME = planOf(
  input('goal', 'string', { required: true, description: 'What to do' }),
  input('size', 'number', { value: 2 }),
  input('notes', 'string[]'),
);

it.each([
  [
    {},
    ['goal: string, required, still to be given (What to do)', 'size: number, default 2', 'notes: string[]'],
  ],
  [
    { requirement: 'Fix it', texts: { size: '3', notes: 'a\nb' }, priority: 'high' },
    [
      'goal: string, required, given "Fix it" (What to do)',
      'size: number, given 3',
      'notes: string[], given ["a","b"]',
    ],
  ],
  [
    { requirement: '  ', texts: { size: 'many' } },
    ['goal: string, required, still to be given (What to do)', 'size: number, default 2', 'notes: string[]'],
  ],
])('before it is begun each input is told as on the command line: %j', (typed, lines) => {
  const given = givenBy({
    ...{ plan: SOME, repository: '/r', requirement: '', texts: {}, priority: '' },
    ...typed,
  });
  expect(SOME.inputs.map((one) => inputText(one, given))).toEqual(lines);
  expect(given.priority).toBe('priority' in typed ? typed.priority : undefined);
});
