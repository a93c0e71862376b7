/** MCP over HTTP with the SDK's own client: who may in, and what a token may do there. */
import { Client, type ClientCapabilities, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { SCOPES, SCOPES_OF, type Scope } from '../../../src/domain/scopes.ts';
import { orchestratorTools } from '../../../src/edge/compat/orchestrator/toolset.ts';
import { createMcpHttp, type McpHttpDeps } from '../../../src/edge/mcp/http.ts';
import { type FakeEngine, fakeEngine } from '../cli/fake-engine.ts';
import { HAPPY } from '../cli/states.ts';
import { keeping } from '../kept-in-memory.ts';
import { CORE, changes, deps } from './deps.ts';

const ADDRESS = 'http://127.0.0.1:8100/mcp';
const TOKENS: Readonly<Record<string, readonly Scope[]>> = {
  all: SCOPES,
  reader: SCOPES_OF.read,
  operator: SCOPES_OF.operate,
  nothing: [],
};

function server(engine: FakeEngine, parts: Partial<McpHttpDeps> = {}) {
  return createMcpHttp({
    ...deps(),
    onBug: (error) => {
      throw error;
    },
    engine: () => keeping(engine),
    callerOf: async (token) => {
      const scopes = TOKENS[token];
      return scopes === undefined ? { problem: 'of nobody' } : { name: token, scopes };
    },
    host: '127.0.0.1',
    ...parts,
  });
}

const request = (headers: Record<string, string>, query = ''): Request =>
  new Request(`${ADDRESS}${query}`, {
    method: 'POST',
    headers: {
      host: '127.0.0.1:8100',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  });

describe.each([['legacy'], [{ pin: '2026-07-28' }]] as const)('a client of %j', (mode) => {
  async function connect(
    engine: FakeEngine,
    token: string,
    capabilities: ClientCapabilities = {},
  ): Promise<Client> {
    const { fetch } = server(engine);
    const client = new Client({ name: 'test', version: '1' }, { capabilities, versionNegotiation: { mode } });
    const transport = new StreamableHTTPClientTransport(new URL(ADDRESS), {
      fetch: (url, init) => fetch(new Request(url, withHost(init))),
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    });
    await client.connect(transport);
    return client;
  }
  const withHost = (init: RequestInit = {}): RequestInit => {
    const headers = new Headers(init.headers);
    headers.set('host', '127.0.0.1:8100');
    return { ...init, headers };
  };

  it('lists and calls the same tools as over stdio', async () => {
    const engine = fakeEngine({ a: [HAPPY.waiting] });
    const client = await connect(engine, 'all');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(CORE.map(({ name }) => name));
    expect(await client.callTool({ name: 'show', arguments: { id: 'a' } })).toMatchObject({
      structuredContent: { id: 'a', status: 'awaiting_gate' },
    });
    expect(
      await client.callTool({ name: 'control', arguments: { id: 'a', action: 'cancel' } }),
    ).not.toHaveProperty('isError', true);
    await client.close();
  });

  it('asks its person to decide a gate, or is told who else can', async () => {
    const engine = fakeEngine({ a: [HAPPY.waiting, HAPPY.merged] });
    const client = await connect(engine, 'all', { elicitation: { form: {} } });
    const asked: unknown[] = [];
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      asked.push(params.message);
      return { action: 'accept', content: { decision: 'approve' } };
    });
    const answer = await client.callTool({ name: 'decide', arguments: { id: 'a', decision: 'approve' } });
    if (mode === 'legacy') {
      // The answer to a question would be a request of its own, which knows nothing of this one.
      expect(answer).toMatchObject({
        isError: true,
        structuredContent: { code: 'precondition', message: expect.stringContaining('`pawl approve a`') },
        content: [{ text: expect.stringContaining('`pawl approve a`') }],
      });
      expect(asked).toEqual([]);
      expect(changes(engine)).toEqual([]);
    } else {
      expect(answer).not.toHaveProperty('isError', true);
      expect(asked).toHaveLength(1);
      expect(changes(engine)).toMatchObject([{ name: 'approve' }]);
    }
    await client.close();
  });

  it('may not decide with a token for operating, whatever its own prompt would answer', async () => {
    const engine = fakeEngine({ a: [HAPPY.waiting, HAPPY.merged] });
    const client = await connect(engine, 'operator', { elicitation: { form: {} } });
    let asked = 0;
    client.setRequestHandler('elicitation/create', async () => {
      asked += 1;
      return { action: 'accept', content: { decision: 'approve' } };
    });
    for (const decision of ['approve', 'reject']) {
      expect(await client.callTool({ name: 'decide', arguments: { id: 'a', decision } })).toMatchObject({
        isError: true,
        structuredContent: { code: 'forbidden', message: expect.stringContaining('scope approve') },
      });
    }
    expect(asked).toBe(0);
    expect(changes(engine)).toEqual([]);
    expect(
      await client.callTool({ name: 'control', arguments: { id: 'a', action: 'cancel' } }),
    ).not.toHaveProperty('isError', true);
    await client.close();
  });

  it('may only look with a token for reading', async () => {
    const engine = fakeEngine({ a: [HAPPY.waiting] });
    const client = await connect(engine, 'reader');
    expect(await client.callTool({ name: 'list', arguments: {} })).toMatchObject({
      structuredContent: { total: 1 },
    });
    for (const { name, hints } of CORE.filter((tool) => !tool.hints.readOnly)) {
      expect(hints.readOnly).toBe(false);
      expect(await client.callTool({ name, arguments: { id: 'a' } })).toMatchObject({
        isError: true,
        structuredContent: {
          code: 'forbidden',
          message: expect.stringMatching(name === 'decide' ? /scope approve/ : /scope operate/),
        },
      });
    }
    expect(changes(engine)).toEqual([]);
    await client.close();
  });
});

