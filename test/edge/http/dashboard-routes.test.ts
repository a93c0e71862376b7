/** The way in over HTTP: without a token, for the code of a link, and for nothing else. */
import { expect, it } from 'vitest';
import type { OpenedTab } from '../../../src/domain/tabs.ts';
import { createHttpApp } from '../../../src/edge/http/app.ts';
import { Refusal } from '../../../src/edge/http/refusals.ts';
import { CALLER_OF, call, HEALTH, type Request } from './call.ts';

const OPENED: OpenedTab = {
  ...{ token: 'pawl_tab.once', name: 'ann', scope: 'read', scopes: ['read'] },
  expiresAt: '2026-01-01T12:00:00.000Z',
};
const given: string[] = [];
const app = createHttpApp({
  health: async () => HEALTH,
  host: '127.0.0.1',
  onBug: (error) => {
    throw error;
  },
  api: { engine: () => undefined, callerOf: CALLER_OF, version: '1.2.3' },
  dashboard: {
    async open(code) {
      given.push(code);
      if (code === 'known') return OPENED;
      throw new Refusal('unauthorized', 'no such code; run `pawl dashboard` for a new link');
    },
  },
});
const ask = (request: Request) =>
  call(app, '/api/dashboard/tokens', {
    method: 'POST',
    ...request,
    headers: { authorization: '', ...request.headers },
  });

it('gives the token of the tab, also while the engine starts, and lets nothing keep it', async () => {
  const answer = await ask({ body: { code: 'known' } });
  expect(answer).toMatchObject({ status: 200, body: OPENED });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('set-cookie')).toBeNull();
});

it('refuses a code that is none with 401', async () => {
  expect(await ask({ body: { code: 'other' } })).toMatchObject({
    status: 401,
    body: { error: { code: 'unauthorized', message: expect.stringContaining('run `pawl dashboard`') } },
  });
});

it.each<[string, number, Request]>([
  ['no body', 422, {}],
  ['no code', 422, { body: {} }],
  ['an empty code', 422, { body: { code: '' } }],
  ['a code that is no text', 422, { body: { code: 5 } }],
  ['a long code', 422, { body: { code: 'x'.repeat(201) } }],
  ['another field', 422, { body: { code: 'known', scope: 'approve' } }],
  ['a body that is too long', 413, { body: { code: 'x'.repeat(5_000) } }],
  ['a form of a page', 415, { body: 'code=known', headers: { 'content-type': 'text/plain' } }],
  [
    'a page of another origin',
    403,
    { body: { code: 'known' }, headers: { origin: 'http://localhost:3000' } },
  ],
  ['a name that was made to point here', 422, { body: { code: 'known' }, headers: { host: 'evil.example' } }],
])('refuses %s before it looks at any code', async (_, status, request) => {
  given.length = 0;
  expect(await ask(request)).toMatchObject({ status });
  expect(given).toEqual([]);
});

it('is the only one that needs no token', async () => {
  for (const [method, path] of [
    ['POST', '/api/dashboard/codes'],
    ['GET', '/api/dashboard/tokens'],
    ['POST', '/api/dashboard/tokens/more'],
  ])
    expect((await call(app, `${path}`, { method: `${method}`, headers: { authorization: '' } })).status).toBe(
      401,
    );
});
