/**
 * What the engine has to look at in the project before a report counts or a gate passes, and what comes of it. A look is about
 * one report, or one opening of a gate: what is answered after something else has been said changes nothing. Pure.
 */
import type { Guarantee } from '../loops/guarantees.ts';
import type { CheckNames } from '../loops/loop-words.ts';
import type { CheckDefinition } from '../task-spec.ts';
import type { Evidence } from '../task-state.ts';
import { findGate, findSkill, gatesOf, phaseAt, skillsOf } from './execution-parts.ts';
import type { Execution, Found, GateRecord, SkillRecord } from './execution-record.ts';
import type { ExecutionSpec } from './execution-spec.ts';
import { isLookedAt } from './gates-pass.ts';
import { toLookAt } from './guarantees-held.ts';
import { isToLookAt } from './skill-ends.ts';

export interface Look {
  /** Names it among all looks of the execution. */
  readonly key: string;
  readonly of: { readonly skill: string } | { readonly gate: string };
  readonly guarantees: readonly Guarantee[];
  readonly checks: readonly CheckDefinition[];
  /** What the client says it has made. */
  readonly deliverables: readonly string[];
}

/** What the engine saw, at a commit. */
export interface Seen {
  readonly commit: string;
  readonly guarantees: readonly Found[];
  readonly evidence: readonly Evidence[];
}

/** Whether the engine looks at the project at all, as the loop has it. */
export const isEverLookedAt = ({ loop }: ExecutionSpec): boolean =>
  loop.phases.some(({ skills, gates }) => gates.some(isLookedAt) || skills.some(isToLookAt));

export function looksDue(execution: Execution): readonly Look[] {
  if (execution.record.status !== 'active') return [];
  const parts = phaseAt(execution);
  const { checks } = execution.spec;
  return [
    ...skillsOf(parts)
      .filter(({ skill }) => isAwaited(skill) && skill.found === undefined)
      .map(({ definition, skill }) => ({
        key: keyOfSkill(skill),
        of: { skill: skill.id },
        guarantees: toLookAt(definition.guarantees, skill),
        checks: namedChecks(checks, definition.repeat?.until.checks),
        deliverables: skill.report?.deliverables ?? [],
      })),
    ...gatesOf(parts)
      .filter(({ gate }) => isLooking(gate) && gate.found === undefined)
      .map(({ definition, gate }) => ({
        key: keyOfGate(gate),
        of: { gate: gate.id },
        guarantees: toLookAt(definition.guarantees, gate),
        checks: namedChecks(checks, definition.kind === 'check' ? definition.checks : undefined),
        deliverables: [],
      })),
  ];
}

const isAwaited = ({ verdict }: SkillRecord): boolean => verdict === 'awaited';
const isLooking = ({ status }: GateRecord): boolean => status === 'looking';

const keyOfSkill = ({ id, round, refusals, report }: SkillRecord): string =>
  `skill ${id} ${round}.${refusals} ${report?.digest ?? ''}`;
const keyOfGate = ({ id, looks, reworks }: GateRecord): string => `gate ${id} ${looks}.${reworks}`;

/** Of these the ones that are named. */
export const namedChecks = (checks: readonly CheckDefinition[], names: CheckNames | undefined) =>
  names === undefined ? [] : checks.filter(({ name }) => names === 'all' || names.includes(name));

/** What a look is about, where it is still asked for. */
function stillAsked(
  execution: Execution,
  { key, of }: Look,
): { readonly skill?: SkillRecord; readonly gate?: GateRecord } {
  if ('skill' in of) {
    const skill = findSkill(execution, of.skill)?.skill;
    return skill !== undefined && isAwaited(skill) && keyOfSkill(skill) === key ? { skill } : {};
  }
  const gate = findGate(execution, of.gate)?.gate;
  return gate !== undefined && isLooking(gate) && keyOfGate(gate) === key ? { gate } : {};
}

/** What was seen counts where it is still asked for. */
export function applyLook(execution: Execution, look: Look, { guarantees, evidence }: Seen): void {
  const { skill, gate } = stillAsked(execution, look);
  const one = skill ?? gate;
  if (one === undefined) return;
  one.found = guarantees;
  if (evidence.length > 0) one.evidence = evidence;
}

/** The engine could not look, and trying again has not helped: somebody mends what is in its way, and has it look again. */
export function applyBlindLook(execution: Execution, look: Look, why: string, now: string): void {
  const { skill, gate } = stillAsked(execution, look);
  const words = `could not be looked at: ${why}`;
  if (skill !== undefined) {
    skill.verdict = 'refused';
    skill.why = words;
  } else if (gate !== undefined) {
    gate.status = 'failed';
    gate.why = words;
    gate.decidedAt = now;
  }
}
