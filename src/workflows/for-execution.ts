/** What is other about a task that does a skill of an execution (`domain/skill-task.ts`): how it begins, and where it ends. */

import { patched } from '@temporalio/workflow';
import { driverWords } from '../domain/conflicts.ts';
import type { Spending } from '../domain/executions/budget-spent.ts';
import type { Failure } from '../domain/failures.ts';
import { branchOf } from '../domain/ids.ts';
import { addNote, move } from '../domain/lifecycle.ts';
import type { Value } from '../domain/loops/value-types.ts';
import type { SkillTask } from '../domain/skill-task.ts';
import type { AttemptInput, CleanUpInput, PrepareInput } from '../domain/steps.ts';
import type { Run, TaskRecord } from '../domain/task-record.ts';
import type { AgentRunSpec, TaskSpec } from '../domain/task-spec.ts';
import type { Attempt } from '../domain/task-state.ts';
import type { Steps } from './activity-options.ts';
import { stepFailureOf, TaskFailed } from './step-failure.ts';
import { climb, need, noteKept, refOf, type Turn } from './turn.ts';

/** The branch that has its work from the start: of the execution, for a delivery; of the task whose kept work it merges. */
function takenOver({ skill }: AgentRunSpec): string | undefined {
  if (skill?.work === 'delivery') return branchOf(skill.execution);
  return skill?.from === undefined ? undefined : branchOf(skill.from);
}

export function workFrom(spec: AgentRunSpec): Pick<PrepareInput, 'goesOn' | 'from'> {
  const from = takenOver(spec);
  return from === undefined ? {} : { goesOn: true, from };
}

/** Whether something has to change is for the loop to say, until checks have refused a change. */
export function attemptFor(spec: AgentRunSpec, { commit }: Run): Partial<AttemptInput> {
  const { skill } = spec;
  if (skill === undefined) return {};
  return {
    ...(commit === undefined && takenOver(spec) === undefined && { mayChangeNothing: true as const }),
    ...(skill.returns !== undefined && { returns: skill.returns }),
    ...(skill.declaredOnly === true && { declaredOnly: true as const }),
    ...(skill.variables !== undefined && { variables: skill.variables }),
  };
}

/** Of work that nobody keeps no branch is left. */
export const discarding = ({ skill }: AgentRunSpec): Pick<CleanUpInput, 'discards'> =>
  skill?.work === 'none' ? { discards: true } : {};

/** After the workspace is there: work that was taken over needs no agent, unless it conflicts with the base. */
export function beginTakenOver(turn: Turn): void {
  const { record, run, spec } = turn;
  const { baseCommit, prepared } = run;
  const from = takenOver(spec);
  if (from === undefined || prepared === undefined || baseCommit === undefined) return;
  const { resumed } = prepared;
  if (resumed?.kind === 'conflict') {
    const { files = [], drivers } = resumed;
    const message = `${spec.base} conflicts with the work on ${from} in ${files.join(', ')}${driverWords(drivers)}`;
    leaveToPeople(turn, { class: 'conflict', message });
    return;
  }
  if (resumed?.kind === 'unrelated')
    throw new TaskFailed({
      class: 'git',
      message: `the work on ${from} has no history in common with ${spec.base}: merge it by hand`,
    });
  run.commit = resumed?.commit ?? baseCommit;
  run.commitSummary = record.title;
  run.step = 'check';
}

/**
 * A delivery without an agent asks people where one would be needed. Those that failed so before there was this are replayed as
 * they were. @returns whether it is one
 */
export function leaveToPeople(turn: Turn, failure: Failure): boolean {
  const { run, spec } = turn;
  const { skill, base } = spec;
  if (skill?.mendedByPeople !== true) return false;
  const branch = branchOf(skill.execution);
  const how = failure.class === 'conflict' ? `merge ${base} into ${branch}` : `mend it on ${branch}`;
  const message = `${failure.message}; the loop has no agent for that: ${how} by hand, then retry`;
  if (!patched('asks-menders')) throw new TaskFailed({ ...failure, message });
  run.unmended = { ...failure, message };
  climb(turn, { kind: 'escalate', question: message });
  return true;
}

/** People have mended the branch of the execution: what is on it now is delivered by another task. @throws TaskFailed */
export function endMended(run: Run, failure: Failure, by: string): never {
  run.isDoneAnew = true;
  throw new TaskFailed({ ...failure, message: `${failure.message}; ${by} has it delivered anew` });
}

/** Whether the task is over before its next step: what is discarded is not checked, what is kept or has changed nothing is not merged. */
export function isOver({ run, spec }: Turn): boolean {
  if (spec.skill === undefined) return false;
  if (spec.skill.work === 'none') return run.step === 'check';
  // What is kept is offered all the same, so that it can be looked at before somebody picks it.
  if (spec.skill.work === 'kept' && run.step === 'merge') return true;
  return run.step === 'pull_request' && run.commit === run.baseCommit;
}

/** Whether its work is on its own branch, for its execution to merge. */
const hasKept = ({ skill }: AgentRunSpec, run: Run | undefined): boolean =>
  skill?.work === 'kept' && run?.commit !== undefined && run.commit !== run.baseCommit;

/** It has done what it was there for, and merges nothing. */
export async function finish({ record, run, spec }: Turn, steps: Steps): Promise<void> {
  const keeps = hasKept(spec, run);
  const task = refOf(record, spec);
  const input = keeps
    ? { task, baseCommit: need(run, 'baseCommit').baseCommit }
    : { task, ...discarding(spec) };
  try {
    noteKept(record, await steps.cleanUp.executeWithOptions({ summary: 'remove the workspace' }, [input]));
  } catch (error) {
    const { failure } = stepFailureOf(error);
    // Without its branch there would be nothing to merge.
    if (keeps) throw new TaskFailed(failure);
    addNote(record, `the workspace could not be removed: ${failure.message}`);
  }
  if (spec.skill?.work !== 'none' && !keeps) addNote(record, `nothing was changed on ${spec.base}`);
  record.summary = run.commitSummary ?? record.title;
  move(record, { status: 'completed' });
}

/** Nobody approves a part of the work: the gates of the loop do that, and the delivery. */
export const needsNoApproval = (skill: SkillTask | undefined): boolean =>
  skill?.work === 'branch' || skill?.work === 'kept';

/** What the execution hears of its end. */
export interface Returned {
  readonly summary?: string;
  readonly outputs?: Readonly<Record<string, Value>>;
  readonly spent?: Spending;
  /** Its work is on its own branch, for the execution to merge. */
  readonly hasKept?: true;
  /** People have mended what was in its way: it is done once more. */
  readonly isDoneAnew?: true;
}

/** Nothing of a task that does no skill. */
export function returnedBy({ summary, run }: TaskRecord, spec: TaskSpec): Returned {
  if (spec.kind !== 'agent_run' || spec.skill === undefined) return {};
  return {
    ...(run !== undefined && { spent: spentBy(run.attempts) }),
    ...(summary !== undefined && { summary }),
    ...(run?.outputs !== undefined && { outputs: run.outputs }),
    ...(hasKept(spec, run) && { hasKept: true as const }),
    ...(run?.isDoneAnew === true && { isDoneAnew: true as const }),
  };
}

/** An attempt that was lost with its worker is nobody's choice: it counts by what its agent cost. */
const spentBy = (attempts: readonly Attempt[]): Spending => ({
  attempts: attempts.filter(({ failure }) => failure?.class !== 'worker_lost').length,
  usd: attempts.reduce((sum, { usage }) => sum + (usage?.costUsd ?? 0), 0),
});
