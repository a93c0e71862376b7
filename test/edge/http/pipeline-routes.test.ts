/**
 * Every route that clients of a requirement pipeline know, and those that its guide names besides: each is answered, or says in
 * words what is done instead. None is left to chance.
 */
import { expect, it } from 'vitest';
import { fakeEngine } from '../cli/fake-engine.ts';
import { HAPPY } from '../cli/states.ts';
import { fakeHost } from '../compat/dashboard/asked.ts';
import { appOn, CALLER_OF, call } from './call.ts';

const file = { bytes: 6, text: 'hello\n', modifiedAt: '2026-01-02T03:04:05.000Z' };
const engineNow = () => fakeEngine({ one: [HAPPY.waiting, HAPPY.merged], new: [HAPPY.pending] });
const appNow = (engine = engineNow()) =>
  appOn(engine, CALLER_OF, [], fakeHost({ workspaceFile: async () => file }));

it.each([
  ['/api/health', { status: 'ok' }],
  ['/api/status', { project_id: expect.any(String), tasks: { total: 0 }, pending_decisions: 0 }],
  ['/api/tasks', { tasks: expect.any(Array) }],
  ['/api/tasks?status=completed', { tasks: expect.any(Array) }],
  ['/api/tasks/one', { id: 'one' }],
  ['/api/agents', { agents: [] }],
  ['/api/signals', { signals: expect.any(Array) }],
  ['/api/signals?type=quality_issue', { signals: [], count: 0 }],
  ['/api/metrics', { metrics: expect.any(Object) }],
  ['/api/export', { export_metadata: expect.any(Object), tasks: [] }],
  ['/api/archive', { archives: [] }],
  ['/api/settings', { settings: [] }],
  ['/api/workspace/files?task=one', { files: expect.any(Array) }],
  ['/api/workspace/files/src/a.txt?task=one', { path: 'src/a.txt', content: 'hello\n' }],
])('GET %s is answered', async (path, body) => {
  expect(await call(appNow(), path)).toMatchObject({ status: 200, body });
});

it.each([
  [
    '/api/requirements',
    { content: 'Fix it', priority: 5, context: { repository: '/home/ann/shop' } },
    { status: 'accepted', requirement_id: expect.any(String) },
  ],
  ['/api/decisions', { signal_id: 'one/approval-1', decision: 'approve' }, { status: 'success' }],
])('POST %s is answered', async (path, body, answer) => {
  expect(await call(appNow(), path, { method: 'POST', body })).toMatchObject({ status: 200, body: answer });
});

it.each<[string, string, object | undefined, number, RegExp]>([
  ['POST', '/api/requirements', { requirement: 'test', priority: 1 }, 422, /context\.repository: expected/],
  ['POST', '/api/decisions', { signal_id: 'sig_1', decision: 'approve' }, 404, /GET \/api\/decisions lists/],
  ['POST', '/api/settings', { openai_key: 'sk-1' }, 412, /OPENAI_API_KEY in \.env/],
  ['POST', '/api/project/reset', undefined, 412, /nothing was reset: .*pawl cancel ID.*pawl archive ID/],
  ['POST', '/api/project/reset', {}, 412, /nothing was reset/],
  ['POST', '/api/workspace/run/src/app.py', undefined, 412, /nothing was run: .*checks.*pawl shell TASK/],
  ['POST', '/api/workspace/run/..%2f..%2fx', { task: 'one' }, 412, /nothing was run/],
  ['GET', '/api/tasks?status=review', undefined, 422, /status/],
  ['GET', '/api/workspace/files', undefined, 422, /task/],
  ['GET', '/api/tasks/nobody', undefined, 404, /nobody/],
  ['GET', '/api/system/status', undefined, 404, /there is no GET \/api\/system\/status: .*\/openapi\.json/],
  ['POST', '/api/archive/restore', {}, 404, /there is no POST \/api\/archive\/restore: .*\/openapi\.json/],
  ['GET', '/styles.css', undefined, 404, /there is no GET \/styles\.css/],
  ['GET', '/ws', undefined, 426, /WebSocket/],
])('%s %s says why not, and what to do: %j', async (method, path, body, status, words) => {
  const engine = engineNow();
  const answer = await call(appNow(engine), path, { method, ...(body !== undefined && { body }) });
  expect(answer).toMatchObject({ status, body: { error: { message: expect.stringMatching(words) } } });
  expect(engine.calls.filter(({ name }) => name !== 'show')).toEqual([]);
});
