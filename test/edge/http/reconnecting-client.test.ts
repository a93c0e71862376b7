/** The engine of a home as a process sees it that outlives it: found again, and reached anew when it is asked to be. */
import type { RequestListener } from 'node:http';
import { expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import { createPooledFetch } from '../../../src/edge/http/pooled-fetch.ts';
import { createReconnectingClient } from '../../../src/edge/http/reconnecting-client.ts';
import { VITALS } from '../cli/fake-engine.ts';
import { serve as serveCounted } from '../http/counted-server.ts';

/** Something that answers like an engine, over connections that can be counted. */
function serve(answer: RequestListener = (_, response) => void response.end('{"sessions":[]}')) {
  return serveCounted((request, response) => {
    if (request.url?.startsWith('/api/vitals')) response.end(JSON.stringify(VITALS));
    else answer(request, response);
  });
}
const { signal } = new AbortController();
const reachOf = (api: string, pid = 1) => ({ api, token: 't', pid, startedAt: '2026-01-02T03:04:05Z' });

it('is looked for once, and again after it could not be reached', async () => {
  const [first, second] = [await serve(), await serve()];
  const looked: string[] = [];
  let { api } = first;
  const engine = createReconnectingClient(async () => {
    looked.push(api);
    return reachOf(api);
  }, signal);
  await engine.sessions({});
  await engine.sessions({});
  expect(looked).toEqual([first.api]);
  await first.close();
  ({ api } = second);
  await expect(engine.sessions({})).rejects.toMatchObject({ code: 'unavailable' });
  await engine.sessions({});
  expect(looked).toEqual([first.api, second.api]);
});

it('is reached anew: looked for, over a connection that was not there, which the next calls use', async () => {
  const { api, sockets } = await serve();
  let looks = 0;
  const engine = createReconnectingClient(async () => {
    looks += 1;
    return reachOf(api);
  }, signal);
  await engine.sessions({});
  expect({ looks, connections: sockets.length }).toEqual({ looks: 1, connections: 1 });
  await engine.reconnect();
  expect({ looks, connections: sockets.length }).toEqual({ looks: 2, connections: 2 });
  await engine.sessions({});
  await engine.sessions({});
  expect({ looks, connections: sockets.length }).toEqual({ looks: 2, connections: 2 });
});

it('finds the next engine with a connection made anew, and an old call that fails does not lose it', async () => {
  const [asked, ask] = waiter();
  const first = await serve(() => ask());
  const second = await serve();
  let { api } = first;
  const looked: string[] = [];
  const engine = createReconnectingClient(async () => {
    looked.push(api);
    return reachOf(api);
  }, signal);
  const hanging = expect(engine.sessions({})).rejects.toMatchObject({ code: 'unavailable' });
  await asked;
  ({ api } = second);
  await engine.reconnect();
  await first.close();
  await hanging;
  await engine.sessions({});
  expect(looked).toEqual([first.api, second.api]);
});

it('is refused where it is not there, and found once it is', async () => {
  const [gone, there] = [await serve(), await serve()];
  await gone.close();
  let { api } = gone;
  const engine = createReconnectingClient(async () => reachOf(api), signal);
  await expect(engine.reconnect()).rejects.toMatchObject({ code: 'unavailable' });
  ({ api } = there);
  expect(await engine.sessions({})).toEqual({ sessions: [] });
});

it('is not asked again and again where it lives and does not answer, but at once where the next one is there', async () => {
  let asked = 0;
  const { api } = await serve((_, response) => {
    asked += 1;
    if (pid === 1) response.destroy();
    else response.end('{"sessions":[]}');
  });
  let pid = 1;
  const engine = createReconnectingClient(async () => reachOf(api, pid), signal);
  for (let call = 0; call < 10; call += 1)
    await expect(engine.sessions({})).rejects.toMatchObject({ code: 'unavailable' });
  expect(asked).toBe(3);
  // A connection made anew is a question of its own.
  await engine.reconnect();
  await expect(engine.sessions({})).rejects.toMatchObject({ code: 'unavailable' });
  expect(asked).toBe(4);
  pid = 2;
  expect(await Promise.all([engine.sessions({}), engine.sessions({})])).toHaveLength(2);
});

it('is looked for again after it could not be found, whatever was the matter', async () => {
  const { api } = await serve();
  const problems = [new PawlError('conflict', 'the port is in use'), new Error('a bug')];
  const engine = createReconnectingClient(async () => {
    const problem = problems.shift();
    if (problem !== undefined) throw problem;
    return reachOf(api);
  }, signal);
  await expect(engine.sessions({})).rejects.toThrow('the port is in use');
  await expect(engine.reconnect()).rejects.toThrow('a bug');
  expect(await engine.sessions({})).toEqual({ sessions: [] });
});

it('calls as it is told to, and follows all the same: such an answer does not end', async () => {
  const told = JSON.stringify({ type: 'gone', id: 'one' });
  const { api } = await serve((request, response) => {
    if (!request.url?.startsWith('/api/events')) return void response.end('{"sessions":[]}');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`id: a:1\ndata: ${told}\n\n`);
  });
  const asked: string[] = [];
  const pooled = createPooledFetch();
  const engine = createReconnectingClient(
    async () => reachOf(api),
    signal,
    () => (url, init) => {
      asked.push(new URL(url).pathname);
      return pooled(url, init);
    },
  );
  await engine.sessions({});
  expect(asked).toEqual(['/api/sessions']);
  const leave = new AbortController();
  const events = engine.events(undefined, leave.signal)[Symbol.asyncIterator]();
  await expect(events.next()).resolves.toMatchObject({ value: { number: 'a:1' } });
  leave.abort();
  expect(asked).toEqual(['/api/sessions']);
});

function waiter(): [Promise<void>, () => void] {
  const { promise, resolve } = Promise.withResolvers<void>();
  return [promise, resolve];
}

it('looks again whatever its circuit breaker has counted, and all at once look once', async () => {
  let isAway = true;
  const { api } = await serveCounted((request, response) =>
    isAway ? request.socket.destroy() : response.end('{"sessions":[]}'),
  );
  let looks = 0;
  const engine = createReconnectingClient(async () => {
    looks += 1;
    return reachOf(api);
  }, signal);
  for (const _ of [1, 2, 3]) await expect(engine.sessions({})).rejects.toThrow(/cannot be reached/);
  await expect(engine.lookAgain()).rejects.toMatchObject({ code: 'unavailable' });
  for (const _ of [1, 2, 3]) await expect(engine.sessions({})).rejects.toThrow(/cannot be reached/);
  isAway = false;
  // It is back, and the circuit breaker does not know yet.
  await expect(engine.sessions({})).rejects.toThrow(/asked again in/);
  looks = 0;
  await Promise.all([engine.lookAgain(), engine.lookAgain()]);
  expect(looks).toBe(1);
  expect(await engine.sessions({})).toEqual({ sessions: [] });
});
