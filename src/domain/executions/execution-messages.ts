/**
 * The messages of an execution, as a signal and as an update alike: the three that every workflow of Pawl's takes, and `steer`,
 * which says how it goes on. They are part of the workflow's code: what was once accepted must be accepted for ever. Workflows
 * preload this module: keep its imports to zod.
 */
import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { Value } from '../loops/value-schemas.ts';
import { Via } from '../messages.ts';
import { APPROVAL_TYPES, RESOLUTIONS } from './execution-state.ts';
import { SkillOpinion } from './skill-opinion.ts';
import { TransientChange } from './transient-files.ts';

/** Who says it, and which way; what a signal claims of it counts for nothing. */
const Said = {
  messageId: z.string().min(1).max(200).optional(),
  by: z.string().min(1).max(200),
  via: Via.optional(),
  inside: z.string().min(1).max(200).optional(),
  /** Of a sender that may not decide. */
  mayDecide: z.literal(false).optional(),
};

/** Of a part of the loop: looked up there, so no more is asked of it. zod's `regex` writes to its pattern, frozen here. */
const Id = z.string().min(1).max(63);
const Words = z.string().trim().min(1).max(LIMITS.noteCharsMax);

export const UpdateExecution = z.strictObject({
  ...Said,
  note: Words.optional(),
  /** Pauses it, or lets it go on. */
  status: z.enum(['paused', 'active']).optional(),
  /** The skill that gives a sign of life. */
  skill: Id.optional(),
  checkpoint: z
    .strictObject({
      phase: Id.optional(),
      skill: Id.optional(),
      data: z.record(z.string(), z.unknown()),
    })
    .optional(),
  /** Sent by an engine that refuses checkpoints in what the loop does not have; before, they were taken. */
  guarded: z.literal(true).optional(),
  /** Files beside it that were written or removed. */
  transient: z.array(TransientChange).min(1).max(LIMITS.transientsPerExecutionMax).optional(),
});
export type UpdateExecution = z.infer<typeof UpdateExecution>;

/** A skill, or an item of it, is over; or the phase is, where the engine does not say so by itself. */
export const CompleteSkill = z.strictObject({
  ...Said,
  skill: Id.optional(),
  item: z.string().min(1).max(200).optional(),
  phase: Id.optional(),
  outcome: z.enum(['completed', 'failed', 'skipped']).optional(),
  outputs: z
    .record(z.string().max(40), Value)
    .refine((all) => Object.keys(all).length <= LIMITS.outputsPerSkillMax)
    .optional(),
  summary: Words.optional(),
  deliverables: z.array(z.string().min(1).max(500)).max(100).optional(),
  ...SkillOpinion,
});
export type CompleteSkill = z.infer<typeof CompleteSkill>;

export const DecideGate = z.strictObject({
  ...Said,
  gate: Id,
  decision: z.enum(['approve', 'reject']),
  reason: Words.optional(),
  digest: z.string().min(1).max(200).optional(),
});
export type DecideGate = z.infer<typeof DecideGate>;

