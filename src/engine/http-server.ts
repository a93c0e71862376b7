/** Listening for HTTP, and what can be wrong with host and port, in words that name the way out. */
import { randomUUID } from 'node:crypto';
import { maxHeaderSize, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { PawlError } from '../domain/failures.ts';
import { type Clients, watchClients } from './callers.ts';
import { closeUnread, endWith, HTTP_TIMEOUTS, type HttpTimeouts, serverOptionsOf } from './http-timeouts.ts';
import { holderOf } from './tcp-ports.ts';
import { isForWebSocket, takeWebSockets } from './web-sockets.ts';

export interface HttpServer {
  /** http://host:port as a browser on this machine reaches it. */
  readonly url: string;
  readonly clients: Clients;
  /** Ends open connections too. Idempotent. */
  close(): Promise<void>;
}

/**
 * @param timeouts for tests
 * @throws PawlError `conflict` naming who has the port; `precondition` for a host or port that cannot be used
 */
export async function listen(
  app: Hono,
  host: string,
  port: number,
  timeouts = HTTP_TIMEOUTS,
): Promise<HttpServer> {
  const serverOptions = { ...serverOptionsOf(timeouts), shouldUpgradeCallback: isForWebSocket };
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions }) as Server;
  const clients = watchClients(server);
  closeUnread(server, timeouts);
  const sockets = takeWebSockets(server, app, timeouts);
  server.on('clientError', (error, socket) => answerBroken(error, socket, timeouts));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenProblem(error, host, port)));
    server.listen({ host, port, exclusive: true }, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${reachable(host)}:${bound}`,
    clients,
    close: () =>
      new Promise((resolve) => {
        // The only error is that it is closed already.
        server.close(() => resolve());
        server.closeAllConnections();
        sockets.close();
      }),
  };
}

/** What is no request, or too long an address, in the form that every error has: Node itself answers nothing to read. */
function answerBroken(error: NodeJS.ErrnoException, socket: Duplex, timeouts: HttpTimeouts): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, message] = BROKEN[error.code ?? ''] ?? BROKEN_OTHERWISE;
  const body = JSON.stringify({ error: { code, message } });
  const length = Buffer.byteLength(body);
  const headers = `Content-Type: application/json\r\nContent-Length: ${length}\r\nX-Request-Id: ${randomUUID()}\r\nConnection: close`;
  endWith(socket, `HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`, timeouts);
}
const BROKEN: Readonly<Record<string, readonly [status: string, code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'too_large',
    `expected an address and headers of less than ${maxHeaderSize} bytes, got more: reads that take lists take them in a body too, see /openapi.json`,
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    'unavailable',
    'expected a whole request in time, got a part',
  ],
};
const BROKEN_OTHERWISE = [
  '400 Bad Request',
  'invalid_input',
  'expected an HTTP request, got something else',
] as const;

function listenProblem(error: Error, host: string, port: number): PawlError {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    const who = holderOf(port) ?? 'a process of another user';
    return new PawlError(
      'conflict',
      `port ${port} is in use by ${who}: end it, or choose another port with --port or PAWL_PORT (0 = any free one)`,
      { cause: error },
    );
  }
  const words =
    code === 'EACCES'
      ? `this user may not listen on port ${port}: choose one from 1024 on with --port or PAWL_PORT`
      : `cannot listen on ${host}:${port} (${error.message}): correct PAWL_HOST or PAWL_PORT`;
  return new PawlError('precondition', words, { cause: error });
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
