/** One skill of a loop: who does it, with what, what it gives back, and what bounds it. */
import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import type { Command } from '../task-spec.ts';
import { type Brief, WrittenBrief } from './brief-template.ts';
import { Budget } from './budget.ts';
import { type Condition, WrittenCondition } from './condition.ts';
import { type Given, namedValues, WrittenGiven } from './given.ts';
import { type Guarantee, WrittenGuarantees } from './guarantees.ts';
import { type CheckNames, LoopCommand, Named, Title, CheckNames as WrittenCheckNames } from './loop-words.ts';
import { type Reference, referenceFrom, STATE, ValueName } from './references.ts';
import { Span } from './spans.ts';
import { WrittenType } from './value-schemas.ts';

/** `agents` are gone down in their order: the next one on a spent quota or a failure. */
export type Doer =
  | { readonly kind: 'manual' }
  | { readonly kind: 'run'; readonly command: Command }
  | { readonly kind: 'agent'; readonly agents: readonly Brief[] }
  | { readonly kind: 'deliver'; readonly as: 'pull_request' };

/**
 * `all_done`: those that failed are facts for conditions, and the skill is completed. `all_completed`: one that failed fails
 * the skill. `pick`: a person picks one, whose work and outputs count; the others' are put away.
 */
export const JOINS = ['all_done', 'all_completed', 'pick'] as const;

export interface ForEach {
  readonly in: { readonly list: readonly string[] } | { readonly reference: Reference };
  /** The name of the item in briefs, `with` and names of guides and agents. */
  readonly as: string;
  /** Side by side. */
  readonly atMost: number;
  readonly join: (typeof JOINS)[number];
}

export interface Skill {
  readonly id: string;
  readonly title?: string;
  readonly by: Doer;
  /** Without one an agent is told the title, the inputs of the loop and what is under `with`. */
  readonly brief?: Brief;
  /** Names of folders with a SKILL.md; an item of `for_each` may be part of one. */
  readonly guides: readonly Brief[];
  readonly with: Readonly<Record<string, Given>>;
  readonly returns: Readonly<Record<string, z.output<typeof WrittenType>>>;
  readonly guarantees: readonly Guarantee[];
  readonly timeout?: { readonly idle?: number; readonly total?: number; readonly then: 'fail' | 'skip' };
  /** `own`: its agent also gets what its user has set up for themselves. */
  readonly settings?: 'own';
  /** `none`: it works in a repository of its own, whose changes are discarded. */
  readonly writes: 'workspace' | 'none';
  readonly repeat?: { readonly most: number; readonly until: { readonly checks: CheckNames } };
  readonly forEach?: ForEach;
  readonly when?: Condition;
  readonly budget?: Budget;
}

const Items = z
  .union([z.string().max(200), z.array(z.string().min(1).max(200)).min(1).max(LIMITS.forEachItemsMax)], {
    error: `expected a reference to a list such as plan.files, or 1 to ${LIMITS.forEachItemsMax} items`,
  })
  .transform((written, context): ForEach['in'] => {
    const fault = (message: string) => {
      context.issues.push({ code: 'custom', message, input: written });
      return z.NEVER;
    };
    if (typeof written !== 'string')
      return new Set(written).size === written.length ? { list: written } : fault('expected each item once');
    const reference = referenceFrom(written);
    if (reference !== undefined && reference.of !== 'item') return { reference };
    return fault('expected a list, or a reference to one such as plan.files or inputs.files');
  });

const WrittenForEach = z
  .strictObject({
    in: Items,
    as: ValueName,
    at_most: z.int().min(1).max(LIMITS.forEachItemsMax).default(1).describe('so many side by side'),
    join: z
      .enum(JOINS)
      .default('all_completed')
      .describe(
        'all_completed: one that fails fails the skill; all_done: those that fail are facts for conditions; pick: a person picks the one that counts',
      ),
  })
  .transform(({ at_most: atMost, ...rest }): ForEach => ({ ...rest, atMost }));

const Timeout = z
  .strictObject({
    idle: Span.optional().describe('without a sign of life'),
    total: Span.optional().describe('of one attempt'),
    // biome-ignore lint/suspicious/noThenProperty: the word that people write; nothing awaits a definition.
    then: z
      .enum(['fail', 'skip'])
      .default('fail')
      .describe('a skill that ran out of time is never completed'),
  })
  .refine(({ idle, total }) => idle !== undefined || total !== undefined, { error: 'expected idle or total' })
  .refine(({ idle, total }) => idle === undefined || total === undefined || idle <= total, {
    error: 'expected idle to be no longer than total',
  });

const Outputs = namedValues(WrittenType, LIMITS.outputsPerSkillMax, 'outputs').refine(
  (all) => !(STATE in all),
  {
    error: `expected another name than ${STATE}, which every skill has`,
  },
);

