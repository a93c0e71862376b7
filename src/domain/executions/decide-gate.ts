/** What `approve_gate` does to an execution, and why it may not. No other message passes a gate. */
import type { DecideGate } from './execution-messages.ts';
import { findGate, type GateParts, gatesOf, phaseAt } from './execution-parts.ts';
import type { Execution, ExecutionSpec, Sent } from './execution-record.ts';
import { approvalTypeOf, close, sendBack } from './gates-pass.ts';
import { problemWithDecider, problemWithStanding } from './standing.ts';

export function problemWithDecision(execution: Execution, message: DecideGate): string | undefined {
  const found = findGate(execution, message.gate);
  if (found === undefined) return `there is no gate ${message.gate}: expected ${openGatesText(execution)}`;
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
  if (place !== execution.record.at || gate.status === 'pending')
    return `gate ${gate.id} is not open yet: expected ${openGatesText(execution)}`;
  // Who rejected it, or somebody else, may think again.
  if (gate.status === 'open' || (gate.status === 'rejected' && approvalTypeOf(definition, gate) !== 'auto'))
    return undefined;
  if (gate.status === 'failed')
    return `gate ${gate.id} does not pass: ${gate.why}; resolve what is missing or disable the gate, with a reason`;
  return `gate ${gate.id} is ${gate.status === 'looking' ? 'looked at by the engine' : gate.status}: nobody is asked`;
}

function problemWithApprover(
  { requester }: ExecutionSpec,
  { definition, gate }: GateParts,
  { by, decision }: DecideGate,
): string | undefined {
  if (decision === 'reject' || definition.kind !== 'approval') return undefined;
  if (definition.by.not === 'requester' && by === requester)
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
    ? 'none, because no gate is open'
    : `one of ${open.map(({ gate }) => gate.id).join(', ')}`;
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
    if (!sendBack(execution, found, { by, reason: why })) close(gate, 'rejected', by, why, now);
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
