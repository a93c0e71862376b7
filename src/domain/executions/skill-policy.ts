/** What the task that does a skill may spend, and which agent mends what is delivered. Pure. */
import { LIMITS } from '../limits.ts';
import type { Skill } from '../loops/skill.ts';
import type { AgentChoice, Policy } from '../task-spec.ts';
import { type Execution, OF_TASK, type SkillRecord } from './execution-record.ts';

const DAY_SECONDS = 24 * 3600;

/** @param hasNext whether another agent stands by, so that nobody waits for the quota of this one */
export function policyFor(
  execution: Execution,
  skill: Skill,
  { hasNext }: { readonly hasNext: boolean },
): Partial<Policy> {
  const { timeout, budget } = skill;
  const { idle, total } = timeout ?? {};
  return {
    fixAttemptsMax: fixAttempts(execution, skill),
    ...(isMendedByPeople(execution, skill) && { reviewRoundsMax: 0 }),
    ...(budget?.attempts !== undefined && {
      attemptsMax: Math.min(budget.attempts, LIMITS.attemptsPerTaskMax),
    }),
    ...(budget?.usd !== undefined && { costUsdMax: budget.usd }),
    ...(total !== undefined && { attemptSecondsMax: seconds(total) }),
    ...(idle !== undefined && { stallSecondsMax: seconds(idle) }),
    ...(hasNext && { onQuota: 'fail' as const }),
  };
}

/** After the first: as often as the loop says until checks pass; a delivery is mended where the loop has an agent for it. */
function fixAttempts(execution: Execution, { by, repeat }: Skill): number {
  if (by.kind === 'deliver') return mendingAgent(execution) === undefined ? 0 : 2;
  return Math.min((repeat?.most ?? 1) - 1, LIMITS.attemptsPerTaskMax);
}

const seconds = (ms: number): number => Math.min(Math.max(1, Math.ceil(ms / 1000)), DAY_SECONDS);

/** A command does the same again whatever is in the way of a delivery, so without an agent people are asked. */
export const isMendedByPeople = (execution: Execution, { by }: Skill): boolean =>
  by.kind === 'deliver' && mendingAgent(execution) === undefined;

/** The last that has written, else would have, because it knows how the work is meant; else one that reads. */
export function mendingAgent({ spec, record }: Execution): AgentChoice | undefined {
  const skills = spec.loop.phases.flatMap((phase) => phase.skills);
  const writing = skills.filter(({ writes }) => writes !== 'none');
  const records = record.phases.flatMap((phase) => phase.skills);
  const wrote = writing.flatMap(({ id, by }) =>
    by.kind === 'agent' ? whoDid(records.find((one) => one.id === id)) : [],
  );
  const name = wrote.at(-1) ?? lastNamed(writing) ?? lastNamed(skills);
  return name === undefined ? undefined : { name };
}

const lastNamed = (skills: readonly Skill[]): string | undefined =>
  skills
    .flatMap(({ by }) => (by.kind === 'agent' ? [plainName(by.agents[0])] : []))
    .findLast((one) => one !== undefined);

/** Agents, in the order of its list; of one that was picked from, who did that. A person who left it out is none. */
function whoDid({ report, items = [] }: Pick<SkillRecord, 'report' | 'items'> = {}): readonly string[] {
  const reports = report === undefined ? items.map((item) => item.report) : [report];
  return reports.flatMap((one) => (one?.via === OF_TASK ? [one.by] : []));
}

/** Undefined where it is filled in with something else first. */
function plainName(agent: Extract<Skill['by'], { kind: 'agent' }>['agents'][number] | undefined) {
  const [part, ...more] = agent?.parts ?? [];
  return part !== undefined && 'text' in part && more.length === 0 ? part.text : undefined;
}
