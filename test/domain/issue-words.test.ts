/** What is wrong with an input, in words: what was expected, and what kind of thing was found; never a value. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operations } from '../../src/domain/operations.ts';
import { parseInput } from '../../src/domain/parse-input.ts';

const wordsFor = (schema: z.ZodType, value: unknown): string => {
  try {
    parseInput('field', schema, value);
    return 'taken';
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^field: /, '') : '';
  }
};

const Way = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('look') }),
  z.strictObject({ act: z.literal('abort') }),
]);

describe('says', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['that there is none', z.string(), undefined, 'expected a text, got nothing'],
    ['that it is null', z.boolean(), null, 'expected true or false, got null'],
    ['that it is a number', z.array(z.string()), 5, 'expected a list, got a number'],
    ['that it is a list', z.strictObject({}), [], 'expected an object, got a list'],
    ['that it is a truth', z.record(z.string(), z.string()), true, 'expected an object, got true'],
    ['that it is an object', z.number(), {}, 'expected a number, got an object'],
    ['that it is no number', z.number(), Number.NaN, 'expected a number, got NaN'],
    ['that it is broken', z.int(), 1.5, 'expected a whole number, got a broken one'],
    ['that it is a text', z.int(), 'abc', 'expected a number, got a text'],
    ['that it is empty', z.string().min(1), '', 'expected a text, got an empty one'],
    ['that it is short', z.string().min(3), 'ab', 'expected at least 3 characters, got 2'],
    ['that it is long', z.string().max(4), 'x'.repeat(5), 'expected at most 4 characters, got 5'],
    ['that there are few', z.array(z.int()).min(2), [1], 'expected at least 2 items, got 1'],
    ['that there are many', z.array(z.int()).max(1), [1, 2], 'expected at most 1 item, got 2'],
    ['that it is little', z.int().min(1), 0, 'expected at least 1'],
    ['that it is much', z.number().max(10), 11, 'expected at most 10'],
    ['that it is none', z.number().positive(), 0, 'expected more than 0'],
    ['which there are', z.enum(['a', 'b']), 'c', 'expected one of a, b, got another value'],
    ['which there is', z.literal(true), undefined, 'expected true, got nothing'],
    ['what form it has', z.url(), 'x', 'expected a URL, got another text'],
    [
      'what a time is',
      z.iso.datetime(),
      'x',
      'expected a time such as 2026-12-31T00:00:00Z, got another text',
    ],
    ['what it matches', z.string().regex(/^a$/), 'b', 'expected a text that matches /^a$/, got another text'],
    ['what nobody knows', z.strictObject({}), { 'b"': 1 }, 'unknown field "b\\""'],
    ['which ones nobody knows', z.strictObject({}), { a: 1, b: 2 }, 'unknown fields "a", "b"'],
    [
      'what else it may be',
      z.union([z.string(), z.array(z.string())]),
      5,
      'expected a text or a list, got a number',
    ],
    ['which way is meant', Way, { act: 'go' }, 'act: expected one of look, abort, got another value'],
    ['what a schema says itself', z.string({ error: 'expected a name' }), 5, 'expected a name'],
  ])('%s', (_, schema, value, words) => {
    expect(wordsFor(schema, value)).toBe(words);
  });
});

it.each([
  ['create', { title: 'A' }, 'id: expected a text, got nothing'],
  ['tell', { id: 'one', text: '' }, 'text: expected a text, got an empty one'],
  ['tell', { id: 'one', text: 'x'.repeat(5_000) }, 'text: expected at most 4096 characters, got 5000'],
  ['list', { limit: 'abc', status: ['zzz'] }, 'limit: expected a number, got a text'],
] as const)('%s is told in the same words', (name, input, words) => {
  expect(() => parseInput(name, operations[name].input, input)).toThrow(words);
});
