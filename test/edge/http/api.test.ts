/** The operations over HTTP: where their input comes from, and what is refused before any of them is reached. */
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import type { Scope } from '../../../src/domain/scopes.ts';
import { createHttpApp } from '../../../src/edge/http/app.ts';
import { lesserToken } from '../../../src/edge/http/authentication.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { HAPPY } from '../cli/states.ts';
import { appOn, CALLER_OF, call, HEALTH, type Request, TOKEN } from './call.ts';

const task = { id: 'one', title: 'The first' };
const start = () => {
  const engine = fakeEngine({ one: [HAPPY.waiting, HAPPY.merged] });
  return { engine, app: appOn(engine) };
};

it('takes the input of a row from where its method says', async () => {
  const { engine, app } = start();
  await call(app, '/api/tasks', { method: 'POST', body: { ...task, context: { deep: [1, { a: null }] } } });
  await call(app, '/api/tasks/one/logs?attempt=2&offset=10');
  await call(app, '/api/tasks?status=pending&status=blocked&limit=3&repository=%2Fa%20b');
  await call(app, '/api/tasks/one', { method: 'PATCH', body: { progress: 0.5, note: 'half' } });
  await call(app, '/api/tasks/one/cancel', { method: 'POST' });
  expect(engine.calls).toMatchObject([
    { name: 'create', input: { ...task, description: '', context: { deep: [1, { a: null }] } } },
    { name: 'logs', input: { id: 'one', attempt: 2, offset: 10 } },
    { name: 'list', input: { status: ['pending', 'blocked'], limit: 3, repository: '/a b' } },
    { name: 'update', input: { id: 'one', progress: 0.5, note: 'half' } },
    { name: 'cancel', input: { id: 'one' } },
  ]);
});

it('answers what the operation answers, never from a cache', async () => {
  const { app } = start();
  const answer = await call(app, '/api/tasks/one');
  expect(answer).toMatchObject({ status: 200, body: { id: 'one', status: 'awaiting_gate' } });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await call(app, '/api/tasks/none')).toMatchObject({
    status: 404,
    body: { error: { code: 'not_found', message: expect.stringContaining('none') } },
  });
});

it('notes that a decision came over HTTP, unless the caller says from where', async () => {
  const { engine, app } = start();
  const path = '/api/tasks/one/approve';
  await call(app, path, { method: 'POST' });
  await call(app, path, { method: 'POST', body: { via: 'mcp' } });
  expect(engine.calls.map(({ input }) => input)).toEqual([
    { id: 'one', gate: 'approval', via: 'http' },
    { id: 'one', gate: 'approval', via: 'mcp' },
  ]);
});

