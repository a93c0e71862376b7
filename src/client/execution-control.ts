/** Messages to executions, signed by who asks. How they are sent: `sending.ts`. */
import type { Act, ExecutionMessageName } from '../domain/executions/execution-messages.ts';
import { type ExecutionState, ExecutionStatus } from '../domain/executions/execution-state.ts';
import type { CallContext } from '../domain/idempotency-key.ts';
import type { ExecutionId } from '../domain/ids.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import { type Caller, mayDo, needScope, signatureOf } from '../domain/scopes.ts';
import type { LiveExecutions } from './read-executions.ts';
import { type Addressees, send } from './sending.ts';

/** Ways to steer that are decisions. The workflow holds the same, because a signal comes past this door. */
const DECISIONS: readonly Act['act'][] = ['pick', 'resolve', 'set_gates'];

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
  to: Addressees,
  live: LiveExecutions,
  name: N,
  { id, ...message }: InputOf<N> & { readonly id: ExecutionId },
  caller: Caller,
  { keyed }: Pick<CallContext, 'keyed'> = {},
): Promise<OutputOf<N>> {
  if (isDecision(name, message)) needScope(caller, 'approve');
  const { messageId = keyed?.id } = message as { readonly messageId?: string };
  const ack = await send(to, id, MESSAGE_OF[name], {
    ...message,
    ...signatureOf(caller),
    ...(messageId !== undefined && { messageId }),
    ...(!mayDo(caller, 'approve') && { mayDecide: false }),
  } as { readonly messageId?: string });
  const { before } = ack;
  const now = await settled(live, id);
  const looks = lookedAt(now);
  return {
    ...{ id, status: now.status, currentPhase: now.currentPhase },
    ...(before !== undefined && { before: { status: ExecutionStatus.parse(before.status) } }),
    ...(now.blockedBy !== undefined && { blockedBy: now.blockedBy }),
    ...(looks.length > 0 && { isLookedAt: [...looks] }),
  } as OutputOf<N>; // one answer for all of them
}

/** The engine looks in seconds where no slow check runs; who waits longer asks again, or follows. */
const LOOK_WAIT_MS = 20_000;

/** Once nothing is looked at any more, or it has taken too long. */
async function settled(live: LiveExecutions, id: ExecutionId): Promise<ExecutionState> {
  for await (const state of live.news(id, AbortSignal.timeout(LOOK_WAIT_MS)))
    if (lookedAt(state).length === 0) return state;
  return live.state(id);
}

const lookedAt = ({ phases }: ExecutionState): readonly string[] =>
  phases.flatMap(({ skills, gates }) => [
    ...skills.filter(({ isLookedAt }) => isLookedAt).map(({ id }) => id),
    ...gates.filter(({ status }) => status === 'looking').map(({ id }) => id),
  ]);

function isDecision(name: ExecutionMessage, message: object): boolean {
  const { outcome, steer } = message as { readonly outcome?: string; readonly steer?: Act };
  if (name === 'completeSkill') return outcome === 'skipped';
  return steer !== undefined && DECISIONS.includes(steer.act);
}
