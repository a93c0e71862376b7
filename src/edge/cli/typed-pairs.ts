/** Values from the command line, `name=value`, by the types that a loop declares. Pure. */
import { InvalidArgumentError } from 'commander';
import { PawlError } from '../../domain/failures.ts';
import type { Value } from '../../domain/loops/value-types.ts';
import { listIn, valueIn } from '../../domain/loops/written-values.ts';

export interface Pair {
  readonly name: string;
  readonly text: string;
}

export function pair(written: string): Pair {
  const at = written.indexOf('=');
  if (at > 0) return { name: written.slice(0, at), text: written.slice(at + 1) };
  throw new InvalidArgumentError('expected name=value, such as goal="Fix the login"');
}

/**
 * A list is given by naming it several times, or as JSON, of which `[]` is the empty one. What is not declared stays a text: the engine says what there is.
 * @param types as they are written in the loop, by name
 * @throws PawlError `invalid_input` for a text that is no number or boolean
 */
export function valuesFrom(
  pairs: readonly Pair[],
  types: Readonly<Record<string, string>>,
): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const { name, text } of pairs) {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    const before = values[name];
    if (type === 'string[]')
      values[name] = [...(typeof before === 'object' ? before : []), ...(listIn(text) ?? [text])];
    else if (before !== undefined)
      throw new PawlError('invalid_input', `${name}: expected one value, got several`);
    else values[name] = valueFrom(name, text, type);
  }
  return values;
}

function valueFrom(name: string, text: string, type: string | undefined): Value {
  const value = valueIn(text, type);
  if (value !== undefined) return value;
  throw new PawlError('invalid_input', `${name}: expected ${type}, got ${JSON.stringify(text)}`);
}