const post = (body: unknown, headers: Request['headers'] = {}): Request => ({
  method: 'POST',
  body,
  headers,
});
const deep = `{"id":"one","title":"t","context":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
const latin = new Uint8Array([...Buffer.from('{"id":"one","title":"'), 0xe9, ...Buffer.from('"}')]);

it.each<[string, string, Request, number, string]>([
  ['an unknown field', '/api/tasks', post({ ...task, titel: 'x' }), 422, 'titel'],
  ['a wrong value', '/api/tasks', post({ ...task, title: 7 }), 422, 'title'],
  ['no body where one is needed', '/api/tasks', { method: 'POST' }, 422, 'id'],
  ['a body that is no object', '/api/tasks', post([task]), 422, 'object'],
  ['a body that is no JSON', '/api/tasks', post('{"id":"one",'), 422, 'JSON'],
  ['a body that is no UTF-8', '/api/tasks', post(latin), 422, 'UTF-8'],
  ['a key __proto__', '/api/tasks', post(`{"id":"one","title":"t","__proto__":{"a":1}}`), 422, '__proto__'],
  [
    'one below',
    '/api/tasks',
    post(`{"id":"one","title":"t","context":{"a":[{"__proto__":1}]}}`),
    422,
    '__proto__',
  ],
  ['values too deep', '/api/tasks', post(deep), 422, 'inside'],
  [
    'a form',
    '/api/tasks',
    post('id=one', { 'content-type': 'application/x-www-form-urlencoded' }),
    415,
    'Type',
  ],
  [
    'a text that is JSON',
    '/api/tasks',
    post(task, { 'content-type': 'text/plain' }),
    415,
    'application/json',
  ],
  ['a body of 300 KB', '/api/tasks', post({ ...task, description: 'x'.repeat(300_000) }), 413, '262144'],
  ['a run of 10 MB', '/api/runs', post({ requirement: 'x'.repeat(10_000_000) }), 413, '9437184'],
  ['an id twice', '/api/tasks/one', { method: 'PATCH', body: { id: 'two', note: 'n' } }, 422, 'path'],
  ['a query on a body', '/api/tasks?limit=1', post(task), 422, 'limit'],
  ['an unknown key', '/api/tasks?limits=1', {}, 422, 'limits'],
  ['a key __proto__ in the query', '/api/tasks?__proto__=1', {}, 422, '__proto__'],
  ['an id in path and query', '/api/tasks/one/logs?id=two', {}, 422, 'id'],
  ['a number that is none', '/api/tasks?limit=0x10', {}, 422, 'limit'],
  ['a number with a blank', '/api/tasks?limit=%201', {}, 422, 'limit'],
  ['no number', '/api/tasks?limit=', {}, 422, 'limit'],
  ['a fraction', '/api/tasks?limit=1.5', {}, 422, 'limit'],
  ['a negative limit', '/api/tasks?limit=-1', {}, 422, 'limit'],
  ['a single value twice', '/api/tasks?limit=1&limit=2', {}, 422, 'limit'],
  ['a wrong word', '/api/tasks?status=pending&status=done', {}, 422, 'status.1'],
  ['an id that is none', '/api/tasks/..%2F..%2Fetc', {}, 422, 'id'],
  ['an id that is no URL', '/api/tasks/%zz', {}, 422, 'id'],
  ['an unknown path', '/api/taskz', {}, 404, '/api/taskz'],
  ['an unknown method', '/api/tasks/one', { method: 'PUT', body: {} }, 404, 'PUT'],
])('refuses %s: %s', async (_, path, request, status, word) => {
  const { engine, app } = start();
  const answer = await call(app, path, request);
  expect(answer).toMatchObject({ status, body: { error: { message: expect.any(String) } } });
  expect(answer.text).toContain(word);
  expect(answer.text).not.toMatch(/ at .*\.ts|internal/);
  expect(engine.calls).toEqual([]);
});

it.each([
  undefined,
  'Bearer',
  'Bearer ',
  `Basic ${TOKEN}`,
  TOKEN,
  `Bearer ${TOKEN}x`,
  'Bearer x',
  `Bearer ${TOKEN} x`,
])('asks for the token: %s', async (authorization) => {
  const { engine, app } = start();
  for (const path of ['/api/tasks', '/api/tasks/one/follow', '/openapi.json', '/nothing']) {
    const answer = await app.request(path, {
      headers: { host: 'localhost', ...(authorization === undefined ? {} : { authorization }) },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="pawl"/);
    const message = expect.stringMatching(/the PAWL_TOKEN that the engine was started with, else /);
    expect(await answer.json()).toMatchObject({ error: { code: 'unauthorized', message } });
  }
  expect(engine.calls).toEqual([]);
  expect((await app.request('/api/health', { headers: { host: 'localhost' } })).status).toBe(200);
});

it('lets a token do what its scopes allow', async () => {
  const engine = fakeEngine({ one: [HAPPY.waiting, HAPPY.merged] });
  const narrow = (scopes: readonly Scope[]) => appOn(engine, async () => ({ name: 'some', scopes }));
  expect((await call(narrow(['read']), '/api/tasks/one')).status).toBe(200);
  expect(await call(narrow(['operate']), '/api/tasks/one')).toMatchObject({
    status: 403,
    body: { error: { code: 'forbidden', message: expect.stringContaining('read') } },
  });
  const approval = post({ by: 'ann' });
  expect((await call(narrow(['read', 'operate']), '/api/tasks/one/approve', approval)).status).toBe(403);
  expect((await call(narrow(['approve']), '/api/tasks/one/approve', approval)).status).toBe(200);
  expect(engine.calls.map(({ name }) => name)).toEqual(['show', 'approve']);
});

it.each([
  ['http://localhost', 200],
  ['https://localhost', 200],
  ['http://localhost:8100', 403],
  ['http://127.0.0.1', 403],
  ['http://evil.example', 403],
  ['null', 403],
  ['', 403],
])('answers the origin %s with %i', async (origin, status) => {
  const { app } = start();
  const answer = await call(app, '/api/tasks', { headers: { origin } });
  expect(answer.status).toBe(status);
  expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
});

it('is not available while the engine starts, but already asks for the token', async () => {
  const app = appOn(undefined);
  expect(await call(app, '/api/tasks')).toMatchObject({
    status: 503,
    body: { error: { code: 'unavailable', message: expect.stringContaining('starting') } },
  });
  expect((await app.request('/api/tasks', { headers: { host: 'localhost' } })).status).toBe(401);
});

describe('a token that may do less', () => {
  const ask = async (token: string, path: string, request: Request = {}) => {
    const { engine, app } = start();
    const answer = await call(app, path, { ...request, headers: { authorization: `Bearer ${token}` } });
    return [answer.status, engine.calls.length];
  };
  const create = post({ id: 'one', title: 'One' });
  const approve = post({ by: 'ann' });

  it.each([
    ['read', 200, 403],
    ['operate', 200, 200],
  ] as const)('to %s: never decides', async (name, reads, creates) => {
    const token = lesserToken(TOKEN, name);
    expect(await ask(token, '/api/tasks')).toEqual([reads, 1]);
    expect(await ask(token, '/api/tasks', create)).toEqual([creates, creates === 200 ? 1 : 0]);
    expect(await ask(token, '/api/tasks/one/approve', approve)).toEqual([403, 0]);
    expect(await ask(lesserToken(`${TOKEN}2`, name), '/api/tasks')).toEqual([401, 0]);
  });

  it('is another one for each, and none of them is the own', () => {
    const all = [TOKEN, lesserToken(TOKEN, 'read'), lesserToken(TOKEN, 'operate')];
    expect(new Set(all).size).toBe(3);
    expect(all.join(' ').split(TOKEN)).toHaveLength(2);
  });
});

it('hands on what an operation says of a problem', async () => {
  const conflict = new PawlError('conflict', 'another body', { details: { differs: ['title'] } });
  const app = appOn(fakeEngine({}, { create: () => Promise.reject(conflict) }));
  expect(await call(app, '/api/tasks', post(task))).toMatchObject({
    status: 409,
    body: { error: { code: 'conflict', message: 'another body', details: { differs: ['title'] } } },
  });
});

it('takes a client that leaves in the middle of its body for no bug of its own', async () => {
  const { engine, app } = start();
  const body = new ReadableStream({
    start(stream) {
      stream.enqueue(Buffer.from('{"id":"one",'));
      stream.error(new Error('ECONNRESET'));
    },
  });
  const headers = { host: 'localhost', authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const answer = await app.request('/api/tasks', {
    method: 'POST',
    body,
    headers,
    duplex: 'half',
  } as RequestInit);
  expect(answer.status).toBe(422);
  expect(engine.calls).toEqual([]);
});

it('says no more of a bug than that there is one', async () => {
  const bugs: Error[] = [];
  const broken = () => Promise.reject(new Error('the secret'));
  const app = createHttpApp({
    health: async () => HEALTH,
    host: '127.0.0.1',
    onBug: (error) => bugs.push(error),
    api: { engine: () => fakeEngine({}, { show: broken }), callerOf: CALLER_OF, version: '1.2.3' },
  });
  const answer = await call(app, '/api/tasks/one');
  expect(answer).toMatchObject({ status: 500, body: { error: { code: 'internal' } } });
  expect(answer.text).not.toContain('secret');
  expect(bugs).toHaveLength(1);
});
