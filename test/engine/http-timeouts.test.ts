/** Sockets of clients that are slow, silent or deaf are closed; who only waits for the engine is not. Over real sockets. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { EngineApi } from '../../src/domain/operations.ts';
import { type HttpServer, listen } from '../../src/engine/http-server.ts';
import { fakeEngine, told } from '../edge/cli/fake-engine.ts';
import { HAPPY } from '../edge/cli/states.ts';
import { appOn, TOKEN } from '../edge/http/call.ts';

const SHORT = {
  headersMs: 200,
  requestMs: 400,
  betweenMs: 200,
  betweenBufferMs: 200,
  unreadMs: 200,
  lingerMs: 200,
  lookMs: 50,
};
const LARGE = { ...HAPPY.waiting, title: 'x'.repeat(64 * 1024 * 1024) };

/** What the engine says only when the test lets it. */
let late: PromiseWithResolvers<void>;
let engine: EngineApi;
let server: HttpServer;
let sockets: Socket[];
beforeEach(async () => {
  late = Promise.withResolvers<void>();
  sockets = [];
  engine = fakeEngine(
    {},
    {
      show: async ({ id }) => {
        if (id === 'large') return LARGE;
        await late.promise;
        return HAPPY.merged;
      },
      async *news() {
        yield told(HAPPY.waiting);
        await late.promise;
        yield told(HAPPY.merged);
      },
    },
  );
  server = await listen(appOn(engine), '127.0.0.1', 0, SHORT);
});
afterEach(async () => {
  late.resolve();
  for (const socket of sockets) socket.destroy();
  await server.close();
});

/** A client that sends this and never closes by itself. */
async function send(words: string): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write(words);
  return socket;
}

const HEAD = `Host: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n`;
const POST = `POST /api/tasks HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"id":`;
const closedByServer = () => vi.waitFor(() => expect(server.clients.sockets()).toBe(0), { timeout: 30_000 });

it.each([
  ['nothing', '', '408', 'unavailable'],
  ['a part of its headers', 'GET /api/tasks HTTP/1.1\r\nHost: loc', '408', 'unavailable'],
  ['a part of its body', POST, '408', 'unavailable'],
  ['what is no request', 'good morning\r\n\r\n', '400', 'invalid_input'],
])('who sends %s is told so and let go, though it never closes', async (_, words, status, code) => {
  const answer = await text(await send(words));
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(JSON.parse(body)).toMatchObject({ error: { code, message: expect.stringMatching(/^expected/) } });
  await closedByServer();
});

it('who sends one byte after the other is let go all the same', async () => {
  const socket = await send('GET /api/tasks HTTP/1.1\r\nX-Slow: ');
  socket.on('error', () => undefined);
  const dripping = setInterval(() => socket.write('x'), 20);
  await closedByServer().finally(() => clearInterval(dripping));
});

it('who never reads the answer is let go', async () => {
  const socket = await send(`GET /api/tasks/large HTTP/1.1\r\n${HEAD}\r\n`);
  socket.pause();
  await closedByServer();
});

it('who asks nothing more is let go', async () => {
  const socket = await send(`GET /api/health HTTP/1.1\r\n${HEAD}\r\n`);
  expect(await text(socket)).toMatch(/^HTTP\/1.1 200 /);
  await closedByServer();
});

it('who only waits for the engine is not: events and long polls go on', async () => {
  await server.close();
  // Whoever is about to ask here has the time that a busy machine takes.
  server = await listen(appOn(engine), '127.0.0.1', 0, { ...SHORT, headersMs: 3_000, requestMs: 3_000 });
  const headers = { authorization: `Bearer ${TOKEN}` };
  const followed = await fetch(`${server.url}/api/tasks/one/follow`, { headers });
  const events = followed.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await events?.read())?.value).toContain('awaiting_gate');
  const polled = fetch(`${server.url}/api/tasks/one`, { headers });
  // Whatever a client may take has passed by the time these are gone.
  const slow = await Promise.all([send(POST), send(`GET /api/tasks/large HTTP/1.1\r\n${HEAD}\r\n`)]);
  slow[1].pause();
  await vi.waitFor(() => expect(server.clients.sockets()).toBe(2), { timeout: 30_000 });
  late.resolve();
  expect((await events?.read())?.value).toContain('completed');
  expect(await (await polled).json()).toMatchObject({ status: 'completed' });
});
