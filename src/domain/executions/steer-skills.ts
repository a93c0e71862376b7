/** Skills are retried, done again, or picked from: what that does, and why it may not be. Pure but for the record. */

import type { Rule } from './act-rule.ts';
import { begin } from './begin-skills.ts';
import { findSkill, gatesOf, phaseAt, type SkillParts, skillsOf } from './execution-parts.ts';
import { type Execution, resetGate, resetSkill, type SkillRecord } from './execution-record.ts';
import { problemSeen } from './guarantees-held.ts';
import { doAgain, end, lookAgain } from './skill-ends.ts';

export const unknownSkill = (id: string): string => `there is no skill ${id}`;

/** One that failed is done again; of one whose report did not count the engine looks again at what was reported. */
export const retry: Rule<'retry'> = {
  problem(execution, { skill: id }) {
    const found = findSkill(execution, id);
    if (found === undefined) return unknownSkill(id);
    if (found.parts.place !== execution.record.at)
      return `skill ${id} is of the phase ${found.parts.phase.id}: only one of the phase under way is retried`;
    const { state, verdict, unknown } = found.skill;
    if (state === 'failed' || verdict === 'refused' || unknown !== undefined) return undefined;
    return `skill ${id} is ${state}${verdict === 'awaited' ? ' and looked at' : ''}: only one that failed, or whose report did not count, is retried`;
  },
  apply(execution, { skill: id, deliverables }, { now }) {
    const found = findSkill(execution, id);
    if (found === undefined) return;
    const { definition, skill, byEngine } = found;
    if (skill.verdict === 'refused' && byEngine) {
      doAgain(skill, skill.why ?? problemSeen(definition.guarantees, skill) ?? 'it is to be done once more');
      skill.refusals += 1;
      return;
    }
    if (skill.verdict === 'refused') {
      lookAgain(skill);
      if (deliverables !== undefined && skill.report !== undefined)
        skill.report = { ...skill.report, deliverables };
      return;
    }
    doFailedAgain(execution, found, now);
  },
};

export function doFailedAgain(
  execution: Execution,
  { definition, skill, byEngine }: SkillParts,
  now: string,
): void {
  const parts = phaseAt(execution);
  const again = freshOf(execution, skill.id, skill);
  // Whoever does it once more is told what became of it.
  if (again !== undefined && byEngine && skill.why !== undefined) again.feedback = skill.why;
  if (again !== undefined) begin(execution, { definition, skill: again }, now);
  // What came after it came of what it was.
  for (const { gate } of gatesOf(parts)) resetGate(parts.phase, gate.id);
}

/** What a person has resolved of it stays. */
function freshOf(execution: Execution, id: string, { resolutions }: SkillRecord): SkillRecord | undefined {
  resetSkill(phaseAt(execution).phase, id);
  const fresh = findSkill(execution, id)?.skill;
  if (fresh !== undefined) fresh.resolutions = resolutions;
  return fresh;
}

/** A skill and what came after it is done again from the beginning. */
export const reset: Rule<'reset'> = {
  problem(execution, { skill: id }) {
    const found = findSkill(execution, id);
    if (found === undefined) return unknownSkill(id);
    if (found.parts.place === execution.record.at) return undefined;
    return `skill ${id} is of the phase ${found.parts.phase.id}, and ${phaseAt(execution).phase.id} is under way: work goes back over phases only where a gate sends it back`;
  },
  apply(execution, { skill: id, keepResolutions = false }) {
    const parts = phaseAt(execution);
    const skills = skillsOf(parts);
    const from = skills.findIndex(({ skill }) => skill.id === id);
    for (const { skill } of skills.slice(from)) {
      if (keepResolutions) freshOf(execution, skill.id, skill);
      else resetSkill(parts.phase, skill.id);
    }
    for (const { gate } of gatesOf(parts)) resetGate(parts.phase, gate.id);
    parts.phase.status = 'in-progress';
  },
};

/** Of what was done for each of a list one counts. */
export const pick: Rule<'pick'> = {
  decision: 'picking one of several',
  problem(execution, { skill: id, item }) {
    const found = findSkill(execution, id);
    if (found === undefined) return unknownSkill(id);
    const { definition, skill } = found;
    const { items = [], picked } = skill;
    if (definition.forEach?.join !== 'pick') return `skill ${id} is none of which one is picked`;
    if (skill.state === 'completed' || (skill.state === 'in-progress' && picked !== undefined))
      return isPicked(skill, item) ? undefined : `one of ${id} was picked already: reset it first`;
    const open = items.filter(({ state }) => state === 'pending' || state === 'in-progress');
    if (skill.state !== 'in-progress' || open.length > 0) return `${id} is not done for all yet`;
    const completed = items.filter(({ state }) => state === 'completed').map((one) => one.item);
    return completed.includes(item)
      ? undefined
      : `item: expected one of ${completed.join(', ')}, got ${item}`;
  },
  apply(execution, { skill: id, item }, { now }) {
    const skill = findSkill(execution, id)?.skill;
    const picked = skill?.items?.find((one) => one.item === item);
    if (skill === undefined || picked?.report === undefined || skill.state === 'completed') return;
    skill.picked = item;
    // It counts once it is merged.
    if (picked.made !== undefined) return;
    skill.report = picked.report;
    end(skill, 'completed', undefined, now);
  },
};

const isPicked = ({ items = [], picked, report }: SkillRecord, item: string): boolean =>
  picked === undefined
    ? items.some((one) => one.item === item && one.report?.digest === report?.digest)
    : picked === item;
