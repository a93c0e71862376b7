/**
 * What the engine has to look at in the project before a report counts or a gate passes, and what comes of it. A look is about
 * one report, or one opening of a gate: what is answered after something else has been said changes nothing. Pure.
 */
import type { Guarantee } from '../loops/guarantees.ts';
import type { CheckNames } from '../loops/loop-words.ts';
import type { CheckDefinition } from '../task-spec.ts';
import type { Evidence } from '../task-state.ts';
import { findGate, findSkill, gatesOf, phaseAt, skillsOf } from './execution-parts.ts';
import type { Execution, ExecutionSpec, Found, GateRecord, SkillRecord } from './execution-record.ts';
import { isLookedAt } from './gates-pass.ts';
import { toLookAt } from './guarantees-held.ts';

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
  loop.phases.some(
    ({ skills, gates }) =>
      gates.some(isLookedAt) ||
      skills.some(({ guarantees, repeat }) => guarantees.length > 0 || repeat !== undefined),
  );

export function looksDue(execution: Execution): readonly Look[] {
  if (execution.record.status !== 'active') return [];
  const parts = phaseAt(execution);
  const { checks } = execution.spec;
  const ofSkills = skillsOf(parts).flatMap(({ definition, skill }): readonly Look[] => {
    if (skill.verdict !== 'awaited' || skill.found !== undefined) return [];
    const names = definition.repeat?.until.checks;
    const { report } = skill;
    return [
      {
        key: keyOfSkill(skill),
        of: { skill: skill.id },
        guarantees: toLookAt(definition.guarantees, skill),
        checks: named(checks, names),
        deliverables: report?.deliverables ?? [],
      },
    ];
  });
  const ofGates = gatesOf(parts).flatMap(({ definition, gate }): readonly Look[] => {
    if (gate.status !== 'looking' || gate.found !== undefined) return [];
    const names = definition.kind === 'check' ? definition.checks : undefined;
    return [
      {
        key: keyOfGate(gate),
        of: { gate: gate.id },
        guarantees: toLookAt(definition.guarantees, gate),
        checks: named(checks, names),
        deliverables: [],
      },
    ];
  });
  return [...ofSkills, ...ofGates];
}

const keyOfSkill = ({ id, round, refusals, report }: SkillRecord): string =>
  `skill ${id} ${round}.${refusals} ${report?.digest ?? ''}`;
const keyOfGate = ({ id, looks, reworks }: GateRecord): string => `gate ${id} ${looks}.${reworks}`;

const named = (checks: readonly CheckDefinition[], names: CheckNames | undefined) =>
  names === undefined ? [] : checks.filter(({ name }) => names === 'all' || names.includes(name));

/** What was seen counts where it is still asked for. */
export function applyLook(execution: Execution, { key, of }: Look, { guarantees, evidence }: Seen): void {
  if ('skill' in of) {
    const skill = findSkill(execution, of.skill)?.skill;
    if (skill?.verdict !== 'awaited' || keyOfSkill(skill) !== key) return;
    skill.found = guarantees;
    if (evidence.length > 0) skill.evidence = evidence;
    return;
  }
  const gate = findGate(execution, of.gate)?.gate;
  if (gate?.status !== 'looking' || keyOfGate(gate) !== key) return;
  gate.found = guarantees;
  if (evidence.length > 0) gate.evidence = evidence;
}

/** The engine could not look, and trying again has not helped: somebody mends what is in its way, and has it look again. */
export function applyBlindLook(execution: Execution, { key, of }: Look, why: string, now: string): void {
  if ('skill' in of) {
    const skill = findSkill(execution, of.skill)?.skill;
    if (skill?.verdict !== 'awaited' || keyOfSkill(skill) !== key) return;
    skill.verdict = 'refused';
    skill.why = `could not be looked at: ${why}`;
    return;
  }
  const gate = findGate(execution, of.gate)?.gate;
  if (gate?.status !== 'looking' || keyOfGate(gate) !== key) return;
  gate.status = 'failed';
  gate.why = `could not be looked at: ${why}`;
  gate.decidedAt = now;
}
