/** What an agent may do with the token of its attempt: report on its own task, plan parts of it, and nothing else. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TaskId } from '../../src/domain/ids.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { attemptTokenIn } from './made-tokens.ts';
import { agent, atGate, closed, type EngineRig, startRig } from './rig.ts';

/** Handed to agents by name, which says nothing of what it is. */
const WORD = 'correct-horse-battery';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig({ PLAIN_WORD: WORD });
  await rig.api.create({ id: 'other', title: 'Other' });
});
afterAll(() => rig.close());

type Own = Readonly<Partial<Record<string, string>>>;

/** An agent that hands out what it was given, and ends when it is let go. */
async function working(env: readonly string[]) {
  const folder = scratchFolder('handed');
  const [handed, sign] = [join(folder, 'own.json'), join(folder, 'go')];
  const id = TaskId.parse(
    await rig.run({
      repository: newRepository(),
      agent: { name: 'command', command: agent('hands-out', handed, sign), env: [...env] },
    }),
  );
  const own = async (): Promise<Own> => {
    await vi.waitFor(() => expect(existsSync(handed)).toBe(true), { timeout: 30_000 });
    const found: Own = JSON.parse(readFileSync(handed, 'utf8'));
    rmSync(handed);
    return found;
  };
  return { id, own, letGo: () => writeFileSync(sign, '') };
}

const NAMED = ['PAWL_TOKEN', 'PAWL_URL', 'PAWL_HOME', 'PLAIN_WORD'];

/** A call with the token, as the agent makes it. */
async function ask({ PAWL_TOKEN, PAWL_URL }: Own, method: string, path: string, body?: object) {
  const answer = await fetch(`${PAWL_URL}${path}`, {
    method,
    headers: { authorization: `Bearer ${PAWL_TOKEN}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const told = Object(await answer.json());
  return { status: answer.status, told, words: String(told.error?.message ?? '') };
}

async function tool({ PAWL_TOKEN, PAWL_URL }: Own, name: string, given: object) {
  const answer = await fetch(`${PAWL_URL}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${PAWL_TOKEN}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: given } }),
  });
  const text = await answer.text();
  const [, message = text] = /^data: (.*)$/m.exec(text) ?? [];
  return Object(JSON.parse(message)).result ?? {};
}

const OF_TASK = ['PAWL_TASK', 'PAWL_BASE_BRANCH', 'PAWL_BASE_COMMIT'];

it('is given to an agent that names it, and nothing else of Pawl', async () => {
  const named = await working(NAMED);
  const own = await named.own();
  expect(Object.keys(own).sort()).toEqual(
    [...OF_TASK, 'PAWL_ATTEMPT_TOKEN', 'PAWL_PROCESS', 'PAWL_TASK_FILE', 'PAWL_TOKEN', 'PAWL_URL'].sort(),
  );
  expect(own.PAWL_URL).toBe(rig.endpoints.api);
  expect(own.PAWL_TOKEN).not.toBe(tokenOf(rig.home, {}));
  named.letGo();
  await rig.until(named.id, atGate);
  // It printed it, and it stands nowhere.
  const { lines } = await rig.api.logs({ id: named.id });
  expect(lines.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^my token is (?!pawl_)/));
  const history = await rig.client.workflow.getHandle(named.id).fetchHistory();
  const [payload = ''] = (own.PAWL_TOKEN ?? '').slice('pawl_'.length).split('.');
  expect(JSON.stringify([lines, historyToJSON(history)])).not.toContain(payload);
  await rig.api.cancel({ id: named.id });

  const unnamed = await working([]);
  expect(Object.keys(await unnamed.own())).not.toContain('PAWL_TOKEN');
  await rig.api.cancel({ id: unnamed.id });
});

