/** Schemas of values of loops, and of their types as they are written. Pure. */
import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { TYPE_EXPECTED, typeFrom, type ValueType } from './value-types.ts';

export const Value = z.union([
  z.string().max(LIMITS.valueCharsMax),
  z.number(),
  z.boolean(),
  z.array(z.string().max(LIMITS.valueCharsMax)).max(LIMITS.valueItemsMax).readonly(),
]);

/** A type as it is written: `string[]`, `enum(low, high)`. */
export const WrittenType = z
  .string({ error: TYPE_EXPECTED })
  .meta({
    pattern: '^(string|number|boolean|string\\[\\]|enum\\([^()]+\\))$',
    examples: ['string', 'number', 'boolean', 'string[]', 'enum(low, high)'],
  })
  .transform((written, context): ValueType => {
    const read = typeFrom(written.trim());
    if (typeof read !== 'string') return read;
    context.issues.push({ code: 'custom', message: read, input: written });
    return z.NEVER;
  });

// Workflows preload this module, which is frozen then, and zod makes parts of a schema on first use: use every part before that.
for (const value of ['a', 1, true, ['a'], {}]) Value.safeParse(value);
