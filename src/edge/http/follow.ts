/** A task's states as server-sent events. When the client disconnects, following ends with it. */
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { PawlError } from '../../domain/failures.ts';
import { TaskId } from '../../domain/ids.ts';
import type { EngineApi } from '../../domain/operations.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { readQuery } from './query-string.ts';
import { publicErrorOf } from './refusals.ts';

export const FOLLOW = {
  summary: 'Follow one task: its state now and after each change, until it is closed',
  path: '/api/tasks/{id}/follow',
  scope: 'read',
} as const;

/** A keep-alive: shows both sides that the other is there, and keeps proxies from closing an idle connection. */
const HEARTBEAT_MS = 15_000;

/** @throws PawlError of the first state, as an ordinary answer: an unknown task is no stream */
export async function answerFollow(
  context: Context,
  engine: EngineApi,
  onBug: (error: Error) => void,
): Promise<Response> {
  readQuery(new URL(context.req.url).searchParams, {});
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, context.req.raw.signal]);
  const states = engine.follow(idOf(context), signal)[Symbol.asyncIterator]();
  const first = await states.next();
  return streamSSE(context, async (stream) => {
    stream.onAbort(() => leaving.abort());
    const heartbeat = setInterval(() => stream.write(': heartbeat\n\n'), HEARTBEAT_MS);
    try {
      let next = first;
      for (let count = 1; next.done !== true; count += 1) {
        await stream.writeSSE(eventOf(next.value, count));
        next = await states.next();
      }
    } catch (error) {
      await stream.writeSSE({
        event: 'problem',
        data: JSON.stringify({ error: publicErrorOf(error, onBug) }),
      });
    } finally {
      clearInterval(heartbeat);
      leaving.abort();
      await states.return?.();
    }
  });
}

const eventOf = (state: TaskState, count: number) => ({
  event: 'state',
  id: String(count),
  data: JSON.stringify(state),
});

function idOf({ req }: Context): TaskId {
  const id = TaskId.safeParse(req.param('id'));
  if (id.success) return id.data;
  throw new PawlError('invalid_input', `id: ${id.error.issues[0]?.message}`, { details: [['id']] });
}
