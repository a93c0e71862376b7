/**
 * What a command of a loop is given: variables of its environment, `PAWL_IN_<NAME>`, one of each input of the loop, of each
 * value under `with`, which comes before an input of the same name, and of the item of a `for_each`. A text is as it is, a
 * number and a boolean as JSON has them, a list is a JSON array, because a line end may be part of an item. Pure.
 */
import { LIMITS } from '../limits.ts';
import { type Known, valueFor } from './evaluate.ts';
import type { Given } from './given.ts';
import { referenceText } from './references.ts';
import type { Skill } from './skill.ts';
import type { Value } from './value-types.ts';

export type Variables =
  | { readonly ok: true; readonly variables: Readonly<Record<string, string>> }
  /** Why the command cannot be given its values, in words. */
  | { readonly ok: false; readonly problems: readonly string[] };

export const VARIABLE_PREFIX = 'PAWL_IN_';

export function variablesFor(skill: Pick<Skill, 'with'>, known: Known): Variables {
  const problems: string[] = [];
  const values = new Map<string, Value>(Object.entries(known.inputs));
  for (const [name, given] of Object.entries(skill.with)) {
    const value = valueGiven(given, known);
    if (value !== undefined) values.set(name, value);
    else if ('reference' in given)
      problems.push(`with.${name}: ${referenceText(given.reference)} has no value`);
  }
  if (known.item !== undefined) values.set(known.item.name, known.item.value);
  const variables: Record<string, string> = {};
  for (const [name, value] of values) {
    const text = encoded(value);
    const problem = problemWith(text);
    if (problem === undefined) variables[`${VARIABLE_PREFIX}${name.toUpperCase()}`] = text;
    else problems.push(`${name}: ${problem}`);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, variables };
}

/** What stands under `with`, as a value; undefined where what it names has none. */
export const valueGiven = (given: Given, known: Known): Value | undefined =>
  'literal' in given ? given.literal : valueFor(given.reference, known);

const encoded = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value));

function problemWith(text: string): string | undefined {
  if (text.includes('\0')) return 'a NUL character cannot be in a variable';
  return text.length <= LIMITS.inputVariableCharsMax
    ? undefined
    : `expected at most ${LIMITS.inputVariableCharsMax} characters for a variable, got ${text.length}`;
}
