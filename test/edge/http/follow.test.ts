/** Server-sent events of a task, over a port of its own: only there a client can really leave. */
import { once } from 'node:events';
import { afterEach, expect, it, vi } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import type { EngineApi } from '../../../src/domain/operations.ts';
import { type HttpServer, listen } from '../../../src/engine/http-server.ts';
import { fakeEngine, told } from '../cli/fake-engine.ts';
import { HAPPY } from '../cli/states.ts';
import { appOn, call, TOKEN } from './call.ts';

const servers: HttpServer[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function open(engine: EngineApi, leave?: AbortSignal): Promise<Response> {
  const server = await listen(appOn(engine), '127.0.0.1', 0);
  servers.push(server);
  const headers = { authorization: `Bearer ${TOKEN}` };
  return fetch(`${server.url}/api/tasks/one/follow`, {
    headers,
    ...(leave === undefined ? {} : { signal: leave }),
  });
}

const event = (number: number, status: string) =>
  expect.stringMatching(new RegExp(`^event: state\\ndata: \\{.*"status":"${status}".*\\}\\nid: ${number}$`));

it('tells each state until the task is closed', async () => {
  const answer = await open(fakeEngine({ one: [HAPPY.pending, HAPPY.working, HAPPY.merged] }));
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  expect((await answer.text()).trimEnd().split('\n\n')).toEqual([
    event(1, 'pending'),
    event(2, 'in_progress'),
    event(3, 'completed'),
  ]);
});

it('ends the following when the client leaves', async () => {
  const { promise: left, resolve } = Promise.withResolvers<void>();
  const engine = fakeEngine(
    {},
    {
      async *news(_, signal) {
        yield told(HAPPY.waiting);
        await once(signal, 'abort');
        resolve();
      },
    },
  );
  const leaving = new AbortController();
  const answer = await open(engine, leaving.signal);
  await answer.body?.getReader().read();
  leaving.abort();
  await left;
});

it('ends it too when the client leaves before the first state', async () => {
  const { promise: asked, resolve: tellAsked } = Promise.withResolvers<void>();
  const { promise: left, resolve } = Promise.withResolvers<void>();
  const engine = fakeEngine(
    {},
    {
      // biome-ignore lint/correctness/useYield: nothing to tell is what is tested
      async *news(_, signal) {
        tellAsked();
        await once(signal, 'abort');
        resolve();
      },
    },
  );
  const leaving = new AbortController();
  const answer = open(engine, leaving.signal);
  await asked;
  leaving.abort();
  await expect(answer).rejects.toThrow(/abort/);
  await left;
});

it('ends it when the server closes', async () => {
  const { promise: left, resolve } = Promise.withResolvers<void>();
  const engine = fakeEngine(
    {},
    {
      async *news(_, signal) {
        yield told(HAPPY.waiting);
        await once(signal, 'abort');
        resolve();
      },
    },
  );
  const answer = await open(engine);
  await answer.body?.getReader().read();
  await servers[0]?.close();
  await left;
});

it('shows that it is alive while nothing changes', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const engine = fakeEngine(
    {},
    {
      async *news() {
        yield told(HAPPY.waiting);
        await over;
      },
    },
  );
  const answer = await open(engine);
  await vi.advanceTimersByTimeAsync(31_000);
  end();
  const [first, ...later] = (await answer.text()).trimEnd().split('\n\n');
  expect(first).toEqual(event(1, 'awaiting_gate'));
  expect(later).toEqual([': heartbeat', ': heartbeat']);
  expect(vi.getTimerCount()).toBe(0);
});

it('answers a problem with the first state as any other operation does', async () => {
  const app = appOn(fakeEngine());
  expect(await call(app, '/api/tasks/none/follow')).toMatchObject({
    status: 404,
    body: { error: { code: 'not_found' } },
  });
  expect(await call(app, '/api/tasks/NONE/follow')).toMatchObject({
    status: 422,
    body: { error: { details: [['id']] } },
  });
  expect(await call(app, '/api/tasks/none/follow?since=1')).toMatchObject({ status: 422 });
  expect(await call(appOn(undefined), '/api/tasks/one/follow')).toMatchObject({ status: 503 });
});

it('tells a later problem as the last event', async () => {
  const engine = fakeEngine(
    {},
    {
      async *news() {
        yield told(HAPPY.waiting);
        throw new PawlError('not_found', 'it is gone');
      },
    },
  );
  expect((await (await open(engine)).text()).trimEnd().split('\n\n')).toEqual([
    event(1, 'awaiting_gate'),
    'event: problem\ndata: {"error":{"code":"not_found","message":"it is gone"}}',
  ]);
});