describe('the agent of a running attempt', () => {
  let task: Awaited<ReturnType<typeof working>>;
  let own: Own;
  beforeAll(async () => {
    task = await working(NAMED);
    own = await task.own();
  });

  it('reports on its task, over HTTP, MCP and the command line', async () => {
    const report = { note: 'half of it', progress: 0.5, detail: 'all that was found' };
    expect((await ask(own, 'PATCH', `/api/tasks/${task.id}`, report)).status).toBe(200);
    expect(await tool(own, 'update', { id: task.id, note: 'by a tool' })).toMatchObject({
      structuredContent: { id: task.id },
    });
    const env = { PAWL_TOKEN: own.PAWL_TOKEN ?? '', PAWL_URL: own.PAWL_URL ?? '' };
    expect(await rig.pawl(['update', task.id, '--note', 'by a command'], { env })).toMatchObject({ code: 0 });
    expect((await ask(own, 'GET', `/api/tasks/${task.id}`)).told).toMatchObject({
      progress: 0.5,
      notes: ['half of it', 'by a tool', 'by a command'],
      artifacts: [expect.stringContaining('sha256:')],
    });
  });

  it('plans parts of it, and sees those alone', async () => {
    const first = { id: `${task.id}-1`, title: 'First part' };
    expect((await ask(own, 'POST', '/api/tasks', first)).told).toMatchObject({ created: true });
    expect((await ask(own, 'POST', '/api/tasks', first)).told).toMatchObject({ created: false });
    const second = { id: `${task.id}-2`, title: 'Second', parent: task.id, dependencies: [first.id] };
    expect((await ask(own, 'POST', '/api/tasks', second)).status).toBe(200);
    expect(await tool(own, 'create', { title: 'Third' })).toMatchObject({
      structuredContent: { status: 'pending' },
    });
    const listed = (await ask(own, 'GET', '/api/tasks')).told;
    expect(listed.total).toBe(3);
    expect(listed.tasks).toMatchObject(
      [{}, { id: second.id }, { id: first.id }].map((row) => ({ ...row, plan: { parent: task.id } })),
    );
    expect((await ask(own, 'GET', `/api/tasks/${first.id}`)).told).toMatchObject({ title: 'First part' });
    expect(await tool(own, 'list', {})).toMatchObject({ structuredContent: { total: 3 } });
  });

  it('says nothing of what it was given by name', async () => {
    const path = `/api/tasks/${task.id}`;
    const said = `${WORD} and ${own.PAWL_ATTEMPT_TOKEN}`;
    expect((await ask(own, 'PATCH', path, { note: `so: ${said}`, detail: said })).status).toBe(200);
    const part = { id: `${task.id}-secret`, title: said, description: said, context: { [said]: said } };
    expect((await ask(own, 'POST', '/api/tasks', part)).status).toBe(200);
    const [mine, planned] = await Promise.all([task.id, part.id].map((id) => rig.api.show({ id })));
    expect(mine?.notes.at(-1)).toMatch(/^so: .* and /);
    for (const word of [WORD, own.PAWL_ATTEMPT_TOKEN]) {
      expect(JSON.stringify([mine, planned])).not.toContain(word);
      expect(JSON.stringify(await rig.api.list({}))).not.toContain(word);
    }
  });

  it.each<[string, string, string, object?]>([
    ['show another task', 'GET', '/api/tasks/other'],
    ['list parts of another', 'GET', '/api/tasks?parent=other'],
    ['report on another', 'PATCH', '/api/tasks/other', { note: 'mine' }],
    ['report on a part', 'PATCH', '/api/tasks/{id}-1', { note: 'done' }],
    ['change the words of its own', 'PATCH', '/api/tasks/{id}', { title: 'Another' }],
    ['set the status of its own', 'PATCH', '/api/tasks/{id}', { status: 'blocked' }],
    ['report for another attempt', 'PATCH', '/api/tasks/{id}', { note: 'x', attemptToken: 'theirs' }],
    ['hand out a file of the host', 'PATCH', '/api/tasks/{id}', { files: ['/etc/passwd'] }],
    ['plan a part of another', 'POST', '/api/tasks', { id: 'p', title: 'P', parent: 'other' }],
    ['plan what waits for another', 'POST', '/api/tasks', { id: 'p', title: 'P', dependencies: ['other'] }],
    [
      'plan for a session',
      'POST',
      '/api/tasks',
      { id: 'p', title: 'P', session: `session-${'0'.repeat(16)}` },
    ],
    ['run another agent', 'POST', '/api/runs', { id: 'p', requirement: 'Do it', repository: '/' }],
    ['approve its own change', 'POST', '/api/tasks/{id}/approve', {}],
    ['tell itself more', 'POST', '/api/tasks/{id}/tell', { text: 'go on' }],
    ['complete its task', 'POST', '/api/tasks/{id}/complete', { summary: 'done' }],
    ['cancel its task', 'POST', '/api/tasks/{id}/cancel', {}],
    ['read its log', 'GET', '/api/tasks/{id}/logs'],
    ['follow its task', 'GET', '/api/tasks/{id}/follow'],
    ['look at gates', 'GET', '/api/gates'],
  ])('may not %s', async (_, method, path, body) => {
    const states = () => Promise.all([task.id, 'other', `${task.id}-1`].map((id) => rig.api.show({ id })));
    const before = await states();
    const answer = await ask(own, method, path.replace('{id}', task.id), body);
    expect(answer).toMatchObject({ status: 403, words: expect.stringMatching(/^expected /) });
    expect(await states()).toEqual(before);
    await expect(rig.api.show({ id: 'p' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('may not decide or read through MCP either', async () => {
    for (const [name, given] of [
      ['decide', { id: task.id, decision: 'approve' }],
      ['update', { id: task.id, tell: 'go on' }],
      ['show', { id: 'other' }],
      ['show', { id: task.id, include: ['log'] }],
      ['control', { id: task.id, action: 'cancel' }],
    ] as const)
      expect({ name, ...(await tool(own, name, given)) }).toMatchObject({
        name,
        isError: true,
        structuredContent: { code: 'forbidden' },
      });
  });

  it('is fenced off where its fencing token is another one', async () => {
    const { run } = await rig.api.show({ id: task.id });
    const attempt = { task: task.id, ...(run === undefined ? {} : { run }), number: 1 };
    const PAWL_TOKEN = attemptTokenIn(rig.home, attempt);
    const answer = await ask({ ...own, PAWL_TOKEN }, 'PATCH', `/api/tasks/${task.id}`, { note: 'late' });
    expect(answer).toMatchObject({
      status: 409,
      words: expect.stringContaining('an older attempt may not report'),
    });
  });

  it('has a token no longer than its attempt', async () => {
    await rig.api.tell({ id: task.id, text: 'go on' });
    const next = await task.own();
    const path = `/api/tasks/${task.id}`;
    expect(await ask(own, 'PATCH', path, { note: 'from before' })).toMatchObject({
      status: 401,
      words: expect.stringMatching(/attempt 1 of the task .* does not run any more/),
    });
    expect((await ask(next, 'PATCH', path, { note: 'from the second' })).status).toBe(200);
    task.letGo();
    await rig.until(task.id, atGate);
    expect((await ask(next, 'GET', path)).status).toBe(401);
    await rig.api.approve({ id: task.id });
    expect(await rig.until(task.id, closed)).toMatchObject({ status: 'completed' });
    expect((await rig.api.show({ id: task.id })).notes).toEqual(
      expect.not.arrayContaining(['from before', 'late']),
    );
  });
});
