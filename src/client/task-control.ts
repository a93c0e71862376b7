/** What a person decides about a task: its gates, another run, its end. */
import { randomUUID } from 'node:crypto';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { statesIn } from '../domain/events.ts';
import { PawlError } from '../domain/failures.ts';
import { type Keyed, noted } from '../domain/idempotency-key.ts';
import type { TaskId } from '../domain/ids.ts';
import type { ApproveGateMessage, TellMessage } from '../domain/messages.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import { type Caller, mayDo, needScope, signatureOf } from '../domain/scopes.ts';
import { type Gate, isClosed, type TaskState } from '../domain/task-state.ts';
import { PawlKind } from '../workflows/search-attributes.ts';
import { GRPC_STATUS } from './grpc-status.ts';
import { openGatesIn } from './open-gates.ts';
import { readState } from './read-state.ts';
import { waitForEnd } from './run-end.ts';
import { describe, runOf } from './run-of.ts';
import { type By, isBegunUnder, restartTask, type Starter } from './starting.ts';
import { openDependants, type Reads, readKept, takeOut } from './task-reads.ts';
import { type Answer, sendMessage } from './task-sending.ts';
import { grpcErrorOf } from './temporal-errors.ts';
import { statusOf } from './visibility.ts';

/** How long `cancel` waits for the agent to end and the workspace to be removed. */
const CANCEL_WAIT_MS = 60_000;

type Decision = (InputOf<'approve'> | InputOf<'reject'>) & Pick<ApproveGateMessage, 'decision'>;

/** Recorded under the caller's name, whatever `by` says. @throws PawlError as every message */
export async function decide(
  reads: Reads,
  { id, ...message }: Decision,
  caller: Caller,
): Promise<OutputOf<'approve'>> {
  const { by, ...inside } = signatureOf(caller);
  return { ...(await sendMessage(reads, id, 'approve_gate', { ...message, by, ...inside })), ...inside };
}

const openGateIn = (state: TaskState): Gate | undefined => openGatesIn(state)[0];

/**
 * An instruction counts as the answer to an escalation, so whoever may not decide tells nothing there.
 * @throws PawlError `forbidden` at an escalation, else as every message
 */
export async function tell(
  reads: Reads,
  { id, ...message }: InputOf<'tell'>,
  caller: Caller,
): Promise<Answer> {
  const send = () => sendMessage(reads, id, 'tell', { ...message, ...senderOf(caller) });
  return unlessItDecides(reads, id, caller, send, ({ gate }) => gate === 'escalation');
}

/**
 * Calling an agent-run task failed closes the gate it waits at, so whoever may not decide does not; a task that clients work on
 * is told what they say and no more.
 * @throws PawlError `forbidden` at a gate, else as every message
 */
export async function complete(
  reads: Reads,
  { id, ...message }: Omit<InputOf<'complete'>, 'detail' | 'files' | 'artifactType'>,
  caller: Caller,
): Promise<Answer> {
  const closesGate = message.outcome === 'failed' && (await isAgentRun(reads.client, id));
  if (!closesGate) return sendMessage(reads, id, 'complete', message);
  const send = () => sendMessage(reads, id, 'complete', { ...message, ...senderOf(caller) });
  return unlessItDecides(reads, id, caller, send, () => true);
}

const isAgentRun = async (client: Client, id: TaskId): Promise<boolean> =>
  (await describe(client, id)).typedSearchAttributes.get(PawlKind) === 'agent_run';

/** What the task is told of who sends a message that may decide its gate. */
const senderOf = (caller: Caller): Pick<TellMessage, 'by' | 'inside' | 'mayDecide'> => ({
  ...signatureOf(caller),
  ...(!mayDo(caller, 'approve') && { mayDecide: false }),
});

/** The task itself refuses what its sender may not decide, so that no gate can open in between; here that is said in words. */
async function unlessItDecides(
  { client }: Reads,
  id: TaskId,
  caller: Caller,
  send: () => Promise<Answer>,
  isDecidedAt: (gate: Gate) => boolean,
): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof PawlError) || error.code !== 'conflict' || mayDo(caller, 'approve')) throw error;
    const gate = openGateIn(await readState(client, id));
    if (gate !== undefined && isDecidedAt(gate)) needScope(caller, 'approve');
    throw error;
  }
}

