/** Gates are looked at again, resolved and set: what that does, and why it may not be. Pure but for the record. */
import type { ActOf, Rule } from './act-rule.ts';
import { findGate, findSkill, gatesOf, phaseAt } from './execution-parts.ts';
import type { Execution, GateRecord } from './execution-record.ts';
import { lookAgain } from './skill-ends.ts';
import { unknownSkill } from './steer-skills.ts';

/** The engine looks again, whether what it saw passes now. */
export const look: Rule<'look'> = {
  problem(execution, { gate: gateId, skill: skillId }) {
    if ((gateId === undefined) === (skillId === undefined))
      return 'expected either gate or skill: what is looked at';
    if (skillId !== undefined)
      return findSkill(execution, skillId) === undefined ? unknownSkill(skillId) : undefined;
    const found = findGate(execution, gateId ?? '');
    if (found === undefined) return `there is no gate ${gateId}`;
    if (
      found.parts.place === execution.record.at &&
      ['failed', 'open', 'looking'].includes(found.gate.status)
    )
      return undefined;
    return `gate ${gateId} is ${found.gate.status}: only one that is open or does not pass is looked at again`;
  },
  apply(execution, { gate: gateId, skill: skillId }) {
    const gate = gateId === undefined ? undefined : findGate(execution, gateId)?.gate;
    if (gate !== undefined) reopen(gate);
    const skill = skillId === undefined ? undefined : findSkill(execution, skillId)?.skill;
    if (skill?.verdict === 'refused') lookAgain(skill);
  },
};

function reopen(gate: GateRecord): void {
  gate.status = 'pending';
  gate.looks += 1;
  gate.approvals = [];
  for (const key of ['found', 'evidence', 'by', 'why', 'decidedAt', 'unknown', 'digest', 'openedAt'] as const)
    delete gate[key];
}

/** Somebody who may approve takes it that a guarantee is met otherwise, or need not be. */
export const resolve: Rule<'resolve'> = {
  decision: 'resolving a guarantee',
  problem(execution, { skill, gate, guarantee }) {
    if ((gate === undefined) === (skill === undefined))
      return 'expected either gate or skill: whose guarantee it is';
    const definition =
      skill === undefined
        ? findGate(execution, gate ?? '')?.definition
        : findSkill(execution, skill)?.definition;
    if (definition === undefined)
      return skill === undefined ? `there is no gate ${gate}` : unknownSkill(skill);
    const ids = definition.guarantees.map(({ id }) => id);
    if (ids.includes(guarantee)) return undefined;
    return `there is no guarantee ${guarantee}: expected ${ids.length === 0 ? 'none, because it has none' : `one of ${ids.join(', ')}`}`;
  },
  apply(execution, { skill: skillId, gate: gateId, guarantee, type, evidence }, { by, now }) {
    const skill = skillId === undefined ? undefined : findSkill(execution, skillId)?.skill;
    const gate = gateId === undefined ? undefined : findGate(execution, gateId)?.gate;
    const resolution = { type, evidence, by, at: now };
    for (const one of [skill, gate])
      if (one !== undefined) one.resolutions = { ...one.resolutions, [guarantee]: resolution };
    // What is left is judged by what was seen already.
    if (skill?.verdict === 'refused') skill.verdict = 'awaited';
    if (gate?.status === 'failed') gate.status = 'looking';
  },
};

/** One gate, or all of them. */
export const setGates: Rule<'set_gates'> = {
  decision: 'setting gates',
  problem(execution, { gate, enabled, override }) {
    if (enabled === undefined && override === undefined) return 'expected enabled or override: what is set';
    if (gate === undefined) return undefined;
    const found = findGate(execution, gate);
    if (found === undefined) return `there is no gate ${gate}`;
    if (override === 'conditional' && found.definition.when === undefined)
      return `gate ${gate} has no condition: expected human or auto`;
    return undefined;
  },
  apply(execution, act) {
    for (const { gate } of everyGate(execution))
      if (act.gate === undefined || gate.id === act.gate) set(gate, act);
  },
};

const everyGate = (execution: Execution) =>
  execution.record.phases.flatMap((_, place) => gatesOf(phaseAt(execution, place)));

/** One that is open, and that nobody has approved, opens anew: who decides it follows from what holds now. A decision stays. */
function set(gate: GateRecord, { enabled, override }: ActOf<'set_gates'>): void {
  if (enabled !== undefined) gate.enabled = enabled;
  if (override === null) delete gate.override;
  else if (override !== undefined) gate.override = override;
  if (enabled !== undefined) delete gate.unknown;
  if (gate.status !== 'open' || gate.approvals.length > 0) return;
  gate.status = 'pending';
  delete gate.digest;
  delete gate.openedAt;
}
