/**
 * WebSockets of the HTTP server. A request for one goes through the same app as every other request, with the same checks, and
 * a refusal is the same plain answer.
 */
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Hono } from 'hono';
import { type WebSocket, WebSocketServer } from 'ws';
import { SOCKET_PATH, type Upgrade } from '../edge/http/upgrade.ts';
import { endWith, type HttpTimeouts } from './http-timeouts.ts';

/** Clients have nothing to say yet, and never much. */
const MESSAGE_BYTES_MAX = 64 * 1024;
/** No status of the protocol: the engine goes away. */
const GOING_AWAY = 1001;

export interface WebSockets {
  /** Ends them all: the server's own close waits for them. */
  close(): void;
}

/** As `node:http` takes it: every other request is answered as if it asked for no upgrade, to HTTP/2 for example. */
export const isForWebSocket = ({ headers, url = '' }: IncomingMessage): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket' && url.split('?', 1)[0] === SOCKET_PATH;

export function takeWebSockets(server: Server, app: Hono, timeouts: HttpTimeouts): WebSockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    // Compressing costs memory for each socket, and the reader is on this host or near it.
    perMessageDeflate: false,
  });
  /** Those that are not answered yet. */
  const opening = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    opening.add(socket);
    socket.once('close', () => opening.delete(socket));
    // The other side may leave at any moment; `close` follows.
    socket.on('error', () => socket.destroy());
    const broken = () => Response.json(BROKEN, { status: 400 });
    // A Node before 24.9 asks nobody which requests these are.
    (isForWebSocket(request) ? answer(app, request, socket).catch(broken) : Promise.resolve(broken()))
      .then(async (answered) => {
        opening.delete(socket);
        if (answered instanceof Response) await refuse(socket, answered, timeouts);
        else sockets.handleUpgrade(request, socket, head, answered);
      })
      .catch(() => socket.destroy());
  });
  return {
    close() {
      for (const socket of opening) socket.destroy();
      for (const socket of sockets.clients) {
        socket.close(GOING_AWAY, 'the engine stops: come back later');
        // Who never answers is not waited for.
        const lingering = setTimeout(() => socket.terminate(), timeouts.lingerMs);
        socket.once('close', () => clearTimeout(lingering));
      }
    },
  };
}

/** @returns who serves the WebSocket that the connection becomes, or why it becomes none */
async function answer(
  app: Hono,
  { url = '', method = 'GET', headers }: IncomingMessage,
  socket: Duplex,
): Promise<Response | ((socket: WebSocket) => void)> {
  const left = new AbortController();
  socket.once('close', () => left.abort());
  let serve: ((socket: WebSocket) => void) | undefined;
  const upgrade: Upgrade = {
    closed: left.signal,
    accept(given) {
      serve = given;
      return new Response();
    },
  };
  // The app goes by the Host header alone, which may be no part of an address.
  const asked = new Request(new URL(url, 'http://localhost'), { method, headers: asList(headers) });
  const response = await app.fetch(asked, { upgrade });
  return serve !== undefined && response.ok ? serve : response;
}

/** But for the encodings that the client takes: a refusal is short. */
const asList = ({ 'accept-encoding': _, ...headers }: IncomingMessage['headers']): [string, string][] =>
  Object.entries(headers).flatMap(([name, value = []]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );

async function refuse(socket: Duplex, response: Response, timeouts: HttpTimeouts): Promise<void> {
  const body = await response.text();
  if (!socket.writable) return;
  const headers = [
    ...response.headers,
    ['content-length', String(Buffer.byteLength(body))],
    ['connection', 'close'],
  ].map(([name, value]) => `${name}: ${value}`);
  const status = `${response.status} ${STATUS_CODES[response.status] ?? ''}`;
  endWith(socket, [`HTTP/1.1 ${status}`, ...headers, '', body].join('\r\n'), timeouts);
}

const BROKEN = {
  error: {
    code: 'invalid_input',
    message: `expected a request for a WebSocket at ${SOCKET_PATH}, got another one with the header Upgrade`,
  },
};
