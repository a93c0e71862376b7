/** What comes of a skill when the task that does it has ended. Pure but for the record. */
import { digestOf } from '../digest.ts';
import type { FailureClass } from '../failures.ts';
import type { Value } from '../loops/value-types.ts';
import { type Spending, workBegins, workEnds } from './budget-spent.ts';
import { findSkill } from './execution-parts.ts';
import type { Execution, ItemRecord, Report, SkillRecord } from './execution-record.ts';
import { end, takeReport } from './skill-ends.ts';
import { hasNextAgent, tasksWanted, type WantedTask } from './skill-tasks.ts';

export type TaskOutcome =
  | {
      readonly kind: 'completed';
      /** The agent's name. */
      readonly by: string;
      readonly summary?: string;
      readonly outputs?: Readonly<Record<string, Value>>;
      readonly spent?: Spending;
    }
  | {
      readonly kind: 'failed';
      readonly class: FailureClass | 'cancelled';
      readonly why: string;
      readonly spent?: Spending;
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
export function endTask(execution: Execution, task: WantedTask, outcome: TaskOutcome, now: string): void {
  if (!tasksWanted(execution).some(({ id }) => id === task.id)) return;
  const found = findSkill(execution, task.skill);
  if (found === undefined) return;
  const { definition, skill } = found;
  skill.heardAt = now;
  const { item } = task;
  if (item !== undefined) {
    skill.items = (skill.items ?? []).map((one) => {
      if (one.item !== item) return one;
      const ended = { ...one };
      if (outcome.kind === 'completed') complete(ended, reportOf(task, outcome), now);
      else fail(ended, definition, outcome, now);
      return ended;
    });
  } else if (outcome.kind === 'failed') {
    fail(skill, definition, outcome, now);
  } else {
    takeReport(found, reportOf(task, outcome), now);
  }
}

function complete(item: ItemRecord, report: Report, now: string): void {
  item.report = report;
  end(item, 'completed', undefined, now);
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
  ...{ by, via: 'task', digest: digestOf({ task: id }) },
  ...(summary !== undefined && summary !== '' && { summary }),
  ...(outputs !== undefined && { outputs }),
});
