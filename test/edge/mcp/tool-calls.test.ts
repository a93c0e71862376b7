/** Tools that an adapter hands on to the engine: who may call them, what is no call, and that an answer is that of /mcp. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import { SCOPES_OF, type Scope } from '../../../src/domain/scopes.ts';
import { createHttpApp } from '../../../src/edge/http/app.ts';
import { callToolBy } from '../../../src/edge/mcp/far-tools.ts';
import { createToolCalls } from '../../../src/edge/mcp/tool-calls.ts';
import { toolPath } from '../../../src/edge/mcp/tool-request.ts';
import { type FakeEngine, fakeEngine } from '../cli/fake-engine.ts';
import { HAPPY } from '../cli/states.ts';
import { keeping } from '../kept-in-memory.ts';
import { CORE, changes } from './deps.ts';

const TOKENS = new Map<string, readonly Scope[]>([
  ['reader', SCOPES_OF.read],
  ['operator', SCOPES_OF.operate],
  ['approver', SCOPES_OF.approve],
]);

function appOn(engine: FakeEngine, isUp = true): Hono {
  const onBug = (error: Error) => {
    throw error;
  };
  const kept = keeping(engine);
  const call = createToolCalls({
    onBug,
    engine: () => (isUp ? kept : undefined),
    callerOf: async (token) => {
      const scopes = TOKENS.get(token);
      return scopes === undefined ? { problem: 'it was revoked' } : { name: token, scopes };
    },
  });
  const notAsked = () => Promise.reject(new Error('not asked'));
  const mcp = { call, fetch: notAsked, caller: notAsked };
  return createHttpApp({
    health: () => Promise.reject(new Error('not asked')),
    host: '127.0.0.1',
    onBug,
    mcp,
  });
}

const SPEAKING = { directory: '/home/ann/shop', session: 'session-of-the-adapter' };
const headersOf = (token: string) => ({
  host: 'localhost',
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
});
interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what is answered is what the tests look at
  readonly body: any;
}
async function post(app: Hono, name: string, init: RequestInit): Promise<Answered> {
  const answer = await app.request(`http://localhost${toolPath(name)}`, { method: 'POST', ...init });
  return { status: answer.status, body: await answer.json() };
}
const call = (app: Hono, name: string, input: unknown, token = 'operator') =>
  post(app, name, { headers: headersOf(token), body: JSON.stringify({ ...SPEAKING, input }) });

const DEEP = `${'['.repeat(99)}${']'.repeat(99)}`;
const update = { id: 'one', note: 'begun' };

describe('a request that calls nothing', () => {
  const asked = { ...SPEAKING, input: update };
  const body = JSON.stringify(asked);
  interface Sent {
    readonly name?: string;
    readonly token?: string;
    readonly headers?: Record<string, string>;
    /** In place of what is asked. */
    readonly body?: string;
    /** In place of fields of it. */
    readonly fields?: object;
  }
  it.each<readonly [what: string, status: number, code: string, sent: Sent]>([
    ['without a token', 401, 'unauthorized', { headers: { authorization: '' } }],
    ['with a token of nobody', 401, 'unauthorized', { token: 'other' }],
    ['with a token for reading', 403, 'forbidden', { token: 'reader' }],
    ['with one for operating, to decide', 403, 'forbidden', { name: 'decide' }],
    ['from the page of another site', 403, 'forbidden', { headers: { origin: 'http://evil.example' } }],
    ['by a name that was made to point here', 422, 'invalid_input', { headers: { host: 'evil.example' } }],
    ['to a tool that there is not', 404, 'not_found', { name: 'guess' }],
    ['to a property of every object', 404, 'not_found', { name: '__proto__' }],
    ['without a body', 422, 'invalid_input', { body: '' }],
    ['with a body that is no JSON', 422, 'invalid_input', { body: '{' }],
    ['with a list as body', 422, 'invalid_input', { body: '[]' }],
    ['that is compressed', 415, 'unsupported_media_type', { headers: { 'content-encoding': 'gzip' } }],
    ['of another kind', 415, 'unsupported_media_type', { headers: { 'content-type': 'text/plain' } }],
    ['without a directory', 422, 'invalid_input', { fields: { directory: undefined } }],
    ['with a relative directory', 422, 'invalid_input', { fields: { directory: 'shop' } }],
    ['without a session', 422, 'invalid_input', { fields: { session: undefined } }],
    ['with a session that no header could carry', 422, 'invalid_input', { fields: { session: 'a\nb' } }],
    ['without what the tool takes', 422, 'invalid_input', { fields: { input: undefined } }],
    ['with a field that nobody knows', 422, 'invalid_input', { fields: { more: 1 } }],
    ['with half a character', 422, 'invalid_input', { fields: { directory: '/\ud800' } }],
    ['with values nested too deeply', 422, 'invalid_input', { body: body.replace('"begun"', DEEP) }],
  ])('%s', async (_, status, code, { name = 'update', token = 'operator', headers, ...sent }) => {
    const engine = fakeEngine({ one: [HAPPY.working] });
    const answer = await post(appOn(engine), name, {
      headers: { ...headersOf(token), ...headers },
      body: sent.body ?? JSON.stringify({ ...asked, ...sent.fields }),
    });
    expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status, code });
    expect(engine.calls).toEqual([]);
  });

  it('while the engine starts', async () => {
    const answer = await call(appOn(fakeEngine(), false), 'update', update);
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
  });

  it('whose token was revoked while its body came', async () => {
    const engine = fakeEngine({ one: [HAPPY.working] });
    const text = JSON.stringify({ ...SPEAKING, input: update });
    TOKENS.set('fleeting', SCOPES_OF.operate);
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode(text.slice(0, 9)));
        await sleep(20);
        TOKENS.delete('fleeting');
        controller.enqueue(new TextEncoder().encode(text.slice(9)));
        controller.close();
      },
    });
    const init: RequestInit & { duplex: 'half' } = { headers: headersOf('fleeting'), body, duplex: 'half' };
    expect(await post(appOn(engine), 'update', init)).toMatchObject({ status: 401 });
    expect(engine.calls).toEqual([]);
  });
});

