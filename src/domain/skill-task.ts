/**
 * What a task is started with that does a skill of an execution (`executions/skill-tasks.ts`). It lives as every other task does,
 * but nobody approves its work: the gates of the loop judge what skills have come to, and the delivery is approved as any change is.
 */
import { z } from 'zod';
import { ExecutionId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { WrittenType } from './loops/value-types.ts';

/**
 * Where its work goes. `branch`: merged into the branch of the execution once its checks pass. `none`: nowhere, it is discarded.
 * `delivery`: what is on that branch is its work from the start, and is offered, approved and merged as a task's is.
 */
export const SKILL_WORKS = ['branch', 'none', 'delivery'] as const;

/** Stays as it is written, because a spec is read and written again. */
const TypeText = z
  .string()
  .max(LIMITS.valueCharsMax)
  .refine((text) => WrittenType.safeParse(text).success);

export const SkillTask = z.strictObject({
  execution: ExecutionId,
  skill: z.string().min(1).max(63),
  /** Of its list, where it is done for each of one. */
  item: z.string().min(1).max(200).optional(),
  work: z.enum(SKILL_WORKS),
  /** What it returns, by name, with the types as they are written in a loop. Without one of them it has not ended well. */
  returns: z
    .record(z.string().max(40), TypeText)
    .refine((all) => Object.keys(all).length <= LIMITS.outputsPerSkillMax)
    .optional(),
  /** What a command is given in its environment. */
  variables: z
    .record(z.string().regex(/^PAWL_IN_[A-Z0-9_]+$/), z.string().max(LIMITS.inputVariableCharsMax))
    .optional(),
});
export type SkillTask = z.infer<typeof SkillTask>;