const DOERS = ['manual', 'run', 'agent', 'deliver'] as const;
const Fields = z.strictObject({
  id: Named,
  title: Title.optional(),
  manual: z.literal(true).optional().describe('a person or an AI client does it, and says when it is done'),
  run: LoopCommand.optional().describe('a command, which no shell reads; it gets variables PAWL_IN_*'),
  agent: z
    .union([WrittenBrief, z.array(WrittenBrief).min(1).max(LIMITS.agentsPerSkillMax)], {
      error: 'expected the name of an agent, such as claude, or a list of them',
    })
    .optional()
    .describe('an agent, or several: the next one on a spent quota or a failure'),
  deliver: z.literal('pull_request').optional().describe('pull request, approval and merge of what is there'),
  brief: WrittenBrief.optional().describe('what to do; {{ inputs.goal }} and {{ plan.files }} are filled in'),
  guides: z
    .array(WrittenBrief)
    .max(LIMITS.guidesPerSkillMax)
    .default([])
    .describe('names of folders with a SKILL.md'),
  settings: z
    .literal('own')
    .optional()
    .describe('the agent also gets what the user of the engine has set up for themselves'),
  with: namedValues(WrittenGiven, LIMITS.outputsPerSkillMax, 'values').default({}),
  returns: Outputs.default({}).describe('typed outputs, such as { risk: "enum(low, high)" }'),
  guarantees: WrittenGuarantees,
  timeout: Timeout.optional(),
  writes: z.literal('none').optional().describe('what it changes is discarded'),
  repeat: z
    .strictObject({
      most: z.int().min(1).max(LIMITS.repeatsMax),
      until: z.strictObject({ checks: WrittenCheckNames }),
    })
    .optional(),
  for_each: WrittenForEach.optional(),
  when: WrittenCondition.optional(),
  budget: Budget.optional(),
});
type Fields = z.output<typeof Fields>;

const given = (fields: Fields) => DOERS.filter((doer) => fields[doer] !== undefined);
const isBy = (fields: Fields, ...doers: readonly string[]) =>
  given(fields).some((doer) => doers.includes(doer));
/** Looked at also where another field is wrong, so that one reading tells all. */
const ALWAYS = { when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null };

export const WrittenSkill = Fields.refine((fields) => given(fields).length === 1, {
  ...ALWAYS,
  error: 'expected one of manual: true, run, agent and deliver: who does it',
})
  .refine((fields) => !isBy(fields, 'run', 'deliver') || fields.brief === undefined, {
    ...ALWAYS,
    path: ['brief'],
    error: 'no brief is read here: a command is given values under with, a delivery needs none',
  })
  .refine((fields) => fields.repeat === undefined || isBy(fields, 'agent', 'run'), {
    ...ALWAYS,
    path: ['repeat'],
    error: 'only what an agent or a command does is repeated by the engine',
  })
  .refine((fields) => fields.settings === undefined || isBy(fields, 'agent'), {
    ...ALWAYS,
    path: ['settings'],
    error: 'only an agent has settings of its user',
  })
  .refine((fields) => fields.for_each === undefined || isBy(fields, 'agent', 'run'), {
    ...ALWAYS,
    path: ['for_each'],
    error: 'only what an agent or a command does is done for each of a list',
  })
  .transform(skillOf);

function skillOf(fields: Fields): Skill {
  const { manual, run, agent, deliver, writes, repeat, for_each: forEach, timeout, ...rest } = fields;
  const { title, brief, settings, when, budget, ...common } = rest;
  return {
    ...common,
    by: doerOf({ manual, run, agent, deliver }),
    writes: writes ?? 'workspace',
    ...(title !== undefined && { title }),
    ...(brief !== undefined && { brief }),
    ...(settings !== undefined && { settings }),
    ...(timeout !== undefined && { timeout: timeoutOf(timeout) }),
    ...(repeat !== undefined && { repeat }),
    ...(forEach !== undefined && { forEach }),
    ...(when !== undefined && { when }),
    ...(budget !== undefined && { budget }),
  };
}

function doerOf({ run, agent, deliver }: Pick<Fields, 'manual' | 'run' | 'agent' | 'deliver'>): Doer {
  if (run !== undefined) return { kind: 'run', command: run };
  if (agent !== undefined) return { kind: 'agent', agents: Array.isArray(agent) ? agent : [agent] };
  return deliver === undefined ? { kind: 'manual' } : { kind: 'deliver', as: deliver };
}

const timeoutOf = ({ idle, total, ...rest }: z.output<typeof Timeout>): NonNullable<Skill['timeout']> => ({
  ...rest,
  ...(idle !== undefined && { idle }),
  ...(total !== undefined && { total }),
});
