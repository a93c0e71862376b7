/** What a skill, or a loop that is included, is given under names of its own: `with: { files: plan.files }`. Pure. */
import { z } from 'zod';
import { clip, LIMITS } from '../limits.ts';
import { type Operand, ofTextInYaml, operandFrom, ValueName } from './references.ts';
import type { Value } from './value-types.ts';

export type Given = Operand | { readonly literal: Value };

/** By names that variables of a command can have. */
export const namedValues = <V extends z.ZodType>(value: V, max: number, what: string) =>
  z
    .record(ValueName, value)
    .refine((all) => Object.keys(all).length <= max, { error: `expected at most ${max} ${what}` });

const EXPECTED =
  'expected a reference such as inputs.goal or plan.risk, a number, true, false, a list of texts such as [a, b]';
const GIVEN = `${EXPECTED} or a text in quotes within quotes: "'fast'"`;

export const WrittenGiven = z
  .union(
    [
      z.string().max(LIMITS.valueCharsMax),
      z.number(),
      z.boolean(),
      z.array(z.string().max(LIMITS.valueCharsMax)).max(LIMITS.valueItemsMax),
    ],
    {
      error: GIVEN,
    },
  )
  .transform((written, context): Given => {
    if (typeof written !== 'string') return { literal: written };
    const operand = operandFrom(written);
    if (!('problem' in operand)) return operand;
    const message = `${EXPECTED} or a text in quotes, got ${JSON.stringify(clip(written, 60))}${ofTextInYaml(clip(written, 60))}`;
    context.issues.push({ code: 'custom', message, input: written });
    return z.NEVER;
  });
