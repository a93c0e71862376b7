/** In the place of a phase: the phases of another loop, with names of their own and what its inputs are. Pure. */
import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { type Condition, WrittenCondition } from './condition.ts';
import { type Given, namedValues, WrittenGiven } from './given.ts';
import { LoopId, Named } from './loop-words.ts';

export interface Include {
  readonly include: LoopId;
  /** What the ids of all that it has begin with, before a hyphen. */
  readonly as: string;
  /** By names of its inputs. */
  readonly with: Readonly<Record<string, Given>>;
  /** Holds for each of its skills and gates, besides their own. */
  readonly when?: Condition;
}

export const WrittenInclude = z
  .strictObject({
    include: LoopId.describe('another loop, whose phases stand here'),
    as: Named.optional().describe(
      'ids of its phases, skills, gates and checks begin with it and a hyphen; default: its own id',
    ),
    with: namedValues(WrittenGiven, LIMITS.inputsPerLoopMax, 'values')
      .default({})
      .describe('its inputs: references, or values'),
    when: WrittenCondition.optional().describe(
      'where it is false its skills are skipped, and it has no gates',
    ),
  })
  .transform(
    ({ as, when, ...rest }): Include => ({
      ...rest,
      as: as ?? rest.include,
      ...(when !== undefined && { when }),
    }),
  );

/** The id that something of an included loop has in the loop around it. */
export const nameWithin = (as: string, id: string): string => `${as}-${id}`;