it.each(['reader', 'operator', 'approver'])(
  'each tool asks of the token %s what /mcp asks',
  async (token) => {
    for (const { name, scope, hints } of CORE) {
      const { status, body } = await call(appOn(fakeEngine()), name, { nothing: 'of it' }, token);
      const needed = scope ?? (hints.readOnly ? 'read' : 'operate');
      const mayCall = TOKENS.get(token)?.includes(needed);
      expect([name, status, body.error?.code ?? body.structuredContent.code]).toEqual(
        mayCall ? [name, 200, 'invalid_input'] : [name, 403, 'forbidden'],
      );
    }
  },
);

it('what the tool refuses is its answer, and nothing was changed', async () => {
  const engine = fakeEngine({ one: [HAPPY.working] });
  const app = appOn(engine);
  expect(await call(app, 'update', { ...update, id: 'other' })).toMatchObject({
    status: 200,
    body: { isError: true, structuredContent: { code: 'not_found' } },
  });
  for (const input of [null, 'text', [], { ...update, more: 1 }])
    expect(await call(app, 'update', input)).toMatchObject({
      status: 200,
      body: { isError: true, structuredContent: { code: 'invalid_input' } },
    });
  expect(changes(engine).map(({ input }) => input)).toMatchObject([{ id: 'other' }]);
});

it('a call under a key is made once for its token and session', async () => {
  const engine = fakeEngine({ one: [HAPPY.working] });
  const app = appOn(engine);
  const keyed = { ...update, idempotency_key: 'k' };
  const first = await call(app, 'update', keyed);
  expect(first).toMatchObject({ status: 200, body: { structuredContent: { id: 'one' } } });
  expect(await call(app, 'update', keyed)).toEqual(first);
  expect(changes(engine)).toHaveLength(1);
  expect(await call(app, 'update', { ...keyed, note: 'other' })).toMatchObject({
    body: { structuredContent: { code: 'conflict' } },
  });
  await call(app, 'update', keyed, 'approver');
  const body = JSON.stringify({ ...SPEAKING, session: 'another', input: keyed });
  await post(app, 'update', { headers: headersOf('operator'), body });
  expect(changes(engine)).toHaveLength(3);
});

describe('the adapter', () => {
  const { signal } = new AbortController();
  const asked = { name: 'update', input: { ...update, idempotency_key: 'k' }, ...SPEAKING, signal };

  it('hands a call on and gets the answer of the tool', async () => {
    const app = appOn(fakeEngine({ one: [HAPPY.working] }));
    const callTool = callToolBy(async ({ path, method, body = '' }) =>
      (await app.request(`http://localhost${path}`, { method, headers: headersOf('operator'), body })).text(),
    );
    expect(await callTool(asked)).toEqual((await call(app, 'update', asked.input)).body);
  });

  it.each<readonly [what: string, ask: () => Promise<string>]>([
    [
      'has no such tool',
      () => Promise.reject(new PawlError('not_found', 'there is no POST /mcp/tools/update')),
    ],
    ['answers no JSON', async () => '<html>'],
    ['answers another form', async () => '{"content":"done"}'],
  ])('says so where the engine %s', async (_, ask) => {
    await expect(callToolBy(ask)(asked)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('is the engine of this version?'),
    });
  });
});