describe('is kept out', () => {
  it.each([
    ['no token', {}, 401],
    ['a token of nobody', { authorization: 'Bearer other' }, 401],
    ['the page of another site', { authorization: 'Bearer all', origin: 'http://evil.example' }, 403],
    ['a name that was made to point here', { authorization: 'Bearer all', host: 'evil.example:8100' }, 403],
  ])('who has %s', async (_, headers, status) => {
    const engine = fakeEngine();
    const answer = await server(engine).fetch(request(headers));
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect(engine.calls).toEqual([]);
  });

  it('who comes from another origin also where any host may ask', async () => {
    const open = server(fakeEngine(), { host: '0.0.0.0' });
    const named = { authorization: 'Bearer all', host: 'pawl.example' };
    expect((await open.fetch(request({ ...named, origin: 'http://evil.example' }))).status).toBe(403);
    expect((await open.fetch(request({ ...named, origin: 'http://pawl.example' }))).status).toBe(200);
  });
});

it('says that the engine is starting', async () => {
  const answer = await server(fakeEngine(), { engine: () => undefined }).fetch(
    request({ authorization: 'Bearer all' }),
  );
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ error: { code: 'unavailable' } });
});

it.each([
  [{}, 401],
  [{ authorization: 'Bearer all' }, 400],
])('tells what is wrong with its address only to who may in: %j', async (headers, status) => {
  const answer = await server(fakeEngine()).fetch(request(headers, '?toolset=loops&x=1'));
  expect(answer.status).toBe(status);
  const { error } = (await answer.json()) as { error: Record<string, unknown> };
  expect(error.details).toEqual(status === 400 ? [['toolset'], ['x']] : undefined);
});

it('lists what its address names, from the first request to the last', async () => {
  const site = server(fakeEngine());
  const listed = async (query: string) => {
    const answer = await site.fetch(request({ authorization: 'Bearer all' }, query));
    return [...(await answer.text()).matchAll(/"name":"(\w+)"/g)].map(([, name]) => name);
  };
  const core = CORE.map(({ name }) => name);
  const both = [...core, ...orchestratorTools.map(({ name }) => name)];
  for (const _ of [1, 2]) {
    expect(await listed('')).toEqual(core);
    expect(await listed('?toolset=core,orchestrator')).toEqual(both);
  }
});
