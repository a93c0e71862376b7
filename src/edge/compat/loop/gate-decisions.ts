/** Decisions at gates, by a person. */
import { z } from 'zod';
import type { ExecutionState, GateView } from '../../../domain/executions/execution-state.ts';
import { isOver } from '../../../domain/executions/execution-state.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Calls } from '../../../domain/operations.ts';
import { type ToolContext, tool } from '../../mcp/tool.ts';
import { answered, answerOf, Standing } from './answers.ts';
import { decidedAtGate, viaOf } from './consent.ts';
import { executionOf, gateOf } from './finding.ts';
import { conflict, DECIDES, GateEntry, gateEntry, given, OfExecution, PartId } from './words.ts';

const Answer = z.looseObject({ id: z.string(), gateId: z.string(), gate: GateEntry, ...Standing });

export const approveGate = tool({
  name: 'approve_gate',
  title: 'Approve a gate',
  description:
    'Ask the user to approve what an execution shows at an open gate: you only propose, and the user may reject. approvedBy is not believed: the decision is recorded under the name of who made it.',
  input: z.strictObject({ ...OfExecution, gateId: PartId, approvedBy: z.string().max(200).optional() }),
  output: Answer,
  hints: DECIDES,
  scope: 'approve',
  async call(engine, { executionId, gateId }, context) {
    const state = await executionOf(engine, executionId);
    if (gateOf(state, gateId).status === 'approved') return answerOf(state, shown(gateId));
    return decide(engine, state, { gateId, decision: 'approve' }, context);
  },
});

export const rejectGate = tool({
  name: 'reject_gate',
  title: 'Reject a gate',
  description:
    'Ask the user to reject what an execution shows at an open gate: the work goes back where the loop says so, else the execution is blocked. Whoever does it again is told the feedback.',
  input: z.strictObject({
    ...OfExecution,
    gateId: PartId,
    feedback: z.string().trim().min(1).max(LIMITS.noteCharsMax),
  }),
  output: Answer,
  hints: DECIDES,
  scope: 'approve',
  async call(engine, { executionId, gateId, feedback: reason }, context) {
    const state = await executionOf(engine, executionId);
    const gate = gateOf(state, gateId);
    if (gate.status === 'rejected' && gate.why === reason) return answerOf(state, shown(gateId));
    return decide(engine, state, { gateId, decision: 'reject', reason }, context);
  },
});

interface Proposed {
  readonly gateId: string;
  readonly decision: 'approve' | 'reject';
  readonly reason?: string;
}

async function decide(engine: Calls, state: ExecutionState, proposed: Proposed, context: ToolContext) {
  const { gateId, ...proposal } = proposed;
  const gate = gateOf(state, gateId);
  needOpen(state, gate);
  const { decision, reason } = decidedAtGate(state, gate, proposal, context);
  const why = reason || (decision === 'reject' ? 'no reason given' : undefined);
  await engine.decideGate({
    ...{ id: state.id, gate: gateId, decision, via: viaOf(context) },
    ...given('digest', gate.digest),
    ...given('reason', why),
  });
  return answered(engine, state.id, shown(gateId));
}

/** Nobody is asked about what cannot be decided. @throws PawlError `conflict` in words with what to do instead */
function needOpen({ id, status, currentPhase, why: ended }: ExecutionState, gate: GateView): void {
  if (isOver(status))
    throw conflict(`execution ${id} is ${status}${ended === undefined ? '' : `: ${ended}`}`);
  if (status === 'paused') throw conflict(`execution ${id} is paused: resume_execution first`);
  const { id: gateId, afterPhase, status: stands, why, enabled } = gate;
  if (!enabled) throw conflict(`gate ${gateId} is disabled, and nobody is asked: update_gate enables it`);
  if (stands === 'open' || (stands === 'rejected' && afterPhase === currentPhase)) return;
  if (stands === 'failed')
    throw conflict(
      `gate ${gateId} does not pass: ${why}; mend it and call revalidate_gate, or resolve_guarantee`,
    );
  if (stands === 'looking') throw conflict(`gate ${gateId} is looked at by the engine: call again`);
  throw conflict(
    `gate ${gateId} is ${stands === 'pending' ? `not open: it comes after ${afterPhase}, and ${currentPhase} is under way` : stands}`,
  );
}

const shown = (gateId: string) => (state: ExecutionState) => {
  const gate = gateOf(state, gateId);
  const { status, approvals, why, by } = gate;
  const approvers = approvals.map((one) => one.by);
  const words = {
    approved: `is approved by ${approvers.length === 0 ? by : approvers.join(', ')}`,
    rejected: `is rejected by ${by}${why === undefined ? '' : `: ${why}`}`,
    open: `is open${approvers.length === 0 ? '' : `: approved by ${approvers.join(', ')}, and ${gate.needs} have to`}`,
  };
  const message = `gate ${gateId} ${(words as Readonly<Record<string, string>>)[status] ?? `is ${status}`}`;
  const sentBack = status === 'pending' && gate.reworks > 0;
  return {
    fields: { id: state.id, gateId, gate: gateEntry(gate) },
    message: sentBack ? `gate ${gateId} was rejected: the work went back to ${state.currentPhase}` : message,
  };
};
