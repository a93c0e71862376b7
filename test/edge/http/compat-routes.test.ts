/** The dashboard's routes over HTTP: who may call them, and what is in their addresses. */
import { expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import type { HostReads } from '../../../src/domain/host-reads.ts';
import { SCOPES_OF, type Scope } from '../../../src/domain/scopes.ts';
import { COMPAT_ROUTES } from '../../../src/edge/http/compat-routes.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { HAPPY } from '../cli/states.ts';
import { fakeHost } from '../compat/dashboard/asked.ts';
import { rowOf } from '../compat/orchestrator/rows.ts';
import { appOn, CALLER_OF, call } from './call.ts';

const appWith = (scopes?: readonly Scope[], own: Partial<HostReads> = {}) => {
  const engine = fakeEngine({ one: [HAPPY.waiting, HAPPY.merged] });
  const callerOf = scopes === undefined ? CALLER_OF : async () => ({ name: 'some', scopes });
  return { engine, app: appOn(engine, callerOf, [], fakeHost(own)) };
};

it.each(COMPAT_ROUTES)('$method $path is for its scope alone, and for no attempt', async (route) => {
  const path = route.path.replace('{path}', 'a.txt');
  const request = { method: route.method, ...(route.method === 'POST' && { body: { unknown: 1 } }) };
  for (const scopes of [SCOPES_OF.read, SCOPES_OF.operate, SCOPES_OF.approve, ['agent']] as const) {
    const { app, engine } = appWith(scopes);
    const isFor = (scopes as readonly Scope[]).includes(route.scope);
    const { status } = await call(app, path, request);
    if (isFor) expect([200, 404, 412, 422]).toContain(status);
    else expect(status).toBe(403);
    if (!isFor) expect(engine.calls).toEqual([]);
  }
  const { app } = appWith();
  expect((await app.request(path, { ...request, body: null, headers: { host: 'localhost' } })).status).toBe(
    401,
  );
});

it.each([...COMPAT_ROUTES.filter(({ method }) => method === 'GET'), { path: '/api/export' }])(
  '$path takes no query that it does not know',
  async ({ path }) => {
    const { app } = appWith();
    expect(await call(app, `${path.replace('{path}', 'a')}?colour=red`)).toMatchObject({ status: 422 });
  },
);

it('keeps nothing under a key where it only reads', async () => {
  for (const path of ['/api/status', '/api/export'])
    expect(await call(appWith().app, path, { headers: { 'idempotency-key': 'k' } })).toMatchObject({
      status: 422,
      body: { error: { message: expect.stringContaining('Idempotency-Key') } },
    });
});

it('decides with a body', async () => {
  const { app, engine } = appWith();
  const body = { signal_id: 'one/approval-1', decision: 'approve' };
  expect(await call(app, '/api/decisions', { method: 'POST', body })).toMatchObject({
    status: 200,
    body: { status: 'success', id: 'one', gate: 'approval-1' },
  });
  expect(engine.calls).toMatchObject([{ name: 'approve', input: { id: 'one', via: 'http' } }]);
  expect(await call(app, '/api/decisions')).toMatchObject({ status: 200, body: { count: 0 } });
});

it.each([
  ['a.txt', 'a.txt'],
  ['src/deep/a%20b.txt', 'src/deep/a b.txt'],
  ['src%2Fa.txt', 'src/a.txt'],
  ['..%2f..%2ftoken', '../../token'],
  ['%2fetc%2fpasswd', '/etc/passwd'],
  ['src/..%2f..%2ftoken', 'src/../../token'],
  ['%252e%252e/token', '%2e%2e/token'],
  ['a%00b', 'a\0b'],
  ['src%0A/a%0D%0Ab.txt%0A', 'src\n/a\r\nb.txt\n'],
  ['a%E2%80%A8b', 'a\u2028b'],
])('hands on the path %s as %j, once decoded', async (given, path) => {
  const seen: string[] = [];
  const { app } = appWith(undefined, {
    workspaceFile: async (_, asked) => {
      seen.push(asked);
      throw new PawlError('forbidden', 'outside');
    },
  });
  expect(await call(app, `/api/workspace/files/${given}?task=one`)).toMatchObject({ status: 403 });
  expect(seen).toEqual([path]);
});

it('needs a token whatever is in an address, and sends none of it back as it would be shown', async () => {
  const { app } = appWith();
  for (const path of [
    'workspace/files/a%0Ab?task=one',
    'workspace/%0A',
    'tasks/a%0Ab',
    'tasks/one%0A/gone',
  ]) {
    const { status } = await app.request(`/api/${path}`, { headers: { host: 'localhost' } });
    expect({ path, status }).toEqual({ path, status: 401 });
  }
  expect(await call(app, '/api/gone/%E2%80%AEtxt%0A')).toMatchObject({
    status: 404,
    body: {
      error: {
        code: 'not_found',
        message: expect.stringContaining('there is no GET /api/gone/%E2%80%AEtxt%0A'),
      },
    },
  });
});

it('answers 400 for what is no text', async () => {
  const workspaceFile = async () => ({ bytes: 2, modifiedAt: '2026-01-02T03:04:05.000Z' });
  const { app } = appWith(undefined, { workspaceFile });
  expect(await call(app, '/api/workspace/files/logo.png?task=one')).toMatchObject({
    status: 400,
    body: { error: { code: 'no_text' } },
  });
});

it('exports all rows in parts', async () => {
  const rows = Array.from({ length: 1_000 }, (_, n) => rowOf(`task-${n}`));
  const { app } = appWith(undefined, { rows: async () => rows });
  const answer = await call(app, '/api/export');
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(Object(answer.body).tasks).toHaveLength(1_000);
});

it('is not there while the engine starts', async () => {
  expect(await call(appOn(undefined), '/api/status')).toMatchObject({ status: 503 });
});
