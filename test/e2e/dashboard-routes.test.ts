/** The routes that a dashboard reads, on a real engine: what they say is what the engine knows, and nothing else is read. */
import { linkSync, rmSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXPORT } from '../../src/edge/compat/dashboard/export.ts';
import { COMPAT_ROUTES } from '../../src/edge/http/compat-routes.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { atGate, attach, by, closed, type EngineRig, startRig } from './rig.ts';

const SECRET = 'sk-0123456789-of-the-user';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig({ OPENAI_API_KEY: SECRET });
});
afterAll(() => rig.close());

/** The path goes as it is: `fetch` would take `..` out of it. */
async function ask(path: string, body?: object) {
  const url = new URL(rig.endpoints.api);
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; body: unknown }>();
  const asked = request(
    {
      ...{ host: url.hostname, port: url.port, path, method: body === undefined ? 'GET' : 'POST' },
      headers: { authorization: `Bearer ${tokenOf(rig.home, {})}`, 'content-type': 'application/json' },
    },
    (answer) => {
      text(answer).then((all) => resolve({ status: answer.statusCode, body: JSON.parse(all) }), reject);
    },
  );
  asked.on('error', reject).end(body && JSON.stringify(body));
  return promise;
}

/** As the row says that it answers. */
async function read(path: string) {
  const { status, body } = await ask(path);
  expect({ path, status }).toEqual({ path, status: 200 });
  const row = COMPAT_ROUTES.find((one) => one.method === 'GET' && one.path === path.split('?')[0]);
  return Object(row === undefined ? body : row.output.parse(body));
}

it('show a task from its gate to the archive, and over a restart', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, ...by('writes', 'a.txt', 'hello') });
  const { gates } = await rig.until(id, atGate);
  const { digest } = gates.at(-1) ?? {};

  const open = { signal_id: `${id}/approval-1`, kind: 'task', agent: 'command', digest, blocks: 0 };
  expect(await read('/api/decisions')).toMatchObject({ count: 1, decisions: [open] });
  expect(await read('/api/signals?type=decision_needed')).toMatchObject({
    count: 1,
    signals: [{ source: id }],
  });
  expect(await read('/api/status')).toMatchObject({
    ...{ health_score: 100, progress: 0, pending_decisions: 1 },
    tasks: { total: 1, in_progress: 1, completed: 0 },
  });
  const { agents } = await read('/api/agents');
  expect(agents.map(({ name }: { name: string }) => name)).toContain('claude');
  expect(agents.find(({ name }: { name: string }) => name === 'command')).toMatchObject({
    counts: { working: 0, waiting: 1, done: 0, failed: 0 },
  });
  expect((await read(`/api/workspace/files?task=${id}`)).files).toContainEqual(
    expect.objectContaining({ path: 'a.txt', size: 6, lines: 1 }),
  );
  expect(await read(`/api/workspace/files/a.txt?task=${id}`)).toMatchObject({ content: 'hello\n', size: 6 });

  const decision = { signal_id: open.signal_id, decision: 'approve' };
  expect(await ask('/api/decisions', { ...decision, digest: 'sha256:0' })).toMatchObject({ status: 409 });
  expect(await ask('/api/decisions', { ...decision, digest })).toMatchObject({
    status: 200,
    body: { status: 'success' },
  });
  await rig.until(id, closed);
  expect(await ask('/api/decisions', decision)).toMatchObject({ status: 409 });
  expect(await ask('/api/decisions', { ...decision, signal_id: 'nobody/approval-1' })).toMatchObject({
    status: 404,
  });
  expect(await read('/api/decisions')).toEqual({ count: 0, decisions: [] });
  expect(await read(`/api/workspace/files?task=${id}`)).toMatchObject({
    source: 'artifacts',
    files: [{ path: 'change.patch' }],
  });
  const { content } = await read(`/api/workspace/files/change.patch?task=${id}`);
  expect(content).toContain('+hello');

  const metrics = await read('/api/metrics?step=hour&steps=2');
  expect(metrics).toMatchObject({ metrics: { total_tasks: 1, completion_rate: 1 }, gates: { decided: 1 } });
  expect(metrics.metrics.average_completion_time).toBeGreaterThan(0);
  await rig.api.archive({ id });
  expect(await read('/api/archive')).toMatchObject({
    total: 1,
    archives: [{ id, kind: 'task', repository }],
  });

  await rig.leave();
  await rig.pawl(['down']);
  await rig.pawl(['up', '-d']);
  rig = await attach(rig);
  const after = (await read('/api/agents')).agents.find(({ name }: { name: string }) => name === 'command');
  expect(after).toMatchObject({ success_rate: 1, counts: { done: 1 } });
  const document = EXPORT.output.parse((await ask('/api/export')).body);
  expect(document.tasks).toMatchObject([{ id, agent: 'command', status: 'completed' }]);
  const { project_id } = await read('/api/status');
  expect(document.project_id).toBe(project_id);
});

it('pass the health check that clients of the pipeline make', async () => {
  const health = await fetch(`${rig.endpoints.api}/api/health`);
  expect([health.status, Object(await health.json()).status]).toEqual([200, 'ok']);
  const { agents } = await read('/api/agents');
  expect(agents.length).toBeGreaterThanOrEqual(4);
  // Each says whether it can work here: none stands in for another one.
  for (const { status, problem } of agents) expect(problem === null).toBe(status !== 'unavailable');
});

