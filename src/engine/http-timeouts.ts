/**
 * How long a client may take before its socket is closed, each with its reason. None of them ends what a client waits for:
 * an answer, events and a long poll last as long as they do.
 */
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

export interface HttpTimeouts {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly betweenMs: number;
  readonly betweenBufferMs: number;
  readonly unreadMs: number;
  readonly lingerMs: number;
  readonly lookMs: number;
}

export const HTTP_TIMEOUTS: HttpTimeouts = {
  /** A program sends its headers at once; a socket that says nothing takes a place and a file descriptor. */
  headersMs: 20_000,
  /** The largest body that a route takes, 36 MB, over a line of 1 Mbit/s. */
  requestMs: 300_000,
  /** A kept connection saves a command its next call; clients are told, and close it before. */
  betweenMs: 5_000,
  /** For so much longer it stays open: a busy client may notice late, and would write into a socket that is being closed. */
  betweenBufferMs: 30_000,
  /** Of an answer that is there nothing was taken for so long: the reader hangs, and what it does not read fills memory. */
  unreadMs: 60_000,
  /** Who sent what is no request gets to read why; a client that then never closes is not waited for. */
  lingerMs: 5_000,
  /** How often sockets are looked at for the first two. */
  lookMs: 5_000,
};

/** As `node:http` names them. */
export const serverOptionsOf = ({
  headersMs,
  requestMs,
  betweenMs,
  betweenBufferMs,
  lookMs,
}: HttpTimeouts) => ({
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  keepAliveTimeout: betweenMs,
  keepAliveTimeoutBuffer: betweenBufferMs,
  connectionsCheckingInterval: lookMs,
});

/** Closes sockets of clients that do not read what they asked for. */
export function closeUnread(server: Server, { unreadMs }: HttpTimeouts): void {
  server.on('request', (_, response) => {
    // Node tells of each such time without a byte; while nothing is to be read, it is the engine that takes its time.
    response.setTimeout(unreadMs, () => {
      if (response.writableLength > 0) response.destroy();
    });
  });
}

/** Sends the last words of a socket, and closes it even where the other side never does. */
export function endWith(socket: Duplex, text: string, { lingerMs }: HttpTimeouts): void {
  socket.end(text);
  const lingering = setTimeout(() => socket.destroy(), lingerMs).unref();
  socket.once('close', () => clearTimeout(lingering));
}
