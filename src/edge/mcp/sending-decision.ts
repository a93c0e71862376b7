/** A decision on its way to the task. */
import type { TaskId } from '../../domain/ids.ts';
import type { Calls, OutputOf } from '../../domain/operations.ts';
import type { Decision, OpenGate } from './elicitation.ts';

export interface Sent {
  readonly id: TaskId;
  /** As it was shown: another one by now makes the decision stale, not wrong. */
  readonly gate: OpenGate;
  readonly decision: Decision;
  readonly via: 'mcp' | 'mcp-allow-approve';
}

export function sendDecision(engine: Calls, { id, gate, decision, via }: Sent): Promise<OutputOf<'approve'>> {
  // An older engine has no ids of gates.
  const { gate: kind, id: name = kind, digest } = gate;
  const input = { id, gate: name, via, ...(digest !== undefined && { digest }) } as const;
  return decision.decision === 'approve'
    ? engine.approve(input)
    : engine.reject({ ...input, reason: decision.reason || 'no reason given' });
}
