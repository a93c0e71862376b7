/** Untrusted input becomes what a schema says, or is refused by the paths of its problems. Pure. */
import type { z } from 'zod';
import { PawlError } from './failures.ts';
import { issueWords } from './issue-words.ts';
import { pathToLoneSurrogate } from './lone-surrogates.ts';

/**
 * @param name of what is called, for a problem with the whole
 * @throws PawlError `invalid_input` with the path and the expectation of every problem, never a value
 */
export function parseInput<S extends z.ZodType>(name: string, schema: S, raw: unknown): z.output<S> {
  const parsed = schema.safeParse(raw, { error: issueWords });
  const broken = pathToLoneSurrogate(raw);
  if (parsed.success && broken === undefined) return parsed.data;
  const issues = parsed.error?.issues ?? [];
  const problems = issues.map(({ path, message }) => `${path.join('.') || name}: ${message}`);
  // A key of the caller's may be what is broken.
  if (broken !== undefined) problems.push(`${broken.join('.').toWellFormed() || name}: ${HALF_A_CHARACTER}`);
  throw new PawlError('invalid_input', problems.join('; '), {
    details: [...issues.flatMap(fieldsOf), ...(broken === undefined ? [] : [broken])],
  });
}

export const HALF_A_CHARACTER =
  'expected whole characters, got half of a surrogate pair: was a text cut in the middle?';

/** The paths that a problem is about: of a field that nobody knows, its own. */
const fieldsOf = (issue: z.core.$ZodIssue): readonly PropertyKey[][] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
