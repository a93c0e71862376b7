/** Answers of server-sent events. When the client disconnects, what is told ends with it. */
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { publicErrorOf } from './refusals.ts';

/** A keep-alive: shows both sides that the other is there, and keeps proxies from closing an idle connection. */
export const HEARTBEAT_MS = 15_000;

export interface ServerSent {
  readonly event: string;
  /** Of one line. */
  readonly data: string;
  readonly id: string;
}

export interface Telling {
  /** What is told; the signal aborts when the client leaves. */
  readonly open: (signal: AbortSignal) => AsyncIterable<ServerSent>;
  /** Whether the client may still be told, asked with each keep-alive: its token may be revoked. @throws PawlError, Refusal */
  readonly admit: () => Promise<unknown>;
  readonly onBug: (error: Error) => void;
}

/**
 * Tells what `open` gives until it ends, the client leaves, or may not be told any more; a problem that comes later is the last
 * event (`problem`).
 * @throws PawlError of the first one, as an ordinary answer
 */
export async function answerServerSent(context: Context, { open, admit, onBug }: Telling): Promise<Response> {
  const leaving = new AbortController();
  const told = open(AbortSignal.any([leaving.signal, context.req.raw.signal]))[Symbol.asyncIterator]();
  const first = await told.next();
  return streamSSE(context, async (stream) => {
    stream.onAbort(() => leaving.abort());
    const dismissed = Promise.withResolvers<never>();
    // Thrown by the race.
    dismissed.promise.catch(() => undefined);
    const keepAlive = () =>
      admit().then(() => stream.write(': heartbeat\n\n'), dismissed.reject) as Promise<unknown>;
    const heartbeat = setInterval(keepAlive, HEARTBEAT_MS);
    try {
      for (let next = first; next.done !== true; ) {
        await stream.writeSSE(next.value);
        next = await Promise.race([told.next(), dismissed.promise]);
      }
    } catch (error) {
      await stream.writeSSE({
        event: 'problem',
        data: JSON.stringify({ error: publicErrorOf(error, onBug) }),
      });
    } finally {
      clearInterval(heartbeat);
      leaving.abort();
      await told.return?.();
    }
  });
}

/** As JSON, once for all who are told the same. */
export function rendered(value: object): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  texts.set(value, text);
  return text;
}
const texts = new WeakMap<object, string>();
