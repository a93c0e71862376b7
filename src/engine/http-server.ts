/** Listening for HTTP, and what can be wrong with host and port, in words that name the way out. */
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { PawlError } from '../domain/failures.ts';
import { type Clients, watchClients } from './clients.ts';
import { holderOf } from './ports.ts';

export interface HttpServer {
  /** http://host:port as a browser on this machine reaches it. */
  readonly url: string;
  readonly clients: Clients;
  /** Ends open connections too. Idempotent. */
  close(): Promise<void>;
}

/** @throws PawlError `conflict` naming who has the port; `precondition` for a host or port that cannot be used */
export async function listen(app: Hono, host: string, port: number): Promise<HttpServer> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  const clients = watchClients(server);
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
      }),
  };
}

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
