/** The inputs of a loop as a person types them, and the values that they are. Pure. */
import { problemWithInput } from '../../domain/loops/inputs.ts';
import type { LoopPlan } from '../../domain/loops/loop-plan.ts';
import { typeFrom, type Value, type ValueType } from '../../domain/loops/value-types.ts';
import { listIn, valueIn } from '../../domain/loops/written-values.ts';

export type PlannedInput = LoopPlan['inputs'][number];

/** What stands in the fields, by the names of the inputs. */
export type Texts = Readonly<Record<string, string>>;

/** The engine has read the loop before it tells of it: its types are ones. */
export function typeOf({ type }: PlannedInput): ValueType {
  const read = typeFrom(type);
  return typeof read === 'string' ? { kind: 'string' } : read;
}

/** What is wrong with a field, in the engine's words; undefined when nothing is. */
export function problemWithText(loop: string, input: PlannedInput, text: string): string | undefined {
  const { required, value: fallback } = input;
  const type = typeOf(input);
  // A text that is no value of the type is shown in the words for it.
  const value = text.trim() === '' ? fallback : (typedValue(type, text) ?? text);
  return problemWithInput({ loop, type, required }, value);
}

/** Of the fields in which something stands, and is right. */
export function valuesOf(inputs: LoopPlan['inputs'], texts: Texts): Record<string, Value> {
  return Object.fromEntries(
    inputs.flatMap((input) => {
      const text = textOf(texts, input);
      const value = text.trim() === '' ? undefined : typedValue(typeOf(input), text);
      return value === undefined ? [] : [[input.name, value]];
    }),
  );
}

/** A list is written with an item a line, or as JSON. */
function typedValue({ kind }: ValueType, text: string): Value | undefined {
  if (kind !== 'string[]') return valueIn(text, kind);
  return (
    listIn(text) ??
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  );
}

export const textOf = (texts: Texts, { name }: Pick<PlannedInput, 'name'>): string =>
  Object.hasOwn(texts, name) ? (texts[name] ?? '') : '';

/** Fields as they were kept. What was kept by another version of the page is none. */
export function textsIn(kept: string): Texts {
  try {
    const texts: unknown = JSON.parse(kept);
    const all = typeof texts === 'object' && texts !== null ? Object.entries(texts) : [];
    return Object.fromEntries(all.filter(([, text]) => typeof text === 'string'));
  } catch {
    return {};
  }
}
