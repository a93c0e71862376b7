/** What `complete` does to an execution: a skill, an item of it, or the phase is over. Why it may not be: `problemWith…`. */
import { digestOf } from '../digest.ts';
import { problemsWithOutputs } from '../loops/returned.ts';
import type { Skill } from '../loops/skill.ts';
import type { CompleteSkill } from './execution-messages.ts';
import { findSkill, isEnded, phaseAt, type SkillParts, skillsOf } from './execution-parts.ts';
import type { Execution, ItemRecord, Report, Sent, SkillRecord } from './execution-record.ts';
import { problemWithRoom } from './room-for-reports.ts';
import { mayComplete } from './settle.ts';
import { end, forgetSeen, takeReport } from './skill-ends.ts';
import { opinionIn } from './skill-opinion.ts';
import { problemWithDecider, problemWithStanding } from './standing.ts';

export function problemWithComplete(execution: Execution, message: CompleteSkill): string | undefined {
  if ((message.skill === undefined) === (message.phase === undefined))
    return 'expected either skill or phase: what is over';
  if (message.phase !== undefined) return problemWithPhase(execution, message.phase);
  const found = findSkill(execution, message.skill ?? '');
  if (found === undefined) return `there is no skill ${message.skill}: expected ${skillsHere(execution)}`;
  if (isSameAgain(found, message)) return undefined;
  const standing = problemWithStanding(execution.record);
  if (standing !== undefined) return standing;
  const { parts, definition, skill, byEngine } = found;
  if (parts.place !== execution.record.at)
    return `skill ${skill.id} is of the phase ${parts.phase.id}, and ${phaseAt(execution).phase.id} is under way: expected ${skillsHere(execution)}`;
  const skips = message.outcome === 'skipped';
  if (skips) return problemWithSkip(skill, message);
  if (byEngine)
    return `skill ${skill.id} is done by the engine${skill.task === undefined ? '' : `, as the task ${skill.task}`}: what that comes to is its report; retry, reset or skip it, or cancel the task`;
  return (
    problemWithState(definition, skill, message) ??
    problemWithReport(definition, message) ??
    problemWithRoom(execution.record, { ...message, skill: skill.id })
  );
}

function problemWithPhase(execution: Execution, id: string): string | undefined {
  const place = execution.record.phases.findIndex((one) => one.id === id);
  const named = execution.record.phases[place];
  if (named === undefined) return `there is no phase ${id}: expected ${phaseAt(execution).phase.id}`;
  if (named.status === 'completed' || named.status === 'skipped') return undefined;
  const standing = problemWithStanding(execution.record);
  if (standing !== undefined) return standing;
  const parts = phaseAt(execution);
  if (place !== execution.record.at) return `phase ${id} has not begun: ${parts.phase.id} is under way`;
  if (mayComplete(parts)) return undefined;
  const left = skillsOf(parts).filter(({ skill }) => !isEnded(skill) || skill.state === 'failed');
  return `cannot complete phase ${id}: ${left.map(({ skill }) => `${skill.id} is ${skill.state}`).join(', ')}`;
}

const skillsHere = (execution: Execution): string => {
  const parts = phaseAt(execution);
  const open = skillsOf(parts).filter(({ skill }) => !isEnded(skill));
  return open.length === 0
    ? `none, because all skills of ${parts.phase.id} are over`
    : `one of ${open.map(({ skill }) => skill.id).join(', ')}`;
};

function problemWithSkip(skill: SkillRecord, message: CompleteSkill): string | undefined {
  if (skill.state === 'completed') return `skill ${skill.id} is completed: reset it before it can be skipped`;
  if (message.summary === undefined) return `summary: expected why ${skill.id} is skipped`;
  return problemWithDecider(message, `leaving out the skill ${skill.id}`);
}

