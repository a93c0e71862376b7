/** What goes along with answers: the id of the request, compression, and tags of what seldom changes. */
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createHttpApp } from '../../../src/edge/http/app.ts';
import { bugText } from '../../../src/edge/http/bug-text.ts';
import { hasTag, takesGzip } from '../../../src/edge/http/json-answer.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { HAPPY } from '../cli/states.ts';
import { appOn, CALLER_OF, call, HEALTH, TOKEN } from './call.ts';

const app = (own: Parameters<typeof fakeEngine>[1] = {}) =>
  appOn(fakeEngine({ one: [HAPPY.waiting, HAPPY.merged] }, own));
const headers = { host: 'localhost', authorization: `Bearer ${TOKEN}` };

describe('X-Request-Id', () => {
  it.each(['/api/health', '/api/tasks/one', '/api/tasks/none', '/nothing', '/api/tasks?x=1'])(
    'is on the answer of %s, taken over from the request',
    async (path) => {
      for (const id of ['abc-123_=', 'x'.repeat(128)]) {
        const answer = await call(app(), path, { headers: { 'x-request-id': id } });
        expect(answer.headers.get('x-request-id')).toBe(id);
      }
    },
  );

  it.each([undefined, '', 'x'.repeat(129), 'a b', '<script>', 'ä'])('is another one for %j', async (id) => {
    const given = id === undefined ? {} : { 'x-request-id': id };
    const answer = await call(app(), '/api/health', { headers: given });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is on what is refused, and on what MCP answers', async () => {
    const answer = await app().request('/api/tasks', { headers: { host: 'localhost' } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('x-request-id')).toMatch(/./);
    const nobody = { name: 'nobody', scopes: [] };
    const mcp = { fetch: async () => new Response('{}'), call: async () => ({}), caller: async () => nobody };
    const served = createHttpApp({ health: async () => HEALTH, host: '127.0.0.1', onBug() {}, mcp });
    const told = await served.request('/mcp', { headers: { host: 'localhost', 'x-request-id': 'r1' } });
    expect(told.headers.get('x-request-id')).toBe('r1');
  });

  it('names the request in what the engine’s log says of a bug', async () => {
    const bugs: string[] = [];
    const broken = createHttpApp({
      health: async () => HEALTH,
      host: '127.0.0.1',
      onBug: (error) => bugs.push(bugText(error)),
      api: {
        engine: () => fakeEngine({}, { show: () => Promise.reject(new Error('broken')) }),
        ...{ callerOf: CALLER_OF, version: '1.2.3' },
      },
    });
    expect(await call(broken, '/api/tasks/one', { headers: { 'x-request-id': 'r2' } })).toMatchObject({
      status: 500,
    });
    expect(bugs).toEqual([expect.stringMatching(/^bug: request r2: Error: broken/)]);
  });
});

describe('compression', () => {
  const long = { diff: async () => ({ id: HAPPY.waiting.id, commit: 'c', patch: 'x'.repeat(20_000) }) };
  const ask = (path: string, encoding?: string) =>
    app(long).request(path, {
      headers: { ...headers, ...(encoding !== undefined && { 'accept-encoding': encoding }) },
    });

  it('is for long answers to who takes it', async () => {
    const answer = await ask('/api/tasks/one/diff', 'deflate, gzip;q=0.8');
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('vary')).toBe('Accept-Encoding');
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.length).toBeLessThan(1_000);
    expect(JSON.parse(gunzipSync(bytes).toString())).toMatchObject({ patch: 'x'.repeat(20_000) });
  });

  it.each([
    ['/api/tasks/one/diff', undefined],
    ['/api/tasks/one/diff', 'gzip;q=0'],
    ['/api/tasks/one', 'gzip'],
    ['/api/tasks/one/follow', 'gzip'],
  ])('is not for %s with %s', async (path, encoding) => {
    const answer = await ask(path, encoding);
    expect(answer.headers.get('content-encoding')).toBeNull();
    await answer.body?.cancel();
  });

  it.each([
    ['gzip', true],
    ['br, GZIP ;q=0.5', true],
    ['*', true],
    ['gzip;q=0', false],
    ['gzip; q=0.000', false],
    ['identity', false],
    ['xgzip', false],
    [undefined, false],
  ])('reads %j as %s', (header, takes) => expect(takesGzip(header)).toBe(takes));
});

describe('ETag', () => {
  it('keeps a diff that the client has from being sent again', async () => {
    const first = await call(app(), '/api/tasks/one/diff');
    const tag = first.headers.get('etag') ?? expect.fail('there is none');
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const again = await call(app(), '/api/tasks/one/diff', { headers: { 'if-none-match': `"x", ${tag}` } });
    expect(again).toMatchObject({ status: 304, text: '' });
    expect(again.headers.get('etag')).toBe(tag);
    const other = await call(app(), '/api/tasks/one/diff', { headers: { 'if-none-match': '"x"' } });
    expect(other.status).toBe(200);
    expect((await call(app(), '/api/tasks/one')).headers.get('etag')).toBeNull();
  });

  it.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['"b"', false],
    [undefined, false],
  ])('%j is it: %s', (header, has) => expect(hasTag(header, '"a"')).toBe(has));
});
