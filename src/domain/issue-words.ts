/** What is wrong with a value, in words: what was expected, and what kind of thing was found, never the value itself. Pure. */
import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/** For `safeParse`: what a schema says of itself goes before it. Undefined where zod's own words are as good. */
export const issueWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${NOUNS[issue.expected] ?? issue.expected}, got ${foundIn(issue)}`;
    case 'invalid_value':
      return `expected ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}, got ${otherIn(issue)}`;
    case 'too_small':
      return tooFew(issue);
    case 'too_big':
      return `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${amountIn(issue, issue.maximum)}`;
    case 'invalid_format':
      return `expected ${formIn(issue)}, got another text`;
    case 'not_multiple_of':
      return `expected a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `unknown field${issue.keys.length === 1 ? '' : 's'} ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
    case 'invalid_union':
      return anyOf(issue);
    default:
      return undefined;
  }
};

const NOUNS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  undefined: 'nothing',
};

function foundIn({ input, ...issue }: Issue): string {
  if (input === undefined) return 'nothing';
  if (input === null || typeof input === 'boolean' || Number.isNaN(input)) return String(input);
  if (typeof input === 'number' && 'expected' in issue && issue.expected === 'int') return 'a broken one';
  return (Array.isArray(input) ? NOUNS.array : NOUNS[typeof input]) ?? 'something else';
}

const otherIn = (issue: Issue): string => (issue.input === undefined ? 'nothing' : 'another value');

function tooFew(issue: Extract<Issue, { code: 'too_small' }>): string {
  if (issue.input === '') return 'expected a text, got an empty one';
  return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${amountIn(issue, issue.minimum)}`;
}

/** With the unit, and how much there is, where it is counted. */
function amountIn({ input }: Issue, bound: number | bigint): string {
  const unit = typeof input === 'string' ? 'character' : Array.isArray(input) ? 'item' : undefined;
  if (unit === undefined) return String(bound);
  const { length } = input as string | unknown[]; // as was just looked
  return `${bound} ${unit}${Number(bound) === 1 ? '' : 's'}, got ${length}`;
}

const FORMS: Readonly<Record<string, string>> = {
  url: 'a URL',
  datetime: 'a time such as 2026-12-31T00:00:00Z',
  date: 'a date such as 2026-12-31',
  base64: 'base64',
};

function formIn({ format, ...issue }: Extract<Issue, { code: 'invalid_format' }>): string {
  const pattern = 'pattern' in issue ? String(issue.pattern) : undefined;
  if (format === 'regex' && pattern !== undefined) return `a text that matches ${pattern}`;
  return FORMS[format] ?? `a text of the form ${format}`;
}

/** What each of its forms expects, where it is this value of which they expect it. */
function anyOf(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const { errors, options } = issue as { errors?: z.core.$ZodIssue[][]; options?: readonly unknown[] };
  if (options !== undefined)
    return `expected one of ${options.map(String).join(', ')}, got ${otherIn(issue)}`;
  const expected = (errors ?? []).map(([first]) =>
    first?.path.length === 0 ? /^expected (.*?)(?:, got .*)?$/s.exec(first.message)?.[1] : undefined,
  );
  const known = [...new Set(expected.filter((one) => one !== undefined))];
  return known.length === 0
    ? 'expected another value'
    : `expected ${known.join(' or ')}, got ${foundIn(issue)}`;
}
