/** The inputs of an execution, from what its caller gives. Pure. */
import type { LoopDefinition } from './definition.ts';
import type { LoopPlan } from './loop-plan.ts';
import { problemWithValue, typeFrom, type Value, type ValueType } from './value-types.ts';

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
    .map((name) => noInput(name, loop, Object.keys(inputs)));
  for (const [name, { type, required, default: fallback }] of Object.entries(inputs)) {
    const value = Object.hasOwn(given, name) ? given[name] : fallback;
    const problem = problemWithInput({ loop, type, required }, value);
    if (problem !== undefined) problems.push(`${name}: ${problem}`);
    else if (value !== undefined) values[name] = value as Value; // as its type says
  }
  return { values, problems };
}

/** What is wrong with those of a plan that are given already: what is lacking may still be said. */
export function problemsWithGiven(
  { loop, inputs }: Pick<LoopPlan, 'loop' | 'inputs'>,
  given: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const input = inputs.find((one) => one.name === name);
    const names = inputs.map((one) => one.name);
    if (input === undefined) return [noInput(name, loop, names)];
    const type = typeFrom(input.type);
    const problem = typeof type === 'string' ? undefined : problemWithValue(type, value);
    return problem === undefined ? [] : [`${name}: ${problem}`];
  });
}

interface Input {
  /** Whose input it is. */
  readonly loop: string;
  readonly type: ValueType;
  readonly required: boolean;
}

/** In words that say what would be right; undefined when nothing is wrong. @param value undefined: none was given, and there is no default */
export function problemWithInput({ loop, type, required }: Input, value: unknown): string | undefined {
  if (value !== undefined) return problemWithValue(type, value);
  return required ? `expected a value, because ${loop} cannot do without` : undefined;
}

const noInput = (name: string, loop: string, names: readonly string[]): string =>
  `${name}: ${loop} has no such input: expected ${names.length === 0 ? 'none' : `one of ${names.join(', ')}`}`;
