/** `decide`: an open gate, by the person at the client. */
import { z } from 'zod';
import { LIMITS } from '../../../domain/limits.ts';
import { GateName } from '../../../domain/operation-schemas.ts';
import { Status } from '../brief.ts';
import { decided, needOpenGate } from '../elicitation.ts';
import { sendDecision } from '../sending-decision.ts';
import { tool } from '../tool.ts';
import { ById } from './words.ts';

export const decideTool = tool({
  name: 'decide',
  title: 'Decide a gate',
  description:
    'Asks the user to decide what a task awaiting_gate waits for; you only propose. To reject gives the agent your reason.',
  input: z.strictObject({
    ...ById,
    gate: GateName.optional(),
    decision: z.enum(['approve', 'reject']),
    reason: z.string().max(LIMITS.noteCharsMax).optional(),
  }),
  output: Status,
  hints: { readOnly: false, destructive: true, idempotent: false },
  scope: 'approve',
  async call(engine, { id, gate: name, ...proposed }, context) {
    const state = await engine.show({ id });
    const gate = needOpenGate(state, name);
    const decision = decided(state, gate, proposed, context);
    const via = context.mayDecide === true ? 'mcp-allow-approve' : 'mcp';
    const { status } = await sendDecision(engine, { id, gate, decision, via });
    return { structured: { id, status, decision: decision.decision }, text: `${id} is ${status}` };
  },
});
