/**
 * What the runs of an execution may bring: decided once, when it is started, by who may bring what (`client/run-permission.ts`),
 * and kept with it under a seal of the home. So a run that a workflow starts later is allowed no more than the person who
 * started the execution, and whoever reaches Temporal and not the home has no run sealed. Pure.
 */
import { z } from 'zod';
import { Digest } from './artifacts.ts';
import { ExecutionId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { RunInput } from './operation-schemas.ts';
import { ownProgramsIn, programDigestsIn } from './own-programs.ts';
import { SkillTask } from './skill-task.ts';

export const RunPin = z.strictObject({
  execution: ExecutionId,
  /** Digest of all that it was started with, so that another loop or other inputs are another execution. */
  start: z.string().min(1).max(100),
  /** Real path of the top folder of the one repository in which it may run. */
  repository: z.string().min(1).max(4096),
  /** The branch from which its runs may start, besides that of the execution itself. */
  base: z.string().min(1).max(255),
  /** The programs that its loop may bring besides those of the engine and of `pawl.yaml`, as `programDigestsIn` names them. */
  programs: z.array(z.string().max(100)).max(LIMITS.programsPerPinMax),
});
export type RunPin = z.infer<typeof RunPin>;

/** A run as a workflow asks for it. Shorter than a person may write one, because what a workflow asks stays in its history. */
export const PinnedRun = RunInput.extend({
  title: z.string().min(1).max(LIMITS.titleShownCharsMax),
  requirement: RunInput.shape.requirement.max(LIMITS.messageCharsMax),
  skill: SkillTask,
  /** What it follows besides, which the step that makes the spec adds to the requirement. */
  guides: z
    .array(z.strictObject({ name: z.string().max(64), folder: z.string().max(4096), text: Digest }))
    .max(LIMITS.guidesPerSkillMax)
    .optional(),
});
export type PinnedRun = z.infer<typeof PinnedRun>;

/** Which parts of a run its execution may not bring; none where it may. */
export function unpinnedIn({ programs }: RunPin, run: RunInput): readonly string[] {
  const digests = programDigestsIn(run);
  return ownProgramsIn(run).filter((_, at) => !programs.some((allowed) => allowed === digests[at]));
}
