/**
 * What a task is started with that does a skill of an execution (`executions/skill-tasks.ts`). It lives as every other task does,
 * but nobody approves its work: the gates of the loop judge what skills have come to, and the delivery is approved as any change is.
 */
import { z } from 'zod';
import { ExecutionId, TaskId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { WrittenType } from './loops/value-schemas.ts';

/**
 * Where its work goes. `branch`: merged into the branch of the execution once its checks pass. `none`: nowhere, it is discarded.
 * `kept`: it stays on the task's own branch once its checks pass. `delivery`: what is on the branch of the execution is its work from
 * the start, and is offered, approved and merged as a task's is.
 */
export const SKILL_WORKS = ['branch', 'none', 'kept', 'delivery'] as const;

/** Stays as it is written, because a spec is read and written again. */
const TypeText = z
  .string()
  .max(LIMITS.valueCharsMax)
  .refine((text) => WrittenType.safeParse(text).success);

/** A branch at a commit. */
const Trunk = z.strictObject({
  branch: z.string().min(1).max(255),
  commit: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, { error: 'expected the whole id of a commit' }),
});
export type Trunk = z.infer<typeof Trunk>;

export const SkillTask = z.strictObject({
  execution: ExecutionId,
  skill: z.string().min(1).max(63),
  /** Of its list, where it is done for each of one. */
  item: z.string().min(1).max(200).optional(),
  work: z.enum(SKILL_WORKS),
  /** The task whose kept work is its work from the start. */
  from: TaskId.optional(),
  /** A delivery whose loop has no agent: what is in its way people mend on the branch of the execution. Absent in runs of earlier engines. */
  mendedByPeople: z.literal(true).optional(),
  /** From where the execution began: what it is compared with. Absent for a delivery, whose base that is, and in runs of earlier engines. */
  trunk: Trunk.optional(),
  /** What it returns, by name, with the types as they are written in a loop. Without one of them it has not ended well. */
  returns: z
    .record(z.string().max(40), TypeText)
    .refine((all) => Object.keys(all).length <= LIMITS.outputsPerSkillMax)
    .optional(),
  /** Its agent gets nothing that its user has set up for themselves. Absent where the loop asks for that, and in runs of earlier engines. */
  declaredOnly: z.literal(true).optional(),
  /** What a command is given in its environment. */
  variables: z
    .record(z.string().regex(/^PAWL_IN_[A-Z0-9_]+$/), z.string().max(LIMITS.inputVariableCharsMax))
    .optional(),
});
export type SkillTask = z.infer<typeof SkillTask>;
