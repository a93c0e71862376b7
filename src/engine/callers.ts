/** Who asks this engine: programs that say which one they are, and sockets of those that do not. */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { CLIENT_HEADER } from '../edge/http/client-id.ts';

/** A client that asks now and then closes its sockets in between, and is one nevertheless. */
const RECENT_MS = 60_000;
/** The oldest is forgotten then. */
const NAMES_MAX = 10_000;

export interface Clients {
  /** How many asked in the last minute or hold a socket open. */
  count(): number;
  /** Open sockets. */
  sockets(): number;
}

export function watchClients(server: Server, now: () => number = () => performance.now()): Clients {
  /** What each socket's requests said, where they did. */
  const open = new Map<Socket, string | undefined>();
  /** In the order of when they were last heard. */
  const heard = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    open.set(socket, undefined);
    socket.once('close', () => open.delete(socket));
  });
  const hear = ({ socket, headers }: IncomingMessage) => {
    const name = headers[CLIENT_HEADER];
    if (typeof name !== 'string') return;
    open.set(socket, name);
    heard.delete(name);
    heard.set(name, now());
    const [oldest] = heard.keys();
    if (heard.size > NAMES_MAX && oldest !== undefined) heard.delete(oldest);
  };
  server.on('request', hear);
  // What becomes a WebSocket is no request to Node.
  server.on('upgrade', hear);
  return {
    count() {
      const since = now() - RECENT_MS;
      for (const [name, atMs] of heard) if (atMs < since) heard.delete(name);
      const named = new Set([...heard.keys(), ...open.values()].filter((name) => name !== undefined));
      const unnamed = [...open.values()].filter((name) => name === undefined).length;
      return named.size + unnamed;
    },
    sockets: () => open.size,
  };
}
