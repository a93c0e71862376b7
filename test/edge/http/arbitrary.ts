/** Inputs of an operation, made from its own schema: those that it takes, and those that miss it by one thing. */
import fc from 'fast-check';
import { z } from 'zod';

type Schema = z.core.JSONSchema.BaseSchema;
type Values = Record<string, unknown>;

/** What the schema takes, as a caller would write it. JSON Schema says a little less than zod, hence the filter. */
export function valid(input: z.ZodObject): fc.Arbitrary<Values> {
  const made = arbitraryOf(z.toJSONSchema(input, { io: 'input' })) as fc.Arbitrary<Values>;
  return made.filter((value) => input.safeParse(value).success);
}

/** A valid one with one thing wrong. */
export function invalid(input: z.ZodObject): fc.Arbitrary<Values> {
  const fields = Object.keys(input.shape);
  const wrong = fc.oneof(
    fc.constantFrom('constructor', 'Id', 'x', '').map((key): Values => ({ [key]: 'unknown' })),
    ...(fields.length === 0
      ? []
      : [
          fc
            .record({ field: fc.constantFrom(...fields), value: WRONG })
            .map(({ field, value }): Values => ({ [field]: value })),
        ]),
  );
  return fc
    .tuple(valid(input), wrong)
    .map(([right, change]) => ({ ...right, ...change }))
    .filter((value) => !input.safeParse(value).success);
}

/** Never an empty text: where it stood in a path, the path would be another one. */
const WRONG = fc.oneof(
  fc.constantFrom(
    -1,
    1.5,
    1e21,
    true,
    null,
    ' ',
    '../..',
    '\u0000',
    '__proto__',
    'x'.repeat(70_000),
    '\u{1F980}',
  ),
  fc.string({ minLength: 1 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
  // A body with that key is refused before anybody looks at its fields: `api.test.ts`.
  fc
    .dictionary(fc.string({ minLength: 1 }), fc.integer(), { minKeys: 1, maxKeys: 2 })
    .filter((value) => !Object.hasOwn(value, '__proto__')),
);

function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf ?? schema.enum?.map((value) => ({ const: value }));
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => arbitraryOf(asSchema(choice))));
  if (schema.const !== undefined) return fc.constant(schema.const);
  switch (schema.type) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer({
        min: schema.minimum ?? -1_000,
        max: Math.min(schema.maximum ?? 1_000, 0x7fff_ffff),
      });
    case 'number':
      return fc.double({
        min: schema.minimum ?? Number(schema.exclusiveMinimum ?? -1e6),
        max: schema.maximum ?? 1e6,
        noNaN: true,
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(arbitraryOf(asSchema(schema.items)), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, (schema.minItems ?? 0) + 3),
      });
    case 'object':
      return objectOf(schema);
    default:
      // JSON with this key is refused at any depth.
      return fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes('"__proto__":'));
  }
}

const DATE = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9000-01-01') });

function textOf({ pattern, minLength = 0, maxLength = 100, format }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') return DATE.map((date) => date.toISOString());
  if (format === 'date') return DATE.map((date) => date.toISOString().slice(0, 10));
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 100), unit: 'grapheme' });
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<Values> {
  const fields = Object.entries(properties).map(
    ([key, field]) => [key, arbitraryOf(asSchema(field))] as const,
  );
  const own: fc.Arbitrary<Values> = fc.record(Object.fromEntries(fields), {
    requiredKeys: [...required],
    noNullPrototype: true,
  });
  if (typeof additionalProperties !== 'object') return own;
  // A record of free keys; this one is refused by itself.
  const key = fc.string({ maxLength: 20 }).filter((text) => text !== '__proto__');
  return fc.dictionary(key, arbitraryOf(additionalProperties), { maxKeys: 3, noNullPrototype: true });
}

const asSchema = (schema: unknown): Schema =>
  typeof schema === 'object' && schema !== null ? { ...schema } : {};
