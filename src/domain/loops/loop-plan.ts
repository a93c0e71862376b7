/** The plan of a loop, for people and programs: who does what in which order, what is asked, and what it can come to at most. */
import { z } from 'zod';
import { JOINS } from './skill.ts';
import { Value } from './value-schemas.ts';

/** Times as people write them. */
const PlannedBudget = z.object({
  usd: z.number().optional(),
  wall: z.string().optional(),
  attempts: z.int().optional(),
});

const PlannedGuarantee = z.object({ id: z.string(), required: z.boolean(), text: z.string() });

const PlannedSkill = z.object({
  id: z.string(),
  title: z.string().optional(),
  by: z.enum(['manual', 'run', 'agent', 'deliver']),
  /** Gone down in their order. */
  agents: z.array(z.string()).optional(),
  /** Whether they have the set-up of the user whom the engine runs as, too. */
  settings: z.literal('own').optional(),
  /** As one would type it. */
  command: z.string().optional(),
  /** With the inputs that are known filled in; what skills give stands as `{{ plan.files }}`. */
  brief: z.string().optional(),
  guides: z.array(z.string()),
  with: z.record(z.string(), z.string()),
  returns: z.record(z.string(), z.string()),
  guarantees: z.array(PlannedGuarantee),
  writes: z.boolean(),
  when: z.string().optional(),
  timeout: z
    .object({ idle: z.string().optional(), total: z.string().optional(), outcome: z.enum(['fail', 'skip']) })
    .optional(),
  repeat: z.object({ most: z.int(), checks: z.array(z.string()) }).optional(),
  forEach: z
    .object({
      as: z.string(),
      /** The items, or what they come from. */
      in: z.union([z.array(z.string()), z.string()]),
      atMost: z.int(),
      join: z.enum(JOINS),
    })
    .optional(),
  budget: PlannedBudget.optional(),
  /** How often somebody is set to work on it at most: items, agents, rounds and ways back multiplied. */
  runsMost: z.int().min(0),
});
export type PlannedSkill = z.infer<typeof PlannedSkill>;

const PlannedGate = z.object({
  id: z.string(),
  title: z.string().optional(),
  kind: z.enum(['check', 'approval']),
  required: z.boolean(),
  when: z.string().optional(),
  checks: z.array(z.string()).optional(),
  passesIf: z.string().optional(),
  guarantees: z.array(PlannedGuarantee),
  by: z.object({ count: z.int(), not: z.literal('requester').optional() }).optional(),
  expires: z.string().optional(),
  onReject: z.object({ goTo: z.string(), most: z.int() }).optional(),
});
export type PlannedGate = z.infer<typeof PlannedGate>;

const PlannedPhase = z.object({
  id: z.string(),
  title: z.string().optional(),
  required: z.boolean(),
  skills: z.array(PlannedSkill),
  gates: z.array(PlannedGate),
});

const PlannedInput = z.object({
  name: z.string(),
  /** As it is written: `enum(low, high)`. */
  type: z.string(),
  required: z.boolean(),
  description: z.string().optional(),
  /** What was given, or the default. */
  value: Value.optional(),
});

export const LoopPlan = z.object({
  loop: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputs: z.array(PlannedInput),
  /** Why an execution could not start with the inputs that were given. */
  problems: z.array(z.string()),
  budget: PlannedBudget.optional(),
  phases: z.array(PlannedPhase),
  /** Of all agents' skills together, and no more than the budget's attempts. */
  agentRunsMost: z.int().min(0),
  /** How often people are asked at most, each of them counted. */
  approvalsMost: z.int().min(0),
});
export type LoopPlan = z.infer<typeof LoopPlan>;