it('read nothing that is not of the workspace, by whatever name', async () => {
  const id = await rig.run({ repository: newRepository(), ...by('writes', 'a.txt', 'hello') });
  await rig.until(id, atGate);
  const folder = join(rig.places.workspaces, id);
  const links = ['token.txt', 'home', 'linked.txt'].map((name) => join(folder, name));
  symlinkSync(rig.places.token, links[0] ?? '');
  symlinkSync(rig.home, links[1] ?? '');
  linkSync(rig.places.token, links[2] ?? '');
  const outside = [
    ...['..%2f..%2ftoken', '..%2F..%2Ftoken', 'x/..%2f..%2f..%2ftoken', '%2e%2e%2f%2e%2e%2ftoken'],
    ...['%2fetc%2fpasswd', '/etc/passwd', '//etc/passwd', 'a.txt%00', '%00'],
    ...['token.txt', 'home/token', 'home%2ftoken', 'linked.txt', '.git/config', '.git%2fconfig'],
  ];
  for (const path of outside) {
    const answer = await ask(`/api/workspace/files/${path}?task=${id}`);
    expect({ path, ...answer }).toMatchObject({ path, status: 403, body: { error: { code: 'forbidden' } } });
    expect(JSON.stringify(answer)).not.toContain(tokenOf(rig.home, {}));
  }
  // What an address is made of leads elsewhere before anybody looks at it.
  for (const path of ['../../token', '%2e%2e/%2e%2e/token', '..%5c..%5ctoken', '%252e%252e/token']) {
    const { status } = await ask(`/api/workspace/files/${path}?task=${id}`);
    expect([403, 404]).toContain(status);
  }
  expect(await ask(`/api/workspace/files/none.txt?task=${id}`)).toMatchObject({ status: 404 });
  expect(await ask('/api/workspace/files/a.txt?task=nobody')).toMatchObject({ status: 404 });
  const { files } = await read(`/api/workspace/files?task=${id}`);
  const listed = files.map(({ path }: { path: string }) => path);
  expect(listed).not.toContain('token.txt');
  expect(listed.some((path: string) => path.startsWith('home'))).toBe(false);
  for (const link of links) rmSync(link);
  await rig.api.cancel({ id });
});

it('show the gate of an execution, and decide it', async () => {
  const id = 'x_routes';
  const project = newRepository();
  await rig.api.startExecution({ id, loop: 'bugfix', project, inputs: { report: 'It fails' } });
  const outputs = { reproduced: true, test: 'a', observed: 'b', expected: 'c' };
  await rig.api.completeSkill({ id, skill: 'bug-reproducer', outputs });
  const { decisions } = await read('/api/decisions');
  expect(decisions).toMatchObject([{ signal_id: `${id}/repro`, kind: 'execution', repository: project }]);
  const [{ digest, blocks, waiting_since }] = decisions;
  expect(blocks).toBeGreaterThan(0);
  expect(waiting_since).toEqual(expect.any(String));
  const decision = { signal_id: `${id}/repro`, decision: 'approve' };
  expect(await ask('/api/decisions', { ...decision, digest: 'another' })).toMatchObject({ status: 409 });
  expect(await ask('/api/decisions', { ...decision, digest })).toMatchObject({
    status: 200,
    body: { id, gate: 'repro', task_status: 'active' },
  });
  expect(await read('/api/decisions')).toMatchObject({ count: 0 });
  await rig.api.steerExecution({ id, steer: { act: 'abort', reason: 'enough' } });
  expect((await read('/api/archive')).archives).toMatchObject([{ id, kind: 'execution' }, { kind: 'task' }]);
});

it('tell that a key is set, and never the key; change no setting', async () => {
  const settings = await read('/api/settings');
  expect(settings).toMatchObject({ openai_key: true, deepseek_key: false });
  expect(settings.settings).toContainEqual({ variable: 'PAWL_HOME', value: rig.home });
  expect(JSON.stringify(settings)).not.toContain(SECRET);
  const refused = await ask('/api/settings', { openai_key: 'another-secret' });
  expect(refused).toMatchObject({ status: 412, body: { error: { code: 'precondition' } } });
  expect(JSON.stringify(refused)).not.toContain('another-secret');
});

it('begin a requirement in the repository that it names, and none without', async () => {
  expect(await ask('/api/requirements', { content: 'Do it', priority: 1 })).toMatchObject({
    status: 422,
    body: { error: { message: expect.stringContaining('context.repository') } },
  });
  const repository = newRepository();
  const agent = by('writes', 'b.txt', 'b').agent;
  const begun = await ask('/api/requirements', { content: 'Do it', context: { repository, agent } });
  expect(begun).toMatchObject({ status: 200, body: { status: 'accepted' } });
  const id = Object(begun.body).requirement_id;
  await rig.until(id, atGate);
  expect(await read('/api/decisions')).toMatchObject({ count: 1, decisions: [{ id, repository }] });
  await rig.api.cancel({ id });
});
