/** Telling a WebSocket what happens, one message each, until its client leaves, falls behind, or may not be told any more. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { type Closing, closingOfError, closingOfMessage, SLOW } from './closing.ts';
import { publicErrorOf } from './refusals.ts';
import { HEARTBEAT_MS } from './server-sent.ts';

/** What may wait in memory for a client that does not read: about a thousand changes. */
const WAITING_BYTES_MAX = 1024 * 1024;
/** How long so much may take to be read; a snapshot of more, accordingly longer. */
const WAITING_MS_MAX = 10_000;

/** How often a client is told that it is still told. */
export const ALIVE_MS = 5_000;

export interface SocketTelling {
  /** Messages that are told; ends when the connection does. */
  readonly told: AsyncGenerator<Buffer, undefined>;
  /** Said when it opens and every few seconds: a page sees no ping, and has to know that it is still told what happens. */
  readonly alive?: Buffer | undefined;
  /** Whether the client may still be told, asked with each keep-alive: its token may be revoked. @throws PawlError, Refusal */
  readonly admit: () => Promise<unknown>;
  readonly onBug: (error: Error) => void;
  /** For tests. */
  readonly waitingMsMax?: number | undefined;
}

/** Never rejects. */
export async function tellSocket(socket: WebSocket, telling: SocketTelling): Promise<void> {
  const { told, alive, admit, onBug, waitingMsMax = WAITING_MS_MAX } = telling;
  const close = ({ code, words }: Closing) => {
    if (socket.readyState === socket.OPEN) socket.close(code, words);
  };
  const fail = (error: unknown) => close(closingOfError(publicErrorOf(error, onBug)));
  // What breaks the protocol, or is too large, is closed by `ws` with the code for it.
  socket.on('error', () => undefined);
  socket.on('message', (data, isBinary) => close(closingOfMessage(isBinary ? undefined : String(data))));
  let isAnswered = true;
  socket.on('pong', () => {
    isAnswered = true;
  });
  let isWaiting = false;
  const keepAlive = () => {
    // A ping would wait behind what is not read yet, and its answer longer.
    if (isWaiting) return;
    if (!isAnswered) return socket.terminate();
    isAnswered = false;
    socket.ping();
  };
  const heartbeat = setInterval(() => void admit().then(keepAlive, fail), HEARTBEAT_MS);
  const sayAlive = () => {
    if (alive !== undefined && !isWaiting && socket.readyState === socket.OPEN)
      socket.send(alive, { binary: false });
  };
  const saying = setInterval(sayAlive, ALIVE_MS);
  socket.once('close', () => {
    clearInterval(heartbeat);
    clearInterval(saying);
  });
  sayAlive();
  try {
    for (let next = await told.next(); next.done !== true; next = await told.next()) {
      isWaiting = true;
      const isRead = await send(socket, next.value, waitingMsMax);
      isWaiting = false;
      if (!isRead) close(SLOW);
      if (socket.readyState !== socket.OPEN) return;
    }
    socket.close(1000, 'nothing more is to come');
  } catch (error) {
    fail(error);
  } finally {
    await told.return(undefined);
  }
}

/** @returns false where the client is too slow for it; the rest of what is told stays in the feed meanwhile */
async function send(socket: WebSocket, message: Buffer, waitingMsMax: number): Promise<boolean> {
  const sent = new Promise<boolean>((resolve) => {
    socket.send(message, { binary: false }, () => resolve(true));
  });
  const waiting = socket.bufferedAmount;
  if (waiting <= WAITING_BYTES_MAX) return true;
  const given = new AbortController();
  const late = sleep(waitingMsMax * Math.ceil(waiting / WAITING_BYTES_MAX), false, given).catch(() => false);
  return await Promise.race([sent, late]).finally(() => given.abort());
}
