/** The feed over a WebSocket and as server-sent events, of one engine with a feed of its own, over real sockets. */
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createFeed } from '../../../src/client/feed.ts';
import { TaskId } from '../../../src/domain/ids.ts';
import type { EngineApi } from '../../../src/domain/operations.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { TOKEN } from './call.ts';
import { serve } from './far-engine.ts';
import { openSocket } from './socket.ts';

const gone = (id: string) => ({ type: 'gone' as const, id: TaskId.parse(id) });

/** An engine whose feed tells what the test says. */
function feeding() {
  const feed = createFeed();
  const events: EngineApi['events'] = (after, signal) =>
    feed.read(async () => ({ rows: [], executions: [] }), after, signal);
  return { feed, engine: fakeEngine({}, { events }) };
}

it('tells a snapshot, then each change, and goes on after a number; one that is not known begins again', async () => {
  const { feed, engine } = feeding();
  const { url } = await serve(engine);
  const first = await openSocket(url);
  expect((await first.next()).event).toEqual({ type: 'snapshot', rows: [], executions: [] });
  for (const id of ['one', 'two', 'three']) feed.publish(gone(id));
  const [one, two, three] = [await first.next(), await first.next(), await first.next()];
  expect([one, two, three].map(({ event }) => event)).toEqual(['one', 'two', 'three'].map(gone));

  const again = await openSocket(url, `?after=${one.number}`);
  expect([await again.next(), await again.next()]).toEqual([two, three]);
  const byHeader = await openSocket(url, `?after=${one.number}`, {
    authorization: `Bearer ${TOKEN}`,
    'last-event-id': two.number,
  });
  expect(await byHeader.next()).toEqual(three);
  const unknown = await openSocket(url, '?after=0123abcd:7');
  expect((await unknown.next()).event).toMatchObject({ type: 'snapshot' });
});

it('tells who holds a number that is yet to come, here and as server-sent events, that it is void: by a snapshot', async () => {
  const { feed, engine } = feeding();
  const { url } = await serve(engine);
  const { number } = await (await openSocket(url)).next();
  feed.publish(gone('one'));
  const after = number.replace(/\d+$/, '7');
  const socket = await openSocket(url, `?after=${after}`);
  const snapshot = await socket.next();
  expect(snapshot).toEqual({
    number: number.replace(/\d+$/, '1'),
    event: { type: 'snapshot', rows: [], executions: [] },
  });
  const leave = new AbortController();
  const headers = { authorization: `Bearer ${TOKEN}` };
  const sent = await fetch(`${url}/api/events?after=${after}`, { headers, signal: leave.signal });
  const reader = sent.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain(
    `event: snapshot\ndata: ${JSON.stringify(snapshot.event)}\nid: ${snapshot.number}`,
  );
  leave.abort();
});

it('says at once that all is told, also to who comes back and has missed nothing', async () => {
  const { engine } = feeding();
  const { url } = await serve(engine);
  const { number } = await (await openSocket(url)).next();
  const again = await openSocket(url, `?after=${number}`);
  if (again.alive() === 0) await again.heard();
  expect([again.alive(), again.told]).toEqual([1, []]);
});

