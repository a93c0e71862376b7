/** How a skill ends: by a report that the engine believes, by its items, by its time. Pure. */
import type { Skill } from '../loops/skill.ts';
import { isEnded, type SkillParts } from './execution-parts.ts';
import type { ItemRecord, Report, SkillRecord } from './execution-record.ts';
import { problemSeen } from './guarantees-held.ts';

/** A report counts once all that is guaranteed holds. @returns whether the skill ended or its report was refused */
export function finishReported({ definition, skill, byEngine }: SkillParts, now: string): boolean {
  if (skill.report === undefined || skill.verdict === 'refused' || skill.items !== undefined) return false;
  if (isToLookAt(definition) && skill.found === undefined) return false;
  const problem = problemSeen(definition.guarantees, skill);
  if (problem === undefined) {
    end(skill, 'completed', undefined, now);
    return true;
  }
  skill.verdict = 'refused';
  skill.refusals += 1;
  const most = definition.repeat?.most;
  if (byEngine && skill.refusals < (most ?? 1)) doAgain(skill, problem);
  if (most !== undefined && skill.refusals >= most)
    end(skill, 'failed', `${problem}, ${skill.refusals} times`, now);
  return true;
}

/** What was done does not count, and is done once more by a task that is told why. */
export function doAgain(skill: SkillRecord, why: string): void {
  forgetSeen(skill);
  delete skill.report;
  delete skill.verdict;
  delete skill.tries;
  skill.feedback = why;
}

/** Whether the engine looks before a report counts. */
export const isToLookAt = ({ guarantees, repeat }: Skill): boolean =>
  guarantees.length > 0 || repeat !== undefined;

/** Nothing that was seen of it counts any more. */
export function forgetSeen(skill: SkillRecord): void {
  delete skill.found;
  delete skill.evidence;
  delete skill.why;
}

/** The engine looks at what was reported, whatever it saw before. */
export function lookAgain(skill: SkillRecord): void {
  forgetSeen(skill);
  skill.verdict = 'awaited';
}

/** That it is done, whoever says so: it counts at once, or once the engine has looked. */
export function takeReport(
  { definition, skill }: Pick<SkillParts, 'definition' | 'skill'>,
  report: Report,
  now: string,
): void {
  skill.report = report;
  forgetSeen(skill);
  if (isToLookAt(definition)) lookAgain(skill);
  else end(skill, 'completed', undefined, now);
}

/** What is done for each of a list is over when all of them are. */
export function endItems({ definition, skill }: SkillParts, now: string): boolean {
  const { items } = skill;
  if (items === undefined || !items.every(isEnded)) return false;
  const join = definition.forEach?.join;
  const failed = items.filter(({ state }) => state === 'failed').map(({ item }) => item);
  const completed = items.filter(({ state }) => state === 'completed');
  if (join === 'pick') {
    // A person picks one of them.
    if (completed.length > 0) return false;
    end(skill, 'failed', 'there is nothing to pick from: none was completed', now);
  } else if (join === 'all_completed' && failed.length > 0) {
    end(skill, 'failed', `${failed.join(', ')} failed`, now);
  } else {
    end(skill, 'completed', undefined, now);
  }
  return true;
}

/** One that ran out of time is never completed, whatever it has reported that does not count yet. */
export function timeOut(one: SkillParts, now: string): boolean {
  const { definition, skill } = one;
  const at = deadlineOf(one);
  if (at === undefined || Date.parse(at) > Date.parse(now) || skill.verdict === 'awaited') return false;
  const outcome = definition.timeout?.then === 'skip' ? 'skipped' : 'failed';
  end(skill, outcome, 'it ran out of time', now);
  return true;
}

/** ISO 8601, of the first of its limits. */
export function deadlineOf({
  definition,
  skill,
  byEngine,
}: Pick<SkillParts, 'definition' | 'skill' | 'byEngine'>): string | undefined {
  // Of a task the attempts are bounded, which begin when there is room for them.
  if (byEngine) return undefined;
  const { idle, total } = definition.timeout ?? {};
  if (skill.state !== 'in-progress' || skill.startedAt === undefined) return undefined;
  const ends = [
    ...(total === undefined ? [] : [Date.parse(skill.startedAt) + total]),
    ...(idle === undefined ? [] : [Date.parse(skill.heardAt ?? skill.startedAt) + idle]),
  ];
  return ends.length === 0 ? undefined : new Date(Math.min(...ends)).toISOString();
}

export function end(
  one: SkillRecord | ItemRecord,
  state: 'completed' | 'failed' | 'skipped',
  why: string | undefined,
  now: string,
): void {
  one.state = state;
  if (why === undefined) delete one.why;
  else one.why = why;
  one.endedAt = now;
  if ('verdict' in one) delete one.verdict;
}
