/**
 * Sends the three messages. An update first, because the caller wants the answer; when no worker answers within the
 * deadline the same message goes as a signal under the same id, because the update may still be applied later.
 */
import { randomUUID } from 'node:crypto';
import {
  type Client,
  isGrpcDeadlineError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { digestOf } from '../domain/digest.ts';
import { PawlError } from '../domain/failures.ts';
import type { TaskId } from '../domain/ids.ts';
import type { Ack, MessageName, MessageOf } from '../domain/messages.ts';
import { isClosed, TaskStatus } from '../domain/task.ts';
import { statusOf } from './reading.ts';
import { describe, unknownTask } from './starting.ts';

/** A worker that lives answers in milliseconds; one that restarts within this time still does. */
const ANSWER_DEADLINE_MS = 10_000;

export interface Answer {
  readonly id: TaskId;
  readonly status: TaskStatus;
}

/**
 * @throws PawlError `conflict` or `invalid_input` as the task refused it, `not_found` for an unknown task,
 * `unavailable` when nobody answered: the message then waits as a signal.
 */
export async function sendMessage<N extends MessageName>(
  client: Client,
  id: TaskId,
  name: N,
  message: MessageOf<N>,
): Promise<Answer> {
  const { messageId = randomUUID(), ...body } = message;
  const handle = client.workflow.getHandle(id);
  // The server answers a known update id without looking at name or body, so the id says both.
  const updateId = `${name}:${messageId}:${digestOf(body)}`;
  const args: [unknown] = [{ ...body, messageId }];
  try {
    const ack = await client.withDeadline(Date.now() + ANSWER_DEADLINE_MS, () =>
      handle.executeUpdate<Ack, [unknown]>(name, { args, updateId }),
    );
    return { id, status: TaskStatus.parse(ack.status) };
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw refusal(error);
    if (error instanceof WorkflowNotFoundError) throw await closedOrUnknown(client, id);
    if (!(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) && !isGrpcDeadlineError(error))
      throw error;
    await handle.signal<[unknown]>(name, ...args);
    throw new PawlError(
      'unavailable',
      `no worker answered within ${ANSWER_DEADLINE_MS / 1000} s: the message waits for the task and is applied when a worker is back (\`pawl up\`)`,
    );
  }
}

function refusal(error: WorkflowUpdateFailedError): unknown {
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return error;
  return new PawlError(cause.type === 'invalid_input' ? 'invalid_input' : 'conflict', cause.message, {
    cause,
  });
}

async function closedOrUnknown(client: Client, id: TaskId): Promise<PawlError> {
  const status = statusOf(await describe(client, id));
  return isClosed(status) ? new PawlError('conflict', `task is ${status}`) : unknownTask(id);
}
