/**
 * What follows from how an execution stands, without a word of anybody: skills begin, gates open and pass, phases end, the
 * next one begins. Asked after each message, each look of the engine and each deadline; asked twice it changes nothing. Pure
 * but for the record, which it moves.
 */
import { beginItems, beginSkills } from './begin-skills.ts';
import { gatesOf, isEnded, type PhaseParts, phaseAt, type SkillParts, skillsOf } from './execution-parts.ts';
import type { Execution } from './execution-record.ts';
import { isPassed, moveGates } from './gates-pass.ts';
import { end, endItems, finishReported, timeOut } from './skill-ends.ts';
import { problemWithTask } from './skill-tasks.ts';

/** @param now ISO 8601, by the workflow's clock */
export function settle(execution: Execution, now: string): void {
  while (execution.record.status === 'active' && moveOn(execution, now));
}

/** One move. @returns whether there was one */
function moveOn(execution: Execution, now: string): boolean {
  const parts = phaseAt(execution);
  const { phase } = parts;
  switch (phase.status) {
    case 'pending':
      phase.status = 'in-progress';
      return true;
    case 'in-progress':
      return workOn(execution, parts, now);
    case 'completed':
    case 'skipped':
      return moveGates(execution, parts, now) || goOn(execution, parts, now);
    default:
      return phase.status satisfies never;
  }
}

function workOn(execution: Execution, parts: PhaseParts, now: string): boolean {
  const skills = skillsOf(parts);
  if (skills.some((one) => moveSkill(execution, one, now))) return true;
  if (beginSkills(execution, parts, now)) return true;
  if (execution.spec.autonomy === 'manual' || !mayComplete(parts)) return false;
  parts.phase.status = 'completed';
  return true;
}

function moveSkill(execution: Execution, one: SkillParts, now: string): boolean {
  if (one.skill.state !== 'in-progress') return false;
  if (one.byEngine && failUnstartable(execution, one, now)) return true;
  if (timeOut(one, now) || finishReported(one, now) || endItems(one, now)) return true;
  const before = one.skill.items;
  if (before === undefined) return false;
  beginItems(one.definition, one.skill, now);
  return one.skill.items?.some((item, index) => item.state !== before[index]?.state) ?? false;
}

/** A task that could not be told what to do is not begun. */
function failUnstartable(execution: Execution, one: SkillParts, now: string): boolean {
  const { items, report } = one.skill;
  if (report !== undefined) return false;
  const problem = items === undefined ? problemWithTask(execution, one) : undefined;
  if (problem !== undefined) end(one.skill, 'failed', problem, now);
  if (items === undefined) return problem !== undefined;
  const failed = items.map((item) => {
    const why = item.state === 'in-progress' ? problemWithTask(execution, one, item.item) : undefined;
    if (why === undefined) return item;
    const ended = { ...item };
    end(ended, 'failed', why, now);
    return ended;
  });
  one.skill.items = failed;
  return failed.some((item, at) => item !== items[at]);
}

/** A failed skill holds its phase: somebody does it again, or decides to leave it out. */
export const mayComplete = (parts: PhaseParts): boolean =>
  skillsOf(parts).every(({ skill }) => isEnded(skill) && skill.state !== 'failed');

/** Whether all gates after the phase have passed. */
export const mayAdvance = (parts: PhaseParts): boolean => gatesOf(parts).every(isPassed);

/** The last phase ends the execution; whether the next one begins without a word is a matter of autonomy. */
function goOn(execution: Execution, parts: PhaseParts, now: string): boolean {
  if (!mayAdvance(parts)) return false;
  const isLast = execution.record.at === execution.spec.loop.phases.length - 1;
  if (!isLast && execution.spec.autonomy !== 'full' && parts.phase.status !== 'skipped') return false;
  advance(execution, now);
  return true;
}

/** From a phase whose gates have passed. */
export function advance(execution: Execution, now: string): void {
  const left = gatesOf(phaseAt(execution)).filter(({ gate }) => !['approved', 'none'].includes(gate.status));
  for (const { gate } of left) {
    gate.status = 'none';
    gate.why = gate.enabled ? 'nothing requires it, and the execution went on' : 'it was disabled';
  }
  if (execution.record.at < execution.spec.loop.phases.length - 1) {
    execution.record.at += 1;
    return;
  }
  execution.record.status = 'completed';
  execution.record.endedAt = now;
}
