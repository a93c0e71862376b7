/** Messages to executions, signed by who asks. How they are sent: `sending.ts`. */
import type { Client } from '@temporalio/client';
import type { Act, ExecutionMessageName } from '../domain/executions/execution-messages.ts';
import { type ExecutionState, ExecutionStatus } from '../domain/executions/execution-state.ts';
import { lookedAtIn } from '../domain/executions/state-parts.ts';
import { isDecision as isDecisionAct } from '../domain/executions/steer.ts';
import type { ExecutionId } from '../domain/ids.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import { type Caller, mayDo, needScope, signatureOf } from '../domain/scopes.ts';
import type { LiveExecutions } from './live-executions.ts';
import { send } from './sending.ts';

/** Operations that are messages. */
export type ExecutionMessage = 'updateExecution' | 'completeSkill' | 'decideGate' | 'steerExecution';

const MESSAGE_OF = {
  updateExecution: 'update',
  completeSkill: 'complete',
  decideGate: 'approve_gate',
  steerExecution: 'steer',
} as const satisfies Record<ExecutionMessage, ExecutionMessageName>;

/** @throws PawlError as `send`; `forbidden` for a decision of who may not decide */
export async function tellExecution<N extends ExecutionMessage>(
  client: Client,
  live: LiveExecutions,
  name: N,
  { id, ...message }: InputOf<N> & { readonly id: ExecutionId },
  caller: Caller,
): Promise<OutputOf<N>> {
  if (isDecision(name, message)) needScope(caller, 'approve');
  const ack = await send({ client, index: live.index }, id, MESSAGE_OF[name], {
    ...message,
    ...signatureOf(caller),
    ...(!mayDo(caller, 'approve') && { mayDecide: false }),
    ...(actIn(message)?.act === 'set_gates' && { guarded: 2 }),
    ...('checkpoint' in message && message.checkpoint !== undefined && { guarded: true }),
  } as { readonly messageId?: string });
  const { before } = ack;
  const now = await settled(live, id);
  const looks = lookedAtIn(now);
  return {
    ...{ id, status: now.status, currentPhase: now.currentPhase },
    ...(before !== undefined && { before: { status: ExecutionStatus.parse(before.status) } }),
    ...(now.blockedBy !== undefined && { blockedBy: now.blockedBy }),
    ...(looks.length > 0 && { isLookedAt: looks }),
  } as OutputOf<N>; // one answer for all of them
}

/** The engine looks in seconds where no slow check runs; who waits longer asks again, or follows. */
const LOOK_WAIT_MS = 20_000;

/** Once nothing is looked at any more, or it has taken too long. */
async function settled(live: LiveExecutions, id: ExecutionId): Promise<ExecutionState> {
  for await (const state of live.news(id, AbortSignal.timeout(LOOK_WAIT_MS)))
    if (lookedAtIn(state).length === 0) return state;
  return live.state(id);
}

/** The workflow holds the same, because a signal comes past this door. */
function isDecision(name: ExecutionMessage, message: object): boolean {
  const { outcome } = message as { readonly outcome?: string };
  if (name === 'completeSkill') return outcome === 'skipped';
  const act = actIn(message);
  return act !== undefined && isDecisionAct(act);
}

const actIn = (message: object): Act | undefined => (message as { readonly steer?: Act }).steer;
