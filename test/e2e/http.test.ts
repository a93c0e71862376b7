/** A real engine over HTTP alone, as `curl` and as another process of Pawl use it. */

import { realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statesIn } from '../../src/domain/events.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { type EngineApi, type InputOf, operations } from '../../src/domain/operations.ts';
import { createApiClient } from '../../src/edge/http/api-client.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { by, check, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
let far: EngineApi;
let authorization: string;
beforeAll(async () => {
  rig = await startRig();
  const token = tokenOf(rig.home, {});
  authorization = `Bearer ${token}`;
  far = createApiClient({ api: rig.endpoints.api, token });
});
afterAll(() => rig.close());

const never = new AbortController().signal;
const idOf = (text: string): TaskId => TaskId.parse(text);
const all: InputOf<'list'> = operations.list.input.parse({});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}
async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(`${rig.endpoints.api}${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

describe('with requests alone', () => {
  it('a task is created, reported on and closed, each the same when it is sent twice', async () => {
    const task = { id: 'notes', title: 'Write the notes', context: { for: 'the team' } };
    expect(await ask('POST', '/api/tasks', task)).toEqual({
      status: 200,
      body: { id: 'notes', created: true },
    });
    expect(await ask('POST', '/api/tasks', task)).toEqual({
      status: 200,
      body: { id: 'notes', created: false },
    });
    expect(await ask('POST', '/api/tasks', { ...task, title: 'Others' })).toMatchObject({ status: 409 });
    const report = { status: 'in_progress', progress: 0.5, note: 'half of it', messageId: 'm1' };
    for (const _ of [1, 2]) {
      expect(await ask('PATCH', '/api/tasks/notes', report)).toEqual({
        status: 200,
        body: { id: 'notes', status: 'in_progress', before: { status: 'pending' } },
      });
    }
    expect((await ask('GET', '/api/tasks/notes')).body).toMatchObject({
      progress: 0.5,
      notes: ['half of it'],
    });
    const end = { summary: 'written', artifacts: ['notes.md'], messageId: 'm2' };
    for (const _ of [1, 2]) {
      expect(await ask('POST', '/api/tasks/notes/complete', end)).toEqual({
        status: 200,
        body: { id: 'notes', status: 'completed', before: { status: 'in_progress' } },
      });
    }
    expect(await ask('POST', '/api/tasks/notes/complete', { summary: 'again' })).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict' } },
    });
  });

  it('is asked for the token but for its health', async () => {
    expect(await ask('GET', '/api/health', undefined, { authorization: '' })).toMatchObject({
      status: 200,
      body: { status: 'ok' },
    });
    for (const path of ['/api/tasks', '/openapi.json', '/api/tasks/notes/follow']) {
      expect(await ask('GET', path, undefined, { authorization: '' })).toMatchObject({ status: 401 });
    }
    expect(await ask('GET', '/openapi.json')).toMatchObject({
      status: 200,
      body: { openapi: expect.stringMatching(/^3\.1/) },
    });
  });

  it.each([300_000, 30_000_000])('refuses a body of %i bytes, and changes nothing', async (length) => {
    const answer = await ask('POST', '/api/tasks', {
      id: 'huge',
      title: 't',
      description: 'x'.repeat(length),
    });
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 'too_large' } } });
    expect(await ask('GET', '/api/tasks/huge')).toMatchObject({ status: 404 });
  });
});

it('refuses half a character in words, wherever it stands', async () => {
  const refused = { status: 422, body: { error: { code: 'invalid_input', details: [['directory']] } } };
  expect(await ask('POST', '/api/sessions', { directory: '/tmp/\ud800' })).toMatchObject(refused);
  const task = { id: 'half', title: 'Half', context: { a: ['\udc00'] } };
  expect(await ask('POST', '/api/tasks', task)).toMatchObject({ status: 422 });
  expect(await ask('GET', '/api/tasks/half')).toMatchObject({ status: 404 });
});

describe('from another process', () => {
  it('a task is followed while it is worked on, and listed', async () => {
    const id = idOf('followed');
    await far.create({ id, title: 'Followed', description: '' });
    const seen: (string | undefined)[] = [];
    for await (const { status, notes } of statesIn(far.news(id, never))) {
      seen.push(`${status} ${notes.join()}`);
      if (status === 'pending') await far.update({ id, status: 'in_progress', note: 'begun' });
      if (status === 'in_progress') await far.complete({ id, summary: 'done' });
    }
    expect(seen).toEqual(['pending ', 'in_progress begun', 'completed begun']);
    await expect
      .poll(async () => (await far.list(all)).tasks.find((row) => row.id === id)?.status, { timeout: 30_000 })
      .toBe('completed');
  });

  it('an agent works on a requirement, and a person approves it', async () => {
    const repository = newRepository();
    const id = idOf('over-http');
    await far.run({
      id,
      requirement: 'Do the work',
      repository,
      ...by('writes', 'a.txt', 'a'),
      checks: [check('process.exit(0)')],
    });
    for await (const { status } of statesIn(far.news(id, never))) {
      if (status === 'awaiting_gate')
        expect(await ask('POST', `/api/tasks/${id}/approve`, { by: 'ann' })).toMatchObject({ status: 200 });
    }
    const { status, gates, mergedCommit } = await far.show({ id });
    expect({ status, mergedCommit }).toEqual({
      status: 'completed',
      mergedCommit: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(gates.find(({ gate }) => gate === 'approval')).toMatchObject({
      status: 'approved',
      // Not whom the caller says that it is.
      by: userInfo().username,
      via: 'http',
    });
    expect((await far.diff({ id })).patch).toContain('diff --git');
    expect((await far.logs({ id, offset: 0 })).lines).not.toEqual([]);
  });

  it('a wrong token is refused, also by the name localhost', async () => {
    const { port } = new URL(rig.endpoints.api);
    const other = createApiClient({ api: `http://localhost:${port}`, token: 'some-other-token-1234' });
    await expect(other.gates({})).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('token'),
    });
  });
});

