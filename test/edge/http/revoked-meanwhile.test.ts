/** A token that is revoked while its request is on the way, or while its holder reads along: what comes then is refused. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { localCaller } from '../../../src/domain/scopes.ts';
import type { CallerOf } from '../../../src/edge/http/authentication.ts';
import { createMcpHttp } from '../../../src/edge/mcp/http.ts';
import { fakeEngine, told } from '../cli/fake-engine.ts';
import { HAPPY } from '../cli/states.ts';
import { keeping } from '../kept-in-memory.ts';
import { changes, deps } from '../mcp/deps.ts';
import { appOn, TOKEN } from './call.ts';

afterEach(() => void vi.useRealTimers());

/** A token until it is revoked. */
function token() {
  const state = { isRevoked: false };
  const callerOf: CallerOf = async () =>
    state.isRevoked ? { problem: 'it was revoked' } : localCaller('ann');
  return { state, callerOf };
}

/** A request whose body comes in two parts; between them `meanwhile` happens. */
function slowly(url: string, body: object, meanwhile: () => void): Request {
  const [first, last] = [JSON.stringify(body).slice(0, 9), JSON.stringify(body).slice(9)];
  const parts = new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode(first));
      await sleep(20);
      meanwhile();
      controller.enqueue(new TextEncoder().encode(last));
      controller.close();
    },
  });
  return new Request(url, {
    method: 'POST',
    headers: {
      host: 'localhost',
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: parts,
    duplex: 'half',
  } as RequestInit);
}

it('an operation is not begun', async () => {
  const { state, callerOf } = token();
  const engine = fakeEngine({ one: [HAPPY.waiting] });
  const request = slowly('http://localhost/api/tasks/one/approve', {}, () => {
    state.isRevoked = true;
  });
  const answer = await appOn(engine, callerOf).fetch(request);
  expect({ status: answer.status, changes: changes(engine) }).toEqual({ status: 401, changes: [] });
});

it('a tool of /mcp changes nothing', async () => {
  const { state, callerOf } = token();
  const engine = fakeEngine({ one: [HAPPY.working] });
  const mcp = createMcpHttp({
    ...deps(),
    onBug: (error) => {
      throw error;
    },
    engine: () => keeping(engine),
    callerOf,
    host: '127.0.0.1',
  });
  const call = {
    ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
    params: { name: 'update', arguments: { id: 'one', note: 'late' } },
  };
  const request = slowly('http://localhost/mcp', call, () => {
    state.isRevoked = true;
  });
  const text = await (await mcp.fetch(request)).text();
  expect({ text, changes: changes(engine) }).toEqual({
    text: expect.stringContaining('it was revoked'),
    changes: [],
  });
  await mcp.close();
});

it('a reader is dismissed with the next keep-alive', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { state, callerOf } = token();
  const engine = fakeEngine(
    {},
    {
      async *news(_, signal) {
        yield told(HAPPY.waiting);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    },
  );
  const answer = await appOn(engine, callerOf).request('http://localhost/api/tasks/one/follow', {
    headers: { host: 'localhost', authorization: `Bearer ${TOKEN}` },
  });
  const text = answer.text();
  await vi.advanceTimersByTimeAsync(16_000);
  state.isRevoked = true;
  await vi.advanceTimersByTimeAsync(15_000);
  expect((await text).trimEnd().split('\n\n')).toEqual([
    expect.stringMatching(/^event: state/),
    ': heartbeat',
    expect.stringMatching(/^event: problem\ndata: .*unauthorized.*it was revoked/),
  ]);
});
