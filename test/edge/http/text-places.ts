/** Every place in an input where a text may stand, and inputs that have one there. Made from the schema, so no field is missed. */
import fc from 'fast-check';
import { z } from 'zod';
import { valid } from './arbitrary.ts';

type Schema = z.core.JSONSchema.BaseSchema;
export type Path = readonly (string | number)[];

/** A sound input but for the text, once for each place. */
export function inputsWith(
  input: z.ZodObject,
  text: string,
  seed: number,
): readonly (readonly [Path, unknown])[] {
  const [sound = {}] = fc.sample(valid(input), { seed, numRuns: 1 });
  return placesIn(z.toJSONSchema(input, { io: 'input' })).map((path) => [path, put(sound, path, text)]);
}

function placesIn(schema: Schema): Path[] {
  const choices = [schema.anyOf, schema.oneOf, schema.allOf].flat().map(asSchema);
  const fields = Object.entries(schema.properties ?? {}).map(
    ([key, field]) => [key, asSchema(field)] as const,
  );
  const held: readonly (readonly [string | number, Schema | undefined])[] = [
    ...fields,
    [0, asSchema(schema.items)],
    ['any-key', asSchema(schema.additionalProperties)],
  ];
  return [
    // Where anything may stand a text may.
    ...(schema.type === 'string' || isAnything(schema) ? [[]] : []),
    ...choices.flatMap((choice) => (choice === undefined ? [] : placesIn(choice))),
    ...held.flatMap(([key, inner]) =>
      inner === undefined ? [] : placesIn(inner).map((path) => [key, ...path]),
    ),
  ];
}

const isAnything = (schema: Schema): boolean =>
  ['type', 'const', 'enum', 'anyOf', 'oneOf', 'allOf'].every((word) => !(word in schema));

function put(value: unknown, [key, ...rest]: Path, text: string): unknown {
  if (key === undefined) return text;
  if (typeof key === 'number') return [put(undefined, rest, text)];
  const known = typeof value === 'object' && value !== null ? { ...value } : {};
  return { ...known, [key]: put((known as Record<string, unknown>)[key], rest, text) };
}

const asSchema = (schema: unknown): Schema | undefined =>
  typeof schema === 'object' && schema !== null ? { ...schema } : undefined;
