/** A schema as a client is shown it: no longer than what it says, because a model reads every one at each start. */
import { z } from 'zod';
import type { JsonObject } from './serving.ts';

type Direction = 'input' | 'output';
type Part = z.core.JSONSchema.BaseSchema;

export function jsonSchemaOf(object: z.ZodObject, io: Direction): JsonObject {
  const { $schema: _, ...schema } = z.toJSONSchema(object, {
    io,
    override: ({ jsonSchema, path }) => {
      shorten(jsonSchema);
      if (io === 'output') loosen(jsonSchema, path.length > 0);
    },
  });
  return { ...schema, type: 'object' };
}

/** Takes away what goes without saying. The server checks by the schema itself all the same. */
function shorten(part: Part): void {
  if (part.minimum === Number.MIN_SAFE_INTEGER) delete part.minimum;
  if (part.maximum === Number.MAX_SAFE_INTEGER) delete part.maximum;
  // It says the format once more, in hundreds of characters.
  if (part.format !== undefined) delete part.pattern;
  if (says(part.propertyNames, { type: 'string' })) delete part.propertyNames;
  if (says(part.additionalProperties, {})) delete part.additionalProperties;
}

/** Of an answer a client has to know what its fields are, and no more: nobody has to make one by it. */
function loosen(part: Part, nested: boolean): void {
  // There may be more fields one day, and a client that was told of none would refuse them.
  if (part.additionalProperties === false) delete part.additionalProperties;
  if (part.const !== undefined || part.enum !== undefined) delete part.type;
  if (nested) delete part.required;
}

const says = (part: unknown, words: object): boolean => JSON.stringify(part) === JSON.stringify(words);
