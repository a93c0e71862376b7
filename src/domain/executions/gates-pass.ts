/** How gates after a phase open and pass, and how one that does not sends the work back. Pure. */
import { digestOf } from '../digest.ts';
import { evaluate } from '../loops/evaluate.ts';
import type { LoopGate } from '../loops/loop-gate.ts';
import { type GateParts, gatesOf, knownIn, type PhaseParts } from './execution-parts.ts';
import {
  type Execution,
  type ExecutionRecord,
  type Feedback,
  type GateRecord,
  resetGate,
  resetSkill,
} from './execution-record.ts';
import type { ApprovalType } from './execution-state.ts';
import { failedIn, problemSeen } from './guarantees-held.ts';

/** Who is named where the engine decides. */
export const ENGINE = 'pawl';

export function approvalTypeOf(
  definition: LoopGate,
  { override }: { readonly override?: ApprovalType } = {},
): ApprovalType {
  if (override !== undefined) return override;
  if (definition.kind === 'check') return 'auto';
  return definition.when === undefined ? 'human' : 'conditional';
}

/** Whether the execution may go on as far as this gate is concerned. */
export const isPassed = ({ definition, gate }: GateParts): boolean =>
  !gate.enabled || !definition.required || gate.status === 'approved' || gate.status === 'none';

/** @returns whether something moved */
export function moveGates(execution: Execution, parts: PhaseParts, now: string): boolean {
  const gates = gatesOf(parts);
  for (const one of gates) {
    const { gate } = one;
    if (!gate.enabled) continue;
    if (gate.status === 'open' && isExpired(one, now)) {
      close(gate, 'rejected', ENGINE, 'nobody has decided in time', now);
      return true;
    }
    const earlier = gates.slice(0, one.place).filter((other) => other.definition.kind === 'check');
    const mayMove = gate.status === 'pending' && gate.unknown === undefined && earlier.every(isPassed);
    if (mayMove && moveGate(execution, parts, one, now)) return true;
    if (gate.status === 'looking' && gate.found !== undefined) {
      judge(execution, parts, one, now);
      return true;
    }
  }
  return false;
}

function moveGate(execution: Execution, parts: PhaseParts, one: GateParts, now: string): boolean {
  const { definition, gate } = one;
  const answer = definition.when === undefined ? undefined : evaluate(definition.when, knownIn(execution));
  if (answer?.holds === 'no') gate.status = 'none';
  else if (answer?.holds === 'unknown') gate.unknown = answer.missing;
  else if (isLookedAt(definition)) gate.status = 'looking';
  else judge(execution, parts, one, now);
  return true;
}

/** Whether the engine has to look at the project before the gate passes or can be approved. */
export const isLookedAt = (definition: LoopGate): boolean =>
  definition.guarantees.length > 0 || (definition.kind === 'check' && definition.checks !== undefined);

/** After the engine has looked at what there is to look at. */
function judge(execution: Execution, parts: PhaseParts, one: GateParts, now: string): void {
  const { definition, gate } = one;
  const problem = problemWith(execution, one);
  if (problem !== undefined) {
    fail(execution, one, problem, now);
  } else if (approvalTypeOf(definition, gate) === 'auto') {
    close(gate, 'approved', ENGINE, undefined, now);
  } else {
    gate.status = 'open';
    gate.openedAt = now;
    gate.digest = digestOf(shownAt(execution, parts, gate));
  }
}

/** What people see at a gate: what its phase has come to, and what the engine saw. Something else has another digest. */
const shownAt = ({ spec: { id } }: Execution, { phase }: PhaseParts, { found, evidence }: GateRecord) => ({
  execution: id,
  skills: phase.skills.map(({ heardAt: _, ...skill }) => skill),
  found: found ?? [],
  evidence: (evidence ?? []).map(({ durationMs: _, ...rest }) => rest),
});

function problemWith(execution: Execution, { definition, gate }: GateParts): string | undefined {
  const problem = problemSeen(definition.guarantees, gate);
  if (problem !== undefined) return problem;
  if (definition.kind !== 'check' || definition.passesIf === undefined) return undefined;
  const answer = evaluate(definition.passesIf, knownIn(execution));
  if (answer.holds === 'yes') return undefined;
  const why = answer.holds === 'unknown' ? `has no value: ${answer.missing.join(', ')}` : 'does not hold';
  return `${definition.passesIf.text} ${why}`;
}

/** What the engine saw does not pass: the work goes back where the loop says so, else somebody has to do something. */
function fail(execution: Execution, one: GateParts, problem: string, now: string): void {
  const tails = failedIn(one.gate).map(({ name, tail }) => `${name}:\n${tail}`);
  if (sendBack(execution, one, { by: ENGINE, reason: [problem, ...tails].join('\n') })) return;
  close(one.gate, 'failed', ENGINE, problem, now);
}

/** The work goes back to where the gate says, unless that was done as often as it may. @returns whether it did */
export function sendBack(
  execution: Execution,
  { definition, gate }: GateParts,
  said: Omit<Feedback, 'phase' | 'gate'>,
): boolean {
  const { spec, record } = execution;
  const { onReject } = definition;
  if (onReject === undefined || gate.reworks >= onReject.most) return false;
  gate.reworks += 1;
  const to = spec.loop.phases.findIndex(({ id }) => id === onReject.goTo);
  record.feedback = [...record.feedback, { phase: onReject.goTo, gate: gate.id, ...said }];
  makeStale(record, to);
  record.at = to;
  return true;
}

/** What phases from this place on have come to is not true any more: all of it is done again. */
export function makeStale(record: ExecutionRecord, from: number): void {
  for (const phase of record.phases.slice(from)) {
    phase.status = 'pending';
    for (const { id } of phase.skills) resetSkill(phase, id);
    for (const { id } of phase.gates) resetGate(phase, id);
  }
}

export function close(
  gate: GateRecord,
  status: 'approved' | 'rejected' | 'failed',
  by: string,
  why: string | undefined,
  now: string,
): void {
  gate.status = status;
  gate.by = by;
  if (why === undefined) delete gate.why;
  else gate.why = why;
  gate.decidedAt = now;
}

/** ISO 8601; undefined where it waits for ever. */
export function expiryOf({ definition, gate }: GateParts): string | undefined {
  if (definition.kind !== 'approval' || definition.expires === undefined || gate.openedAt === undefined)
    return undefined;
  return new Date(Date.parse(gate.openedAt) + definition.expires).toISOString();
}

const isExpired = (one: GateParts, now: string): boolean => {
  const at = expiryOf(one);
  return at !== undefined && Date.parse(at) <= Date.parse(now);
};
