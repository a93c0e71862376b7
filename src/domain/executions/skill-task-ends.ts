/** What comes of a skill when the task that does it has ended. Pure but for the record. */
import { digestOf } from '../digest.ts';
import type { FailureClass } from '../failures.ts';
import type { Value } from '../loops/value-types.ts';
import { type Spending, workBegins, workEnds } from './budget-spent.ts';
import { findSkill, type SkillParts } from './execution-parts.ts';
import {
  type Execution,
  type ItemRecord,
  OF_TASK,
  type Report,
  type SkillRecord,
} from './execution-record.ts';
import { problemWithRoom } from './room-for-reports.ts';
import { end, takeReport } from './skill-ends.ts';
import { hasNextAgent, tasksWanted, type WantedTask } from './skill-tasks.ts';
import { doFailedAgain } from './steer-skills.ts';

export type TaskOutcome =
  | {
      readonly kind: 'completed';
      /** The agent's name. */
      readonly by: string;
      readonly summary?: string;
      readonly outputs?: Readonly<Record<string, Value>>;
      readonly spent?: Spending;
      /** It has kept work on its own branch. */
      readonly hasKept?: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly class: FailureClass | 'cancelled';
      readonly why: string;
      readonly spent?: Spending;
      /** A person had it done once more. */
      readonly isDoneAnew?: true;
    };

/** The task is known by its skill from now on. */
export function beginTask(
  execution: Execution,
  { id, skill, item, waitsForPeople }: WantedTask,
  now: string,
): void {
  if (!waitsForPeople) workBegins(execution.record, now);
  const found = findSkill(execution, skill)?.skill;
  if (found === undefined) return;
  if (item === undefined) found.task = id;
  else found.items = (found.items ?? []).map((one) => (one.item === item ? { ...one, task: id } : one));
}

/** What one that was begun has spent counts in any case. @see `beginTask` */
export function countTask(
  { record }: Execution,
  { waitsForPeople }: WantedTask,
  spent: Spending,
  now: string,
): void {
  // Of a delivery most of the time is that of people, who are asked for an approval.
  if (waitsForPeople) workBegins(record, now);
  workEnds(record, spent, now);
}

/** Counts where the task is still wanted. */
export function endTask(execution: Execution, task: WantedTask, given: TaskOutcome, now: string): void {
  if (!tasksWanted(execution).some(({ id }) => id === task.id)) return;
  const found = findSkill(execution, task.skill);
  if (found === undefined) return;
  const { definition, skill } = found;
  skill.heardAt = now;
  const outcome = withRoom(execution, task, given);
  if (task.item !== undefined) {
    endItem(execution, found, task, outcome, now);
  } else if (outcome.kind === 'failed') {
    fail(skill, definition, outcome, now);
    if (outcome.isDoneAnew === true) doFailedAgain(execution, found, now);
  } else {
    takeReport(found, reportOf(task, outcome), now);
  }
}

function endItem(
  { record }: Execution,
  found: SkillParts,
  task: WantedTask,
  outcome: TaskOutcome,
  now: string,
): void {
  const { definition, skill } = found;
  const { items = [] } = skill;
  const before = items.find(({ item }) => item === task.item);
  if (before === undefined) return;
  const one = { ...before };
  skill.items = items.map((other) => (other === before ? one : other));
  if (outcome.kind === 'failed') {
    fail(one, definition, outcome, now);
  } else if (task.merges === true) {
    end(one, 'completed', undefined, now);
  } else {
    one.report = reportOf(task, outcome);
    if (outcome.hasKept === true) {
      one.made = task.id;
      record.kept = [...(record.kept ?? []), task.id];
    }
    if (definition.forEach?.join === 'pick' || outcome.hasKept !== true)
      end(one, 'completed', undefined, now);
  }
  if (skill.picked !== one.item) return;
  // What was picked is the skill's own, once it is merged.
  if (one.state === 'failed') end(skill, 'failed', one.why, now);
  else if (one.report !== undefined && outcome.kind === 'completed') takeReport(found, one.report, now);
}

/** One that returns more than can be kept has failed. */
function withRoom({ record }: Execution, { skill, item }: WantedTask, outcome: TaskOutcome): TaskOutcome {
  if (outcome.kind === 'failed') return outcome;
  const why = problemWithRoom(record, { skill, item, outputs: outcome.outputs });
  return why === undefined ? outcome : { kind: 'failed', class: 'invalid_output', why };
}

/** The next agent, where there is one; what ran out of time may be left out where the loop says so. */
function fail(
  one: SkillRecord | ItemRecord,
  definition: Parameters<typeof hasNextAgent>[0],
  { class: failureClass, why }: Extract<TaskOutcome, { kind: 'failed' }>,
  now: string,
): void {
  const { tries = 0 } = one;
  if (failureClass !== 'cancelled' && hasNextAgent(definition, tries)) {
    one.tries = tries + 1;
    return;
  }
  const isOutOfTime = failureClass === 'timeout' || failureClass === 'stalled';
  end(one, isOutOfTime && definition.timeout?.then === 'skip' ? 'skipped' : 'failed', why, now);
}

const reportOf = (
  { id }: WantedTask,
  { by, summary, outputs }: Extract<TaskOutcome, { kind: 'completed' }>,
): Report => ({
  ...{ by, via: OF_TASK, digest: digestOf({ task: id }) },
  ...(summary !== undefined && summary !== '' && { summary }),
  ...(outputs !== undefined && { outputs }),
});
