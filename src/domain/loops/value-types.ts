/**
 * The types that inputs of a loop and outputs of its skills have, and the values that are of them. Pure. Apart from
 * `value-schemas.ts`, whose schemas the live page need not load.
 */
import { clip, LIMITS } from '../limits.ts';

export type ValueType =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'string[]' }
  | { readonly kind: 'enum'; readonly of: readonly string[] };

/** What is carried from skill to skill: as a value, and never as text that a shell reads. */
export type Value = string | number | boolean | readonly string[];

const PLAIN = ['string', 'number', 'boolean', 'string[]'] as const;
const ENUM = /^enum\(([^()]*)\)$/;
const ENUM_VALUE = /^[\p{L}\p{N}][\p{L}\p{N} ._/-]{0,99}$/u;

/** The expectation is the whole message: a reader sees what may stand there. */
export const TYPE_EXPECTED = 'expected a type: string, number, boolean, string[] or enum(low, high)';

/** The type, or what is wrong with the text: as it is written, `string[]` or `enum(low, high)`. */
export function typeFrom(text: string): ValueType | string {
  const plain = PLAIN.find((kind) => kind === text);
  if (plain !== undefined) return { kind: plain };
  const list = ENUM.exec(text)?.[1];
  if (list === undefined) return `${TYPE_EXPECTED}, got ${JSON.stringify(clip(text, 60))}`;
  const of = list.split(',').map((value) => value.trim());
  const wrong = of.find((value) => !ENUM_VALUE.test(value));
  if (wrong !== undefined)
    return `expected words with commas between them, such as enum(low, high), got ${JSON.stringify(clip(wrong, 60))}`;
  if (new Set(of).size < of.length) return 'expected each value of an enum once';
  return of.length <= LIMITS.enumValuesMax
    ? { kind: 'enum', of }
    : `expected at most ${LIMITS.enumValuesMax} values, got ${of.length}`;
}

/** A value in one line; what is empty is seen to be. */
export function valueText(value: Value): string {
  if (value === '') return '""';
  if (typeof value !== 'object') return String(value);
  return value.length === 0 ? '[]' : value.join(', ');
}

/** As it is written in a loop. */
export const typeText = (type: ValueType): string =>
  type.kind === 'enum' ? `enum(${type.of.join(', ')})` : type.kind;

/** What is wrong with a value for this type, in words that say what would be right; undefined when nothing is. */
export function problemWithValue(type: ValueType, value: unknown): string | undefined {
  return isOf(type, value) ? tooLarge(value) : `expected ${typeText(type)}, got ${whatIs(value)}`;
}

function isOf(type: ValueType, value: unknown): boolean {
  switch (type.kind) {
    case 'string':
    case 'boolean':
      return typeof value === type.kind;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'string[]':
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
    case 'enum':
      return type.of.some((one) => one === value);
    default:
      return type satisfies never;
  }
}

function tooLarge(value: unknown): string | undefined {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const longest = texts.reduce<number>((most, text) => Math.max(most, String(text).length), 0);
  if (longest > LIMITS.valueCharsMax)
    return `expected a text of at most ${LIMITS.valueCharsMax} characters, got one of ${longest}`;
  return texts.length > LIMITS.valueItemsMax
    ? `expected at most ${LIMITS.valueItemsMax} texts, got ${texts.length}`
    : undefined;
}

/** A value may be a secret, so a long or strange one is not repeated. */
function whatIs(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return value.length <= 40 ? JSON.stringify(value) : 'another text';
  return typeof value === 'object' ? 'an object' : String(value);
}
