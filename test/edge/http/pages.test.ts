/** The files of the live page: what is answered without a token, under which policy, and what is not. */
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { PAGE_PATHS } from '../../../src/domain/page-paths.ts';
import { createHttpApp } from '../../../src/edge/http/app.ts';
import type { PageFile } from '../../../src/edge/http/pages.ts';
import { CALLER_OF, HEALTH } from './call.ts';

const HTML = '<!doctype html><title>Pawl</title>';
const SCRIPT = 'console.log(1)'.repeat(100);
const file = (path: string, text: string): PageFile => ({ path, content: Buffer.from(text) });
const FILES = [file('index.html', HTML), file('assets/index-x1.js', SCRIPT), file('secret.txt', 'no')];

const appWith = (pages: () => Promise<readonly PageFile[]>) =>
  createHttpApp({
    health: async () => HEALTH,
    host: '127.0.0.1',
    onBug: () => undefined,
    api: { engine: () => undefined, callerOf: CALLER_OF, version: '1.2.3' },
    pages,
  });
const app = appWith(async () => FILES);
const ask = async (path: string, headers: Record<string, string> = {}) =>
  app.request(`http://127.0.0.1${path}`, { headers: { host: '127.0.0.1', ...headers } });

it.each(Object.values(PAGE_PATHS))(
  'answers the page at %s, which runs nothing but its own files',
  async (path) => {
    const answer = await ask(path.replace(':id', 'fix-login-7f3k'));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(HTML);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|http/);
  },
);

it('answers files that are named after their content for ever, small where the browser can unpack', async () => {
  const answer = await ask('/assets/index-x1.js', { 'accept-encoding': 'gzip, br' });
  expect(answer.headers.get('content-encoding')).toBe('gzip');
  expect(answer.headers.get('cache-control')).toContain('immutable');
  const zipped = Buffer.from(await answer.arrayBuffer());
  expect(zipped.length).toBeLessThan(SCRIPT.length / 4);
  expect(gunzipSync(zipped).toString()).toBe(SCRIPT);
});

it('sends nothing again that the browser has', async () => {
  const etag = (await ask('/')).headers.get('etag') ?? expect.fail('no etag');
  const again = await ask('/', { 'if-none-match': etag });
  expect([again.status, await again.text()]).toEqual([304, '']);
  expect((await ask('/', { 'if-none-match': '"other"' })).status).toBe(200);
});

it.each([
  '/secret.txt',
  '/assets/..%2fsecret.txt',
  '/assets/%2e%2e/secret.txt',
  '/assets/none.js',
  '/no-page',
])('answers nothing of the kind at %s', async (path) => {
  const answer = await ask(path);
  expect(answer.status).toBe(401);
  expect(await answer.text()).not.toContain('no\n');
});

it.each(['/no-page', '/board/', '/tasks/%E0%A4%A'])(
  'tells a browser by the page that nothing is at %s',
  async (path) => {
    const answer = await ask(path, { 'sec-fetch-mode': 'navigate' });
    expect([answer.status, await answer.text()]).toEqual([200, HTML]);
  },
);

it.each(['/api/tasks', '/mcp', '/ws', '/openapi.json', '/assets/none.js'])(
  'answers %s to a browser as to everybody',
  async (path) => {
    expect(await (await ask(path, { 'sec-fetch-mode': 'navigate' })).text()).not.toBe(HTML);
  },
);

it('is refused by another name of the host, as everything is', async () => {
  expect((await ask('/', { host: 'evil.example' })).status).toBe(422);
});

it('is read again by the next who asks, where reading failed', async () => {
  let times = 0;
  const failing = appWith(async () => {
    times += 1;
    if (times === 1) throw new Error('no compiler');
    return FILES;
  });
  const get = () => failing.request('http://127.0.0.1/', { headers: { host: '127.0.0.1' } });
  expect((await get()).status).toBe(500);
  expect((await get()).status).toBe(200);
  await get();
  expect(times).toBe(2);
});
