/** What is other about a task that does a skill of an execution (`domain/skill-task.ts`): how it begins, and where it ends. */

import { branchOf } from '../domain/ids.ts';
import { addNote, move } from '../domain/lifecycle.ts';
import type { SkillTask } from '../domain/skill-task.ts';
import type { AttemptInput, CleanUpInput, PrepareInput } from '../domain/steps.ts';
import type { Run } from '../domain/task-record.ts';
import type { AgentRunSpec } from '../domain/task-spec.ts';
import type { Steps } from './activity-options.ts';
import { stepFailureOf, TaskFailed } from './step-failure.ts';
import { refOf, type Turn } from './turn.ts';

/** A delivery has what is on the branch of the execution as its work from the start. */
export const workFrom = ({ skill }: AgentRunSpec): Pick<PrepareInput, 'goesOn' | 'from'> =>
  skill?.work === 'delivery' ? { goesOn: true, from: branchOf(skill.execution) } : {};

/** Whether something has to change is for the loop to say, until checks have refused a change. */
export const attemptFor = ({ skill }: AgentRunSpec, { commit }: Run): Partial<AttemptInput> =>
  skill === undefined
    ? {}
    : {
        ...(commit === undefined && skill.work !== 'delivery' && { mayChangeNothing: true as const }),
        ...(skill.returns !== undefined && { returns: skill.returns }),
        ...(skill.variables !== undefined && { variables: skill.variables }),
      };

/** Of work that nobody keeps no branch is left. */
export const discarding = ({ skill }: AgentRunSpec): Pick<CleanUpInput, 'discards'> =>
  skill?.work === 'none' ? { discards: true } : {};

/** After the workspace of a delivery is there: what it brought needs no agent, unless it conflicts with the base. */
export function beginDelivery({ record, run, spec }: Turn): void {
  const { baseCommit, prepared } = run;
  if (spec.skill?.work !== 'delivery' || prepared === undefined || baseCommit === undefined) return;
  const { resumed } = prepared;
  if (resumed?.kind === 'conflict') return;
  if (resumed?.kind === 'unrelated')
    throw new TaskFailed({
      class: 'git',
      message: `the work of ${spec.skill.execution} has no history in common with ${spec.base}: merge it by hand`,
    });
  run.commit = resumed?.commit ?? baseCommit;
  run.commitSummary = record.title;
  run.step = 'check';
}

/** Whether the task is over before its next step: what is discarded is not checked, and what has changed nothing is not merged. */
export function isOver({ run, spec }: Turn): boolean {
  if (spec.skill === undefined) return false;
  if (spec.skill.work === 'none') return run.step === 'check';
  return run.step === 'pull_request' && run.commit === run.baseCommit;
}

/** It has done what it was there for, and there is nothing to merge. */
export async function finish({ record, run, spec }: Turn, steps: Steps): Promise<void> {
  try {
    const input = { task: refOf(record, spec), ...discarding(spec) };
    await steps.cleanUp.executeWithOptions({ summary: 'remove the workspace' }, [input]);
  } catch (error) {
    addNote(record, `the workspace could not be removed: ${stepFailureOf(error).failure.message}`);
  }
  if (spec.skill?.work !== 'none') addNote(record, `nothing was changed on ${spec.base}`);
  record.summary = run.commitSummary ?? record.title;
  move(record, { status: 'completed' });
}

/** Nobody approves a part of the work: the gates of the loop do that, and the delivery. */
export const needsNoApproval = (skill: SkillTask | undefined): boolean => skill?.work === 'branch';
