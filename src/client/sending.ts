/**
 * Sends messages, whatever they are about. An update first, because the caller wants the answer; when no worker answers within the
 * deadline the same message goes as a signal under the same id, because the update may still be applied later.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { digestOf } from '../domain/digest.ts';
import { whatIsOver } from '../domain/executions/standing.ts';
import { PawlError } from '../domain/failures.ts';
import type { WorkflowId } from '../domain/ids.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Ack, SentMessage } from '../domain/messages.ts';
import { executionStatusIn } from './execution-visibility.ts';
import { GRPC_STATUS } from './grpc-status.ts';
import { queryTask } from './querying.ts';
import { describe, endOf, nounOf } from './run-of.ts';
import { createSemaphore } from './semaphore.ts';
import { grpcErrorOf, isUnanswered } from './temporal-errors.ts';

/** A running worker answers an update in milliseconds; one that restarts answers within this time. */
const ANSWER_DEADLINE_MS = 10_000;
/**
 * Temporal takes ten updates of a run at the same time; two are left to others (the Temporal CLI, scripts of their own).
 * The rest take turns, so that none has to be tried again.
 */
const inTurn = createSemaphore({
  permits: 8,
  waitingMax: LIMITS.messagesWaitingMax,
  waitMsMax: ANSWER_DEADLINE_MS,
  whatOf: (id) => `messages to ${nounOf(id)} ${id}`,
});
/** How soon a message is sent again to what goes on in another run. */
const AGAIN_MS = 50;

interface Known {
  readonly closedAt?: string | undefined;
  readonly archivedAt?: string | undefined;
}

/** Those that messages are sent to. */
export interface Addressees {
  readonly client: Client;
  /** What is known of them without asking Temporal. */
  readonly index?: { get(id: string): Known | undefined };
}

/** What a message says; with its id it is known again. */
interface Body {
  readonly messageId?: string | undefined;
}

/**
 * Sends a message of a task or an execution, which answers it itself. Idempotent under the message's id, also over a crash of
 * either side.
 * @throws PawlError `conflict` or `invalid_input` as it refused it, `not_found` for an unknown one,
 * `unavailable` when nobody answered: the message then waits as a signal; or when too many are sent to it at once, and
 * nothing was done.
 */
export const send = (to: Addressees, id: WorkflowId, name: string, message: Body): Promise<Ack> =>
  inTurn(id, () => sendNow(to, id, name, message));

async function sendNow(
  { client, index }: Addressees,
  id: WorkflowId,
  name: string,
  message: Body,
): Promise<Ack> {
  const known = index?.get(id);
  // What only has the id may take the message for one of its own. Beside an open task nothing else has its id.
  if (known === undefined || known.closedAt !== undefined || known.archivedAt !== undefined)
    await client.withDeadline(Date.now() + ANSWER_DEADLINE_MS, () => describe(client, id));
  const { messageId = randomUUID(), ...body } = message;
  const handle = client.workflow.getHandle(id);
  // The server answers a known update id without looking at name or body, so the id says both.
  const updateId = `${name}:${messageId}:${digestOf(body)}`;
  const args: [unknown] = [{ ...body, messageId }];
  const giveUpAt = Date.now() + ANSWER_DEADLINE_MS;
  try {
    for (;;) {
      const answer = await client.withDeadline(giveUpAt, () =>
        handle.executeUpdate<Ack, [unknown]>(name, { args, updateId }).catch(unlessSentAgain(client, id)),
      );
      if (answer !== undefined) return answer;
      await sleep(AGAIN_MS);
    }
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw refusal(error);
    if (error instanceof WorkflowNotFoundError)
      return firstAnswer(client, id, { messageId, name, digest: digestOf(body) });
    if (!(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) && !isUnanswered(error)) throw error;
    await client.withDeadline(Date.now() + ANSWER_DEADLINE_MS, () => handle.signal<[unknown]>(name, ...args));
    throw new PawlError(
      'unavailable',
      `no worker answered within ${ANSWER_DEADLINE_MS / 1000} s: the message waits for the ${nounOf(id)} and is applied when a worker is back (\`pawl up\`)`,
    );
  }
}

/**
 * Its run has ended while it was told and it goes on in another, continued as new or begun anew by a repair; or it is about to
 * be repaired; or its worker has left the message out.
 */
const unlessSentAgain =
  (client: Client, id: WorkflowId) =>
  async (error: unknown): Promise<undefined> => {
    if (isLeftOut(error)) return;
    // The server's answer while the workflow task of a run fails.
    if (grpcErrorOf(error)?.code === GRPC_STATUS.FAILED_PRECONDITION) return;
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    if (endOf(await describe(client, id)) !== undefined) throw error;
  };

/**
 * The server's answer where a workflow task came back without one: core passes over updates whose workflow task it has read already
 * for a query. Nothing has heard of it.
 */
const isLeftOut = (error: unknown): boolean =>
  error instanceof WorkflowUpdateFailedError &&
  error.cause instanceof ApplicationFailure &&
  error.cause.type === 'UnprocessedUpdate';

function refusal(error: WorkflowUpdateFailedError): unknown {
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return error;
  return new PawlError(cause.type === 'invalid_input' ? 'invalid_input' : 'conflict', cause.message, {
    cause,
  });
}

/** What is closed takes no message; one that it has taken before is answered as it was then. */
async function firstAnswer(client: Client, id: WorkflowId, sent: SentMessage): Promise<Ack> {
  const described = await describe(client, id);
  const handle = client.workflow.getHandle(id);
  const answer = await queryTask<Ack | null, [SentMessage]>(client, handle, 'answer', sent);
  if (answer === null) {
    // By Temporal's word an execution that was aborted has failed.
    const isExecution = nounOf(id) === 'execution';
    const status = isExecution ? executionStatusIn(described) : endOf(described);
    const next = isExecution ? `; ${whatIsOver(id)}` : '';
    throw new PawlError('conflict', `${nounOf(id)} ${id} is ${status ?? 'over'}${next}`);
  }
  return answer;
}
