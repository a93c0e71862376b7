/** Gates are looked at again, resolved and set: what that does, and why it may not be. Pure but for the record. */
import type { ActOf, Rule, Signed } from './act-rule.ts';
import { isForOthers } from './decide-gate.ts';
import type { SteerExecution } from './execution-messages.ts';
import { findGate, findSkill, type GateParts, gatesOf, phaseAt } from './execution-parts.ts';
import type { Execution, GateRecord } from './execution-record.ts';
import { approvalTypeOf } from './gates-pass.ts';
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
  problem(execution, act, { by, guarded }) {
    const { gate, enabled, override } = act;
    if (enabled === undefined && override === undefined) return 'expected enabled or override: what is set';
    const found = gate === undefined ? undefined : findGate(execution, gate);
    if (gate !== undefined && found === undefined) return `there is no gate ${gate}`;
    if (override === 'conditional' && found !== undefined && found.definition.when === undefined)
      return `gate ${gate} has no condition: expected human or auto`;
    // What was accepted before there was this rule is accepted for ever.
    return guarded === undefined ? undefined : problemWithTaking(execution, act, { by, guarded });
  },
  apply(execution, act, said) {
    for (const { gate } of meantBy(execution, act)) set(gate, act, said);
  },
};

const meantBy = (execution: Execution, act: ActOf<'set_gates'>) =>
  execution.record.phases
    .flatMap((_, place) => gatesOf(phaseAt(execution, place)))
    .filter(({ gate }) => act.gate === undefined || gate.id === act.gate);

/** To take a decision away from people is as much a decision as to make it. */
function problemWithTaking(
  execution: Execution,
  act: ActOf<'set_gates'>,
  { by, guarded }: Pick<SteerExecution, 'by' | 'guarded'>,
): string | undefined {
  const taken = meantBy(execution, act).filter(
    (one) => isTaken(one, act) || (guarded === 2 && isMadeConditional(one, act)),
  );
  const { requester } = execution.spec;
  const others = taken.find(({ definition }) => isForOthers(definition) && by === requester);
  if (others !== undefined)
    return `gate ${others.gate.id} is decided by somebody else than ${requester}, who asked for the work: somebody else sets it`;
  const [first] = taken;
  if (first === undefined || act.reason !== undefined) return undefined;
  const what = act.enabled === false ? 'is disabled' : PASSES[act.override ?? 'human'];
  return `reason: expected why gate ${first.gate.id} ${what}`;
}

const PASSES = {
  human: 'is decided by a person',
  auto: 'passes without a person',
  conditional: 'is decided by a person only where a condition holds',
} as const;

/** Whether a person who was always asked comes to be asked only where the condition holds. */
const isMadeConditional = ({ gate, definition }: GateParts, { override }: ActOf<'set_gates'>): boolean =>
  override === 'conditional' && (gate.override ?? approvalTypeOf(definition)) === 'human';

/** Whether it comes to count no more, or nobody comes to be asked where the loop asks somebody. */
const isTaken = ({ gate, definition }: GateParts, { enabled, override }: ActOf<'set_gates'>): boolean =>
  (enabled === false && gate.enabled) ||
  (override === 'auto' && gate.override !== 'auto' && approvalTypeOf(definition) !== 'auto');

/** One that is open, and that nobody has approved, opens anew: who decides it follows from what holds now. A decision stays. */
function set(gate: GateRecord, act: ActOf<'set_gates'>, said: Signed): void {
  const { enabled, override } = act;
  noteSetting(gate, act, said);
  if (enabled !== undefined) gate.enabled = enabled;
  if (override === null) delete gate.override;
  else if (override !== undefined) gate.override = override;
  if (enabled !== undefined) delete gate.unknown;
  if (gate.status !== 'open' || gate.approvals.length > 0) return;
  gate.status = 'pending';
  delete gate.digest;
  delete gate.openedAt;
}

/** What was so before is as somebody else has set it. */
function noteSetting(
  gate: GateRecord,
  { enabled, override, reason }: ActOf<'set_gates'>,
  { by, via, inside, now }: Signed,
): void {
  const words = { ...(reason !== undefined && { reason }), ...(inside !== undefined && { inside }) };
  const setting = { by, via, at: now, ...words };
  const isOther = {
    enabled: enabled !== undefined && enabled !== gate.enabled,
    override: override !== undefined && override !== (gate.override ?? null),
  };
  for (const key of ['enabled', 'override'] as const)
    if (isOther[key]) gate.setBy = { ...gate.setBy, [key]: setting };
}