function problemWithState(definition: Skill, skill: SkillRecord, message: CompleteSkill): string | undefined {
  if (isEnded(skill))
    return `skill ${skill.id} is ${skill.state} already, and this report is another one: ${skill.state === 'failed' ? 'retry or reset' : 'reset'} it to do it again`;
  if (skill.state === 'pending')
    return `skill ${skill.id} has not begun: ${skill.unknown === undefined ? 'those before it come first' : `there is no ${skill.unknown.join(', ')}; retry it to have it done`}`;
  if (skill.verdict === 'awaited')
    return `the engine looks at what was reported of ${skill.id} before: wait for what it sees`;
  if (definition.forEach === undefined)
    return message.item === undefined ? undefined : `item: ${skill.id} is done once: leave item out`;
  const item = skill.items?.find((one) => one.item === message.item);
  if (item?.state === 'in-progress') return undefined;
  const open = (skill.items ?? []).filter(({ state }) => state === 'in-progress').map((one) => one.item);
  const found = item === undefined ? `got ${message.item ?? 'none'}` : `${item.item} is ${item.state}`;
  return `item: expected one of ${open.join(', ')}, for which ${skill.id} is done now, ${found}`;
}

function problemWithReport(
  { id, returns }: Skill,
  { outcome, outputs = {} }: CompleteSkill,
): string | undefined {
  if (outcome === 'failed')
    return Object.keys(outputs).length === 0 ? undefined : 'outputs: expected none of what failed';
  const unknown = Object.keys(outputs).filter((name) => !Object.hasOwn(returns, name));
  const problems = [
    ...unknown.map((name) => `outputs.${name}: ${id} returns no ${name}`),
    ...problemsWithOutputs(returns, outputs),
  ];
  return problems.length === 0 ? undefined : problems.join('; ');
}

/** A report that is made again is harmless, whoever makes it. */
function isSameAgain({ skill }: SkillParts, message: CompleteSkill): boolean {
  const item = skill.items?.find((one) => one.item === message.item);
  const one = message.item === undefined ? skill : item;
  return one !== undefined && isEnded(one) && one.report?.digest === digestOfReport(message);
}

const digestOfReport = ({
  outcome = 'completed',
  outputs = {},
  summary = '',
  ...more
}: CompleteSkill): string => digestOf({ outcome, outputs, summary, ...opinionIn(more) });

export function applyComplete(execution: Execution, message: CompleteSkill, { via, now }: Sent): void {
  if (message.phase !== undefined) {
    const { phase } = phaseAt(execution);
    if (phase.id === message.phase && phase.status === 'in-progress') phase.status = 'completed';
    return;
  }
  const found = findSkill(execution, message.skill ?? '');
  if (found === undefined || isSameAgain(found, message)) return;
  const { skill } = found;
  const report = reportOf(message, via);
  if (message.outcome === 'skipped') {
    skill.report = report;
    end(skill, 'skipped', message.summary, now);
  } else if (message.item !== undefined) {
    skill.items = (skill.items ?? []).map((one) =>
      one.item === message.item ? endedItem(one, report, message, now) : one,
    );
    skill.heardAt = now;
  } else if (message.outcome === 'failed') {
    skill.report = report;
    forgetSeen(skill);
    end(skill, 'failed', message.summary, now);
  } else {
    takeReport(found, report, now);
  }
}

function endedItem(
  item: ItemRecord,
  report: Report,
  { outcome, summary }: CompleteSkill,
  now: string,
): ItemRecord {
  const ended: ItemRecord = { ...item, report };
  end(ended, outcome === 'failed' ? 'failed' : 'completed', outcome === 'failed' ? summary : undefined, now);
  return ended;
}

const reportOf = (message: CompleteSkill, via: string): Report => {
  const { by, outputs, summary, deliverables } = message;
  return {
    by,
    via,
    digest: digestOfReport(message),
    ...(outputs !== undefined && { outputs }),
    ...(summary !== undefined && { summary }),
    ...(deliverables !== undefined && { deliverables }),
    ...opinionIn(message),
  };
};