it('tells the same numbers as server-sent events', async () => {
  const { feed, engine } = feeding();
  const { url } = await serve(engine);
  const { number } = await (await openSocket(url)).next();
  for (const id of ['one', 'two', 'three']) feed.publish(gone(id));
  const socket = await openSocket(url, `?after=${number}`);
  const told = [await socket.next(), await socket.next(), await socket.next()];
  const headers = { authorization: `Bearer ${TOKEN}` };
  const leave = new AbortController();
  const sent = await fetch(`${url}/api/events?after=${number}`, { headers, signal: leave.signal });
  let read = '';
  for await (const part of sent.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    read += part;
    if (read.split('\n\n').length > 3) break;
  }
  leave.abort();
  const blocks = read.trimEnd().split('\n\n');
  expect(blocks).toEqual(
    told.map(({ number: id, event }) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\nid: ${id}`),
  );
});

it('tells two hundred readers the same, rendered once for all', async () => {
  const { feed, engine } = feeding();
  const { url } = await serve(engine);
  const readers = await Promise.all(Array.from({ length: 200 }, () => openSocket(url)));
  await Promise.all(readers.map((reader) => reader.next()));
  let rendered = 0;
  const toJSON = () => {
    rendered += 1;
    return gone('counted');
  };
  const counted = { ...gone('counted'), toJSON };
  feed.publish(counted);
  const before = rendered;
  const told = await Promise.all(readers.map((reader) => reader.next()));
  expect(told[0]?.event).toEqual(gone('counted'));
  expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(rendered - before).toBe(1);
});

it.each([
  ['what is no JSON', 'good morning', 1007, /^expected JSON/],
  ['what nobody understands', '{"type":"hello"}', 1008, /^expected no message/],
  ['bytes', Buffer.from([1, 2]), 1003, /^expected text/],
  ['more than is read', `"${'x'.repeat(64 * 1024)}"`, 1009, /^/],
])('closes for %s, with a code and words, and serves on', async (_, sent, code, words) => {
  const { feed, engine } = feeding();
  const { url } = await serve(engine);
  const other = await openSocket(url);
  const wrong = await openSocket(url);
  wrong.socket.send(sent);
  expect(await wrong.closed).toEqual({ code, words: expect.stringMatching(words) });
  await other.next();
  feed.publish(gone('one'));
  expect((await other.next()).event).toEqual(gone('one'));
});

it('closes all when the engine stops, and ends what it told', async () => {
  const { engine } = feeding();
  const server = await serve(engine);
  const [one, other] = [await openSocket(server.url), await openSocket(server.url)];
  await server.close();
  const closing = { code: 1001, words: 'the engine stops: come back later' };
  expect([await one.closed, await other.closed]).toEqual([closing, closing]);
});

it('ends what waits for its first event when the engine stops', async () => {
  const { promise: asked, resolve: tellAsked } = Promise.withResolvers<void>();
  const { promise: left, resolve } = Promise.withResolvers<void>();
  const { engine } = feeding();
  // biome-ignore lint/correctness/useYield: nothing to tell is what is tested
  const events: EngineApi['events'] = async function* (_, signal) {
    tellAsked();
    await once(signal, 'abort');
    resolve();
  };
  const server = await serve({ ...engine, events });
  const opened = await openSocket(server.url);
  await asked;
  await server.close();
  expect(await opened.closed).toMatchObject({ code: 1001 });
  await left;
});

it('ends what it tells when its client leaves', async () => {
  const { promise: left, resolve } = Promise.withResolvers<void>();
  const { engine, feed } = feeding();
  const events: EngineApi['events'] = async function* (after, signal) {
    try {
      yield* feed.read(async () => ({ rows: [], executions: [] }), after, signal);
    } finally {
      resolve();
    }
  };
  const { url } = await serve({ ...engine, events });
  const { socket, next } = await openSocket(url);
  await next();
  socket.terminate();
  await left;
});

it('answers a request that is none for a WebSocket, and one while the engine starts, in plain HTTP', async () => {
  const { url } = await serve(undefined);
  await expect(openSocket(url)).rejects.toThrow(/^503 .*"unavailable"/);
  const plain = await fetch(`${url}/ws`, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect([plain.status, plain.headers.get('upgrade')]).toEqual([426, 'websocket']);
  const elsewhere = await upgraded(url, '/api/none', { authorization: `Bearer ${TOKEN}` });
  expect(elsewhere).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
});

it('leaves requests alone that would be upgraded to something else', async () => {
  const { url } = await serve(undefined);
  const answer = await upgraded(url, '/api/health', { upgrade: 'h2c' });
  expect(answer).toMatchObject({ status: 200, body: { status: 'ok' } });
});

/** The answer to a request with an Upgrade header. */
async function upgraded(url: string, path: string, headers: Readonly<Record<string, string>>) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; body: unknown }>();
  const asked = request(`${url}${path}`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      ...headers,
    },
  });
  asked.once('error', reject);
  asked.once('response', (answer) => {
    text(answer).then((body) => resolve({ status: answer.statusCode, body: JSON.parse(body) }), reject);
  });
  asked.end();
  return promise;
}
