/** WebSockets over a port of its own; each ends with its test. */
import { once } from 'node:events';
import { afterEach } from 'vitest';
import { WebSocket } from 'ws';
import type { Numbered } from '../../../src/domain/events.ts';
import { TOKEN } from './call.ts';

const sockets: WebSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});

export interface Opened<M = Numbered> {
  readonly socket: WebSocket;
  /** All that was told. */
  readonly told: M[];
  /** What is told next. */
  next(): Promise<M>;
  /** How often it was told that it is told all. */
  alive(): number;
  /** Resolves when anything is told. */
  heard(): Promise<unknown>;
  readonly closed: Promise<{ readonly code: number; readonly words: string }>;
}

/** The token goes as a header, unless there is a ticket. @throws Error with status and body of a refusal */
export async function openSocket<M = Numbered>(
  url: string,
  query = '',
  headers: Readonly<Record<string, string>> = { authorization: `Bearer ${TOKEN}` },
): Promise<Opened<M>> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws${query}`, { headers });
  sockets.push(socket);
  const told: M[] = [];
  let read = 0;
  const moved = new EventTarget();
  let alive = 0;
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if ('aliveMs' in message) alive += 1;
    else told.push(message);
    moved.dispatchEvent(new Event('told'));
  });
  const { promise: closed, resolve } = Promise.withResolvers<{ code: number; words: string }>();
  socket.on('close', (code, words) => resolve({ code, words: String(words) }));
  await new Promise<void>((opened, refused) => {
    socket.once('open', opened);
    socket.once('error', refused);
    socket.once('unexpected-response', async (_, answer) => {
      const body = Buffer.concat(await answer.toArray()).toString();
      refused(new Error(`${answer.statusCode} ${body}`));
    });
  });
  return {
    socket,
    told,
    closed,
    alive: () => alive,
    heard: () => once(moved, 'told'),
    async next() {
      for (;;) {
        const [message] = told.slice(read, read + 1);
        if (message !== undefined) {
          read += 1;
          return message;
        }
        await once(moved, 'told');
      }
    },
  };
}
