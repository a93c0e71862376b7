/** The inputs of an execution, from what its caller gives. Pure. */
import type { LoopDefinition } from './definition.ts';
import { problemWithValue, type Value } from './value-types.ts';

export interface GivenInputs {
  /** With the defaults; one that may be left out and was has no value. */
  readonly values: Readonly<Record<string, Value>>;
  /** Each with the input's name. */
  readonly problems: readonly string[];
}

export function inputsFor(
  { loop, inputs }: Pick<LoopDefinition, 'loop' | 'inputs'>,
  given: Readonly<Record<string, unknown>>,
): GivenInputs {
  const values: Record<string, Value> = {};
  const problems = Object.keys(given)
    .filter((name) => !Object.hasOwn(inputs, name))
    .map((name) => `${name}: ${loop} has no such input: expected ${namesIn(inputs)}`);
  for (const [name, { type, required, default: fallback }] of Object.entries(inputs)) {
    const value = Object.hasOwn(given, name) ? given[name] : fallback;
    if (value === undefined) {
      if (required) problems.push(`${name}: expected a value, because ${loop} cannot do without`);
      continue;
    }
    const problem = problemWithValue(type, value);
    if (problem === undefined)
      values[name] = value as Value; // as its type says
    else problems.push(`${name}: ${problem}`);
  }
  return { values, problems };
}

const namesIn = (inputs: LoopDefinition['inputs']): string =>
  Object.keys(inputs).length === 0 ? 'none' : `one of ${Object.keys(inputs).join(', ')}`;
