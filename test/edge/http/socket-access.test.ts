/** Who gets a WebSocket, with which token or ticket and from which page; and when it is taken away again. */
import { Hono } from 'hono';
import { afterEach, expect, it, vi } from 'vitest';
import { createFeed } from '../../../src/client/feed.ts';
import { readConfig } from '../../../src/config.ts';
import { TaskId } from '../../../src/domain/ids.ts';
import type { EngineApi } from '../../../src/domain/operations.ts';
import { localCaller, SCOPES_OF } from '../../../src/domain/scopes.ts';
import type { CallerOf } from '../../../src/edge/http/authentication.ts';
import { createSocketRoutes } from '../../../src/edge/http/socket-routes.ts';
import { createTickets } from '../../../src/edge/http/tickets.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { appOn, CALLER_OF, call, TOKEN } from './call.ts';
import { serveApp } from './far-engine.ts';
import { openSocket } from './socket.ts';

afterEach(() => void vi.useRealTimers());

const feed = createFeed();
const engine = fakeEngine(
  {},
  { events: (after, signal) => feed.read(async () => ({ rows: [], executions: [] }), after, signal) },
);

async function ticketOf(url: string, token = TOKEN): Promise<string> {
  const answer = await fetch(`${url}/api/tickets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return Object(await answer.json()).ticket;
}

it('lets in once with a ticket, which only a token makes', async () => {
  const { url } = await serveApp(appOn(engine));
  const ticket = await ticketOf(url);
  const { next } = await openSocket(url, `?ticket=${ticket}`, {});
  expect((await next()).event.type).toBe('snapshot');
  await expect(openSocket(url, `?ticket=${ticket}`, {})).rejects.toThrow(
    /^401 .*expected a ticket .*: POST \/api\/tickets makes one/,
  );
  await expect(openSocket(url, '?ticket=made-up', {})).rejects.toThrow(/^401/);
  await expect(openSocket(url, '', {})).rejects.toThrow(/^401 .*Authorization: Bearer/);
  expect((await fetch(`${url}/api/tickets`, { method: 'POST' })).status).toBe(401);
  await expect(openSocket(url, '?ticket=a&ticket=b', {})).rejects.toThrow(/^422 .*ticket: expected it once/);
  await expect(openSocket(url, '?since=1')).rejects.toThrow(/^422/);
});

it('forgets tickets that are late, and the oldest of too many', async () => {
  let now = 0;
  const tickets = createTickets(() => now, 2);
  const admit = async () => localCaller('ann');
  const { ticket, expiresAt } = tickets.issue(admit);
  expect(expiresAt).toBe('1970-01-01T00:00:30.000Z');
  now = 29_999;
  expect(tickets.redeem(ticket)).toBe(admit);
  const late = tickets.issue(admit);
  now += 30_000;
  expect(() => tickets.redeem(late.ticket)).toThrow(/expected a ticket that was made in the last 30 s/);
  const [first, ...others] = [tickets.issue(admit), tickets.issue(admit), tickets.issue(admit)];
  expect(() => tickets.redeem(first?.ticket ?? '')).toThrow(/expected a ticket/);
  for (const other of others) expect(tickets.redeem(other.ticket)).toBe(admit);
});

it('is for whoever may read: nobody else is given a ticket', async () => {
  const callerOf: CallerOf = async (token) => ({
    name: token,
    scopes: token === 'agent' ? ['agent'] : SCOPES_OF.read,
  });
  const { url } = await serveApp(appOn(engine, callerOf));
  await openSocket(url, `?ticket=${await ticketOf(url, 'reader')}`, {});
  const refused = await fetch(`${url}/api/tickets`, {
    method: 'POST',
    headers: { authorization: 'Bearer agent' },
  });
  expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('the scope read')]);
});

it.each(['header', 'ticket'])('closes once the token that came as a %s is revoked', async (way) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  let isRevoked = false;
  const callerOf: CallerOf = async () =>
    isRevoked ? { problem: 'the token was revoked' } : localCaller('ann');
  const { url } = await serveApp(appOn(engine, callerOf));
  const { socket, next, closed } = await (way === 'header'
    ? openSocket(url)
    : openSocket(url, `?ticket=${await ticketOf(url)}`, {}));
  await next();
  const pinged = new Promise((resolve) => socket.once('ping', resolve));
  await vi.advanceTimersByTimeAsync(15_000);
  await pinged;
  isRevoked = true;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await closed).toEqual({ code: 4401, words: expect.stringMatching(/^the token was revoked/) });
});

it('ends a client that does not answer', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { url } = await serveApp(appOn(engine));
  const { socket, next, closed } = await openSocket(url);
  await next();
  socket.pause();
  await vi.advanceTimersByTimeAsync(30_000);
  socket.resume();
  expect((await closed).code).toBe(1006);
});

it('drops a client that does not read, which goes on by its number', async () => {
  const { promise: dropped, resolve: tellDropped } = Promise.withResolvers<void>();
  const events: EngineApi['events'] = async function* (after, signal) {
    try {
      yield* engine.events(after, signal);
    } finally {
      tellDropped();
    }
  };
  const routes = createSocketRoutes({
    engine: () => ({ ...engine, events }),
    callerOf: CALLER_OF,
    onBug: (error) => expect.fail(error.message),
    waitingMsMax: 20,
  });
  const { url } = await serveApp(new Hono().route('/', routes));
  const slow = await openSocket(url);
  await slow.next();
  slow.socket.pause();
  const ids = Array.from({ length: 300 }, (_, n) => `task-${n}`);
  // More than what the sockets of both sides hold, and a bound on top.
  for (const id of ids)
    feed.publish({ type: 'gone', id: TaskId.parse(id), ...{ padding: 'x'.repeat(32_768) } });
  await dropped;
  slow.socket.resume();
  expect(await slow.closed).toEqual({ code: 1013, words: expect.stringMatching(/^try again with \?after=/) });
  const last = slow.told.at(-1)?.number;
  const again = await openSocket(url, `?after=${last}`);
  while (slow.told.length + again.told.length < ids.length + 1) await again.next();
  expect(
    [...slow.told, ...again.told].map(({ event }) => (event.type === 'gone' ? event.id : event.type)),
  ).toEqual(['snapshot', ...ids]);
});

const bearer = { authorization: `Bearer ${TOKEN}` };

it('refuses pages of another origin, also of another port of this host, and other names of the host', async () => {
  const { url } = await serveApp(appOn(engine));
  const other = new URL(url);
  other.port = String(Number(other.port) - 1);
  for (const origin of ['https://evil.example', other.origin, 'null', url.replace('http', 'ws')])
    await expect(openSocket(url, '', { ...bearer, origin })).rejects.toThrow(/^403 .*"forbidden"/);
  await expect(openSocket(url, '', { ...bearer, host: 'evil.example' })).rejects.toThrow(
    /^422 .*expected the Host header/,
  );
  // It was looked at before the ticket, which is still good.
  const ticket = await ticketOf(url);
  await expect(openSocket(url, `?ticket=${ticket}`, { origin: other.origin })).rejects.toThrow(/^403/);
  await openSocket(url, `?ticket=${ticket}`, { origin: url });
});

it('lets in pages of the origins that are set, over both', async () => {
  const app = appOn(engine, CALLER_OF, ['https://board.example']);
  const { url } = await serveApp(app);
  const origin = 'https://board.example';
  await openSocket(url, '', { ...bearer, origin });
  for (const other of ['https://board.example:8443', 'http://board.example', 'https://a.board.example'])
    await expect(openSocket(url, '', { ...bearer, origin: other })).rejects.toThrow(/^403/);
  const read = await call(app, '/api/tasks', { headers: { origin } });
  expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
  const failed = await call(app, '/api/none', { headers: { origin } });
  expect([failed.status, failed.headers.get('access-control-allow-origin')]).toEqual([404, origin]);
  const asked = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };
  const before = await app.request('/api/tasks', {
    method: 'OPTIONS',
    headers: { ...asked, host: 'localhost', origin },
  });
  expect([before.status, before.headers.get('access-control-allow-headers')]).toEqual([204, 'authorization']);
  const own = await call(app, '/api/tasks');
  expect(own.headers.get('access-control-allow-origin')).toBeNull();
});

it('reads the origins from PAWL_ORIGINS, as browsers write them', () => {
  const read = (text: string) => readConfig({ PAWL_ORIGINS: text }).origins;
  expect(read('')).toEqual([]);
  expect(read('https://board.example, http://127.0.0.1:5173')).toEqual([
    'https://board.example',
    'http://127.0.0.1:5173',
  ]);
  for (const other of [
    '*',
    'board.example',
    'https://board.example/',
    'HTTPS://board.example',
    'https://a.b:443',
    'null',
  ])
    expect(() => read(`https://fine.example,${other}`)).toThrow(
      /^PAWL_ORIGINS: expected origins such as .*, got "/,
    );
});
