/** What the task that does a skill may spend, and which agent mends what is delivered. Pure. */
import { LIMITS } from '../limits.ts';
import type { Skill } from '../loops/skill.ts';
import type { AgentChoice, Policy } from '../task-spec.ts';
import type { ExecutionSpec } from './execution-record.ts';

const DAY_SECONDS = 24 * 3600;

/** @param hasNext whether another agent stands by, so that nobody waits for the quota of this one */
export function policyFor(
  spec: ExecutionSpec,
  skill: Skill,
  { hasNext }: { readonly hasNext: boolean },
): Partial<Policy> {
  const { timeout, budget } = skill;
  const { idle, total } = timeout ?? {};
  return {
    fixAttemptsMax: fixAttempts(spec, skill),
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
function fixAttempts(spec: ExecutionSpec, { by, repeat }: Skill): number {
  if (by.kind === 'deliver') return deliveryAgent(spec)?.command === undefined ? 2 : 0;
  return Math.min((repeat?.most ?? 1) - 1, LIMITS.attemptsPerTaskMax);
}

const seconds = (ms: number): number => Math.min(Math.max(1, Math.ceil(ms / 1000)), DAY_SECONDS);

/** The last of the loop that writes: it knows how the work is meant. Where none does, a command of the loop stands in its place. */
export function deliveryAgent({ loop }: ExecutionSpec): AgentChoice | undefined {
  const skills = loop.phases.flatMap((phase) => phase.skills).filter(({ writes }) => writes !== 'none');
  const named = skills.flatMap(({ by }) => (by.kind === 'agent' ? [plainName(by.agents[0])] : []));
  const name = named.findLast((one) => one !== undefined);
  if (name !== undefined) return { name };
  const command = skills.flatMap(({ by }) => (by.kind === 'run' ? [by.command] : [])).at(-1);
  return command === undefined ? undefined : { name: 'command', command: [...command] };
}

/** Undefined where it is filled in with something else first. */
function plainName(agent: Extract<Skill['by'], { kind: 'agent' }>['agents'][number] | undefined) {
  const [part, ...more] = agent?.parts ?? [];
  return part !== undefined && 'text' in part && more.length === 0 ? part.text : undefined;
}
