/** What `approve_gate` does to an execution, and why it may not. No other message passes a gate. */
import { signed } from '../gates.ts';
import type { LoopGate } from '../loops/loop-gate.ts';
import type { DecideGate } from './execution-messages.ts';
import { findGate, type GateParts, gatesOf, phaseAt } from './execution-parts.ts';
import type { Execution, GateRecord, Sent } from './execution-record.ts';
import type { ExecutionSpec } from './execution-spec.ts';
import { approvalTypeOf, close, ENGINE, sendBack } from './gates-pass.ts';
import { problemWithDecider, problemWithStanding } from './standing.ts';

export function problemWithDecision(execution: Execution, message: DecideGate): string | undefined {
  const found = findGate(execution, message.gate);
  if (found === undefined) return `there is no gate ${message.gate}; ${openGatesText(execution)}`;
  if (isSameAgain(found, message)) return undefined;
  const standing =
    problemWithStanding(execution.record) ?? problemWithDecider(message, `gate ${message.gate}`);
  if (standing !== undefined) return standing;
  return (
    problemWithGate(execution, found, found.parts.place) ??
    problemWithApprover(execution.spec, found, message) ??
    problemWithDigest(found, message) ??
    problemWithReason(message)
  );
}

function problemWithGate(
  execution: Execution,
  { gate, definition }: GateParts,
  place: number,
): string | undefined {
  if (gate.status === 'pending')
    return gate.enabled
      ? `gate ${gate.id} ${whyPending(execution, gate)}; ${openGatesText(execution)}`
      : `gate ${gate.id} is disabled: nobody is asked`;
  if (place !== execution.record.at)
    return `gate ${gate.id} was ${fateOf(gate)}, and the execution has gone on; ${openGatesText(execution)}`;
  // Who rejected it, or somebody else, may think again.
  if (gate.status === 'open' || (gate.status === 'rejected' && approvalTypeOf(definition, gate) !== 'auto'))
    return undefined;
  if (gate.status === 'failed')
    return `gate ${gate.id} does not pass: ${gate.why}; resolve what is missing or disable the gate, with a reason`;
  return `gate ${gate.id} is ${statusText(gate)}: nobody is asked`;
}

/** Whoever sent the work back may not know that the decision was taken. */
function whyPending({ record }: Execution, { id }: GateRecord): string {
  const last = record.feedback.at(-1);
  if (last?.gate !== id || last.by === ENGINE) return 'is not open yet';
  const { phase, by, via, at, reason } = last;
  return `${signed('was rejected', { by, via, at })} (${reason}): the phase ${phase} is done again, and the gate opens after it`;
}

function fateOf(gate: GateRecord): string {
  const { status, by, approvals, decidedAt: at } = gate;
  if (by === undefined || (status !== 'approved' && status !== 'rejected')) return statusText(gate);
  const via = status === 'approved' ? approvals.findLast((one) => one.by === by)?.via : undefined;
  return signed(status, { by, via, at });
}

function statusText({ status, by }: GateRecord): string {
  if (status === 'none') return 'not needed';
  if (status === 'looking') return 'looked at by the engine';
  return by === undefined ? status : `${status} by ${by}`;
}

/** Whether who asked for the work may not pass it. */
export const isForOthers = (definition: LoopGate): boolean =>
  definition.kind === 'approval' && definition.by.not === 'requester';

function problemWithApprover(
  { requester }: ExecutionSpec,
  { definition, gate }: GateParts,
  { by, decision }: DecideGate,
): string | undefined {
  if (decision === 'reject' || definition.kind !== 'approval') return undefined;
  if (isForOthers(definition) && by === requester)
    return `gate ${gate.id} is decided by somebody else than ${requester}, who asked for the work`;
  if (definition.by.count > 1 && gate.approvals.some((one) => one.by === by))
    return `${by} has approved gate ${gate.id} already: expected ${definition.by.count} different people`;
  return undefined;
}

const problemWithDigest = ({ gate }: GateParts, { digest }: DecideGate): string | undefined =>
  digest === undefined || digest === gate.digest
    ? undefined
    : `gate ${gate.id} shows something else by now (${gate.digest}): look at it again`;

const problemWithReason = ({ decision, reason, gate }: DecideGate): string | undefined =>
  decision === 'approve' || reason !== undefined ? undefined : `reason: expected why ${gate} is rejected`;

function openGatesText(execution: Execution): string {
  const open = gatesOf(phaseAt(execution)).filter(({ gate }) => gate.status === 'open');
  return open.length === 0
    ? `no gate is open: \`pawl execution show ${execution.spec.id}\` says what is next`
    : `expected one of ${open.map(({ gate }) => gate.id).join(', ')}`;
}

/** A decision that is said again by who made it. */
const isSameAgain = ({ gate }: GateParts, { by, decision, digest }: DecideGate): boolean =>
  decision === 'approve' &&
  gate.status === 'approved' &&
  gate.approvals.some((one) => one.by === by) &&
  (digest === undefined || digest === gate.digest);

export function applyDecision(execution: Execution, message: DecideGate, { via, now }: Sent): void {
  const found = findGate(execution, message.gate);
  if (found === undefined || isSameAgain(found, message)) return;
  const { gate, definition } = found;
  const { by, reason, inside } = message;
  if (message.decision === 'reject') {
    const why = reason ?? '';
    if (!sendBack(execution, found, { by, via, at: now, reason: why })) close(gate, 'rejected', by, why, now);
    return;
  }
  if (gate.status === 'rejected') gate.status = 'open';
  const words = { ...(reason !== undefined && { reason }), ...(inside !== undefined && { inside }) };
  gate.approvals = [...gate.approvals, { by, via, at: now, ...words }];
  const needed = definition.kind === 'approval' ? definition.by.count : 1;
  if (gate.approvals.length >= needed) close(gate, 'approved', by, undefined, now);
  else {
    delete gate.by;
    delete gate.why;
  }
}
