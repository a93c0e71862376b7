/** The messages of a task, and what they answer. How they are sent: `sending.ts`. */
import type { TaskId } from '../domain/ids.ts';
import type { Ack, MessageName, MessageOf } from '../domain/messages.ts';
import type { OutputOf } from '../domain/operations.ts';
import { TaskStatus } from '../domain/task-state.ts';
import { type Addressees, send } from './sending.ts';

export interface Answer {
  readonly id: TaskId;
  readonly status: TaskStatus;
  readonly before?: { readonly status: TaskStatus } | undefined;
}

/** @throws PawlError as `send` */
export async function sendMessage<N extends MessageName>(
  to: Addressees,
  id: TaskId,
  name: N,
  message: MessageOf<N>,
): Promise<Answer> {
  return answerOf(id, await send(to, id, name, message));
}

/** @throws PawlError as `send` */
export async function claimTask(
  to: Addressees,
  id: TaskId,
  message: MessageOf<'claim'>,
): Promise<OutputOf<'claim'>> {
  const ack = await send(to, id, 'claim', message);
  if (ack.attemptToken === undefined) throw new TypeError(`a claim of ${id} was granted without a token`);
  const { attemptToken, claim, takenFrom } = ack;
  return {
    ...answerOf(id, ack),
    attemptToken,
    ...(claim !== undefined && { claim }),
    ...(takenFrom !== undefined && { takenFrom }),
  };
}

const answerOf = (id: TaskId, { status, before }: Ack): Answer => ({
  id,
  status: TaskStatus.parse(status),
  ...(before !== undefined && { before: { status: TaskStatus.parse(before.status) } }),
});