const Act = z.discriminatedUnion('act', [
  /** The next phase begins. @see `advance` */
  z.strictObject({ act: z.literal('advance') }),
  z.strictObject({ act: z.literal('abort'), reason: Words.optional() }),
  /** A skill that failed, or whose report did not count, goes on; the engine looks again at what was reported. */
  z.strictObject({
    act: z.literal('retry'),
    skill: Id,
    deliverables: z.array(z.string().min(1).max(500)).max(100).optional(),
  }),
  /** A skill and what came after it is done again from the beginning. */
  z.strictObject({ act: z.literal('reset'), skill: Id, keepResolutions: z.boolean().optional() }),
  z.strictObject({ act: z.literal('pick'), skill: Id, item: z.string().min(1).max(200) }),
  /** What the tasks of the execution may spend in all, in the place of what its loop says. */
  z.strictObject({
    act: z.literal('raise_budget'),
    usd: z.number().positive().max(1_000_000).optional(),
    attempts: z.int().min(1).max(10_000).optional(),
    wallSeconds: z
      .int()
      .min(1)
      .max(365 * 24 * 3600)
      .optional(),
  }),
  /** The engine looks again. */
  z.strictObject({ act: z.literal('look'), gate: Id.optional(), skill: Id.optional() }),
  z.strictObject({
    act: z.literal('resolve'),
    skill: Id.optional(),
    gate: Id.optional(),
    guarantee: Id,
    type: z.enum(RESOLUTIONS),
    evidence: Words,
  }),
  /** One gate, or all of them. */
  z.strictObject({
    act: z.literal('set_gates'),
    gate: Id.optional(),
    enabled: z.boolean().optional(),
    override: z.enum(APPROVAL_TYPES).nullable().optional(),
    /** Needed where a person is not asked any more. */
    reason: Words.optional(),
  }),
]);
export type Act = z.infer<typeof Act>;

export const SteerExecution = z.strictObject({
  ...Said,
  /**
   * Sent by an engine that needs a reason, and somebody else than the requester, to set gates; before, none was needed. 2: a reason
   * also where a condition comes to decide whether a person is asked.
   */
  guarded: z.union([z.literal(true), z.literal(2)]).optional(),
  steer: Act,
});
export type SteerExecution = z.infer<typeof SteerExecution>;

export const EXECUTION_MESSAGES = {
  update: UpdateExecution,
  complete: CompleteSkill,
  approve_gate: DecideGate,
  steer: SteerExecution,
} as const;
export type ExecutionMessageName = keyof typeof EXECUTION_MESSAGES;

// Preloaded modules are frozen, and zod makes parts of a schema on first use: use every part once before that.
const by = { messageId: 'm', by: 'b', via: 'cli', inside: 'i', mayDecide: false };
UpdateExecution.safeParse({
  ...by,
  note: ' n ',
  status: 'paused',
  skill: 's',
  checkpoint: { phase: 'p', skill: 's', data: { a: 1 } },
  guarded: true,
  transient: [
    { category: 'scratch', name: 'n', digest: 'd', bytes: 1, metadata: { a: 1 } },
    { category: 'context', name: 'n', digest: null },
  ],
});
CompleteSkill.safeParse({
  ...by,
  skill: 's',
  item: 'i',
  outcome: 'completed',
  outputs: { a: 'a', b: 1, c: true, d: ['d'] },
  summary: 's',
  deliverables: ['d'],
  score: 1,
  rubric: { completeness: 1, quality: 2, friction: 3, relevance: 4 },
  sectionRecommendations: [{ type: 'add', section: 's', reason: 'r', proposedContent: 'p' }],
});
CompleteSkill.safeParse({ ...by, phase: 'p', skill: 's' });
DecideGate.safeParse({ ...by, gate: 'g', decision: 'reject', reason: 'r', digest: 'd' });
for (const steer of [
  { act: 'advance' },
  { act: 'abort', reason: 'r' },
  { act: 'retry', skill: 's', deliverables: ['d'] },
  { act: 'reset', skill: 's', keepResolutions: true },
  { act: 'pick', skill: 's', item: 'i' },
  { act: 'raise_budget', usd: 1, attempts: 1, wallSeconds: 1 },
  { act: 'look', gate: 'g', skill: 's' },
  { act: 'resolve', skill: 's', gate: 'g', guarantee: 'g', type: 'waived_with_reason', evidence: 'e' },
  { act: 'set_gates', gate: 'g', enabled: true, override: 'auto', reason: 'r' },
  { act: 'set_gates', override: null },
  { act: 'none' },
])
  for (const guarded of [true, 2]) SteerExecution.safeParse({ ...by, guarded, steer });
for (const schema of [UpdateExecution, CompleteSkill, DecideGate, SteerExecution])
  schema.safeParse(undefined).error?.issues.map(String);
