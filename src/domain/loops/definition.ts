/**
 * What a loop is: inputs, phases in order, each with skills and, after them, gates. YAML coordinates, code computes, agents
 * judge: nothing here computes. A definition is JSON-safe and is pinned by its digest when an execution starts. How one is
 * read and every fault of it told: `parse-loop.ts`.
 */
import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { WrittenCheck } from '../repository-config.ts';
import type { CheckDefinition } from '../task-spec.ts';
import { Budget } from './budget.ts';
import { type Include, WrittenInclude } from './include.ts';
import { type LoopGate, WrittenGate } from './loop-gate.ts';
import { jsonSchemaOf, LoopId, Named, Title, tellNested } from './loop-words.ts';
import { ValueName } from './references.ts';
import { type Skill, WrittenSkill } from './skill.ts';
import { Value as ValueSchema, WrittenType } from './value-schemas.ts';
import { TYPE_EXPECTED, type Value, type ValueType } from './value-types.ts';

export interface Input {
  readonly type: ValueType;
  readonly required: boolean;
  readonly default?: Value;
  readonly description?: string;
}

export interface Phase {
  readonly id: string;
  readonly title?: string;
  /** A phase that is not required may be left out by whoever drives the execution. */
  readonly required: boolean;
  readonly skills: readonly Skill[];
  readonly gates: readonly LoopGate[];
}

export interface LoopDefinition {
  readonly loop: LoopId;
  readonly title?: string;
  readonly description?: string;
  readonly inputs: Readonly<Record<string, Input>>;
  /** Checks of its own, besides those of the repository's `pawl.yaml`. */
  readonly checks: readonly CheckDefinition[];
  readonly budget?: Budget;
  readonly phases: readonly Phase[];
}

/** As it is written: in places of its list there may be the phases of other loops. `expand.ts` makes a definition of it. */
export interface UnexpandedLoop extends Omit<LoopDefinition, 'phases'> {
  readonly phases: readonly (Phase | Include)[];
}

const LongInput = z.strictObject({
  type: WrittenType,
  required: z.boolean().default(false),
  default: ValueSchema.optional(),
  description: z.string().max(1_000).optional(),
});

/** A type alone is an input that may be left out. A union would not tell what is wrong with either. */
export const WrittenInput = z
  .unknown()
  .meta({ anyOf: [WrittenType, LongInput].map(jsonSchemaOf) })
  .transform((written, context): Input => {
    const isObject = typeof written === 'object' && written !== null;
    const read = LongInput.safeParse(isObject ? written : { type: written ?? null }, {
      error: ({ path }) => (path?.[0] === 'type' ? TYPE_EXPECTED : undefined),
    });
    if (!read.success) tellNested(context, read.error.issues, (path) => (isObject ? path : []));
    if (!read.success) return z.NEVER;
    const { default: fallback, description, ...rest } = read.data;
    return {
      ...rest,
      ...(fallback !== undefined && { default: fallback }),
      ...(description !== undefined && { description }),
    };
  });

const WrittenPhase = z
  .strictObject({
    id: Named,
    title: Title.optional(),
    required: z.boolean().default(true),
    skills: z.array(WrittenSkill).max(LIMITS.skillsPerPhaseMax).default([]),
    gates: z.array(WrittenGate).max(LIMITS.gatesPerPhaseMax).default([]),
  })
  .refine(({ skills, gates }) => skills.length + gates.length > 0, {
    error: 'expected skills or gates: a phase without both does nothing',
  })
  .transform(({ title, ...rest }): Phase => ({ ...rest, ...(title !== undefined && { title }) }));

/** A loop as its YAML says it. */
export const WrittenLoop = z
  .strictObject({
    loop: LoopId,
    title: Title.optional(),
    description: z.string().max(LIMITS.descriptionCharsMax).optional(),
    inputs: z
      .record(ValueName, WrittenInput)
      .refine((all) => Object.keys(all).length <= LIMITS.inputsPerLoopMax, {
        error: `expected at most ${LIMITS.inputsPerLoopMax} inputs`,
      })
      .default({}),
    checks: z.array(WrittenCheck).max(LIMITS.checksPerTaskMax).default([]),
    budget: Budget.optional(),
    phases: z
      .array(z.union([WrittenPhase, WrittenInclude]))
      .min(1, { error: 'expected at least one phase' })
      .max(LIMITS.phasesPerLoopMax),
  })
  .transform(
    ({ title, description, budget, ...rest }): UnexpandedLoop => ({
      ...rest,
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      ...(budget !== undefined && { budget }),
    }),
  );