/**
 * Goes on from an open escalation, which only who may decide can do, or runs a failed or cancelled task again under its id.
 * @throws PawlError `conflict` where it is neither, `unavailable` while it is over and still cleans up, `not_found`
 */
export async function retry(
  starter: Starter,
  reads: Reads,
  { id, fresh = false }: InputOf<'retry'>,
  { caller, keyed }: By,
): Promise<OutputOf<'retry'>> {
  // Of a task that was removed the history is there for a while longer.
  await readKept(reads, id);
  if (await isBegunUnder(starter.client, id, keyed)) return { id, created: true };
  const { gate } = await noted(keyed, async () => ({
    gate: escalationIn(await readState(starter.client, id)),
  }));
  if (gate !== null) {
    if (fresh) throw new PawlError('conflict', atEscalation(id));
    needScope(caller, 'approve');
    const message = { gate, decision: 'approve', ...signatureOf(caller), via: 'client' } as const;
    const messageId = keyed === undefined ? {} : { messageId: keyed.id };
    await sendMessage(reads, id, 'approve_gate', { ...message, ...messageId });
    return { id, created: false };
  }
  const state = await readState(starter.client, id);
  if (!isClosed(state.status))
    throw new PawlError('conflict', `task ${id} is ${state.status}: it is not over`);
  await waitForEnd(starter.client, id);
  // Who asked the run before to be told of its end, when that was over already, is none of those that it knew.
  const waiting = (await openDependants(reads, id)).map((row) => row.id);
  const dependants = [...new Set([...(state.dependants ?? []), ...waiting])];
  const { isNew: _, ...started } = await restartTask(
    starter,
    { ...state, ...(dependants.length > 0 && { dependants }) },
    { caller, keyed, fresh },
  );
  reads.forget(id);
  await takeOut(reads, id);
  return started;
}

const atEscalation = (id: TaskId): string =>
  `task ${id} waits at an escalation and is not over: retry it as it is, or cancel it and then retry it fresh`;

/** By its id: one that opened since then asks another question. null where none is open. */
function escalationIn(state: TaskState): string | null {
  const open = openGateIn(state);
  return open?.gate === 'escalation' ? (open.id ?? open.gate) : null;
}

/**
 * Requests the cancellation, as `by` in history, and waits until the task has cleaned up after itself. Idempotent. Under a key it
 * is the cancellation of the run that there was at first, and of none that was begun since.
 */
export async function cancel(
  reads: Reads,
  id: TaskId,
  by: string,
  keyed?: Keyed,
): Promise<OutputOf<'cancel'>> {
  const { client } = reads;
  const { run, before } = await noted(keyed, () => runToCancel(client, id));
  if (keyed !== undefined && (await firstRunOf(client, id)) !== run)
    return { id, status: 'cancelled', before };
  try {
    // The client's own cancel can say no reason.
    await client.workflowService.requestCancelWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution: { workflowId: id },
      firstExecutionRunId: run,
      requestId: randomUUID(),
      reason: `cancelled by ${by}`,
    });
  } catch (error) {
    // Closed meanwhile: what it became is read below.
    if (grpcErrorOf(error)?.code !== GRPC_STATUS.NOT_FOUND) throw error;
  }
  for await (const state of statesIn(reads.news(id, AbortSignal.timeout(CANCEL_WAIT_MS)))) {
    if (!isClosed(state.status)) continue;
    // The worker tells it a moment before the server has it.
    await waitForEnd(client, id, CANCEL_WAIT_MS);
    return { id, status: state.status, before };
  }
  throw new PawlError(
    'unavailable',
    `task ${id} is asked to stop and has not yet: \`pawl show ${id}\` tells when it has`,
  );
}

async function runToCancel(client: Client, id: TaskId) {
  const described = await describe(client, id);
  const status = statusOf(described);
  if (status === 'completed' || status === 'failed')
    throw new PawlError('conflict', `task ${id} is ${status}`);
  return { run: firstRunIn(described), before: { status } };
}

const firstRunOf = async (client: Client, id: TaskId): Promise<string | undefined> => {
  const described = await runOf(client, id);
  return described && firstRunIn(described);
};

/** Continue-as-new keeps it, and a reset; another run of the task has another one. */
const firstRunIn = ({ raw, runId }: WorkflowExecutionDescription): string =>
  raw.workflowExecutionInfo?.firstRunId || runId;