describe.each([['legacy'], [{ pin: '2026-07-28' }]] as const)(
  'from an AI client of %j at an address',
  (mode) => {
    async function connectAt(directory: string): Promise<Client> {
      const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
      const query = new URLSearchParams({ toolset: 'core,orchestrator', directory });
      const address = new URL(`${rig.endpoints.api}/mcp?${query}`);
      await client.connect(
        new StreamableHTTPClientTransport(address, { requestInit: { headers: { authorization } } }),
      );
      return client;
    }

    it('one request after the other speaks for the session of its directory, and no other', async () => {
      const [one, other] = [realpathSync(scratchFolder('one')), realpathSync(scratchFolder('other'))];
      const client = await connectAt(one);
      const ask = (name: string, input: Record<string, unknown> = {}) =>
        client.callTool({ name: `orchestrator_${name}`, arguments: input });
      const own = { structuredContent: { working_directory: one } };
      expect(await ask('initialize_session')).toMatchObject(own);
      expect(await ask('initialize_session', { working_directory: one })).toMatchObject(own);
      const planned = await ask('plan_task', { title: 'Kept', description: 'for the next request' });
      expect(await ask('query_tasks')).toMatchObject({
        structuredContent: {
          total_count: 1,
          tasks: [{ task_id: (planned.structuredContent as { task_id: string }).task_id }],
        },
      });

      const refusal = (field: string) => ({
        isError: true,
        structuredContent: {
          code: 'invalid_input',
          message: expect.stringMatching(
            `^${field}: this connection speaks for ${one}: connect to /mcp\\?toolset=core,orchestrator&directory=${encodeURIComponent(other)} `,
          ),
          details: [[field]],
        },
      });
      expect(await ask('initialize_session', { working_directory: other })).toMatchObject(
        refusal('working_directory'),
      );
      const isOther = ({ directory }: { readonly directory: string }) => directory === other;
      expect((await far.sessions({})).sessions.filter(isOther)).toEqual([]);
      const { id } = await far.open({ directory: other });
      expect(await ask('resume_session', { session_id: id })).toMatchObject(refusal('session_id'));

      const there = await connectAt(other);
      expect(await there.callTool({ name: 'orchestrator_query_tasks', arguments: {} })).toMatchObject({
        structuredContent: { total_count: 0 },
      });
      await Promise.all([client.close(), there.close()]);
    });
  },
);

it('an AI client is offered only the daily tools where its address asks for no others', async () => {
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
  const accept = 'application/json, text/event-stream';
  const listedAt = async (query: string): Promise<Response> =>
    fetch(`${rig.endpoints.api}/mcp${query}`, {
      method: 'POST',
      headers: { authorization, accept, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const names = [...(await (await listedAt('')).text()).matchAll(/"name":"(\w+)"/g)].map(([, name]) => name);
  expect(names).toHaveLength(8);
  const refused = await listedAt('?toolset=core&directory=here');
  expect({ status: refused.status, body: await refused.json() }).toEqual({
    status: 400,
    body: {
      error: {
        code: 'invalid_input',
        message: 'directory: expected an absolute path, got "here"',
        details: [['directory']],
      },
    },
  });
});
