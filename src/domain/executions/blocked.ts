/** What holds an execution up, in words with the ways on; undefined where nothing does. Pure. */

import { problemWithBudget } from './budget-spent.ts';
import { type GateParts, gatesOf, phaseAt, type SkillParts, skillsOf } from './execution-parts.ts';
import type { Execution } from './execution-record.ts';
import type { ExecutionStatus } from './execution-state.ts';
import { isPassed } from './gates-pass.ts';
import { problemSeen } from './guarantees-held.ts';
import { isBegun, tasksWanted } from './skill-tasks.ts';

function blockOf(execution: Execution): string | undefined {
  const parts = phaseAt(execution);
  if (parts.phase.status === 'in-progress')
    return (
      skillsOf(parts)
        .map(blockOfSkill)
        .find((one) => one !== undefined) ?? blockOfBudget(execution)
    );
  if (parts.phase.status === 'pending') return undefined;
  return gatesOf(parts)
    .filter((one) => !isPassed(one))
    .map(blockOfGate)
    .find((one) => one !== undefined);
}

/** Tasks that have begun go on. */
function blockOfBudget(execution: Execution): string | undefined {
  const problem = problemWithBudget(execution);
  const waits = tasksWanted(execution).some((task) => !isBegun(execution, task));
  return problem === undefined || !waits
    ? undefined
    : `${problem}; let somebody who may approve raise it, or abort`;
}

function blockOfSkill({ definition, skill }: SkillParts): string | undefined {
  const { id, state, why, unknown, verdict } = skill;
  if (state === 'failed')
    return `skill ${id} failed: ${why ?? 'no reason was given'}; retry it, reset it, or let somebody who may approve skip it`;
  if (unknown !== undefined)
    return `whether ${id} is to be done cannot be said, because there is no ${unknown.join(', ')}: retry ${id} to have it done, or let somebody who may approve skip it`;
  if (verdict === 'refused')
    return `cannot complete skill ${id}: ${why ?? problemSeen(definition.guarantees, skill)}; mend it and complete or retry it, or let somebody who may approve resolve it`;
  return undefined;
}

function blockOfGate({ gate: { id, status, unknown, by, why } }: GateParts): string | undefined {
  if (unknown !== undefined)
    return `whether gate ${id} is there cannot be said, because there is no ${unknown.join(', ')}: somebody who may approve disables it`;
  if (status === 'failed')
    return `gate ${id} does not pass: ${why ?? 'no reason was given'}; mend it and look again, or let somebody who may approve resolve or disable it`;
  if (status === 'rejected')
    return `gate ${id} was rejected by ${by}${why === undefined ? '' : `: ${why}`}; reset a skill of its phase and do it again, approve it, or abort`;
  return undefined;
}

/** With what holds it up, where it is blocked. */
export function standingOf(execution: Execution): {
  readonly status: ExecutionStatus;
  readonly blockedBy?: string;
} {
  const { status } = execution.record;
  const blockedBy = status === 'active' ? blockOf(execution) : undefined;
  return blockedBy === undefined ? { status } : { status: 'blocked', blockedBy };
}

export const statusOf = (execution: Execution): ExecutionStatus => standingOf(execution).status;
