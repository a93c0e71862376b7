/** A token that is not taken any more is told by one code and one sentence, whichever edge it came through. */
import { expect, it } from 'vitest';
import { createApiClient } from '../../src/edge/http/api-client.ts';
import { createHttpApp } from '../../src/edge/http/app.ts';
import { type CallerOf, callerOfRequest } from '../../src/edge/http/authentication.ts';
import { callToolBy } from '../../src/edge/mcp/far-tools.ts';
import { createMcpHttp } from '../../src/edge/mcp/http.ts';
import { askCallerBy } from '../../src/edge/mcp/own-token.ts';
import { createToolCalls } from '../../src/edge/mcp/tool-calls.ts';
import { fakeEngine } from './cli/fake-engine.ts';
import { pawl } from './cli/fakes.ts';
import { one, serveApp, until } from './http/far-engine.ts';
import { keeping } from './kept-in-memory.ts';
import { CORE, deps } from './mcp/deps.ts';
import { lineClient } from './mcp/line-client.ts';

const PROBLEM = 'the token ci was revoked at 2026-12-01T00:00:00.000Z';
const callerOf: CallerOf = async () => ({ problem: PROBLEM, remedy: 'ask for another one' });
const EXPECTED = { code: 'unauthorized', message: `${PROBLEM}; ask for another one` };

async function refusing() {
  const onBug = (error: Error) => {
    throw error;
  };
  const engine = () => keeping(fakeEngine());
  const app = createHttpApp({
    health: () => Promise.reject(new Error('not asked')),
    host: '127.0.0.1',
    onBug,
    api: { engine, host: () => undefined, callerOf, version: '1.2.3' },
    mcp: {
      call: createToolCalls({ onBug, engine, callerOf }),
      fetch: createMcpHttp({ ...deps(), onBug, engine, callerOf, host: '127.0.0.1' }).fetch,
      caller: (request) => callerOfRequest((name) => request.header(name), callerOf),
    },
  });
  const { url } = await serveApp(app);
  return { url, far: createApiClient({ api: url, token: 'of-ci' }) };
}

it.each(['/api/tasks', '/api/events', '/mcp', '/mcp/caller'])('HTTP: %s', async (path) => {
  const { url } = await refusing();
  const answer = await fetch(`${url}${path}`, {
    method: path === '/mcp' ? 'POST' : 'GET',
    headers: { authorization: 'Bearer of-ci' },
  });
  expect({ status: answer.status, body: await answer.json() }).toEqual({
    status: 401,
    body: { error: EXPECTED },
  });
});

const first = async (told: AsyncIterable<unknown>): Promise<unknown> => {
  for await (const event of told) return event;
  return undefined;
};

it('a client: calls and streams', async () => {
  const { far } = await refusing();
  await expect(far.show({ id: one })).rejects.toMatchObject(EXPECTED);
  await expect(first(far.news(one, until(5_000)))).rejects.toMatchObject(EXPECTED);
  await expect(first(far.events(undefined, until(5_000)))).rejects.toMatchObject(EXPECTED);
});

it('the command line: wrong use, in JSON and in words', async () => {
  const { far } = await refusing();
  const { code, err, documents } = await pawl(['list', '--json'], { engine: async () => far });
  expect({ code, err, documents }).toEqual({
    code: 2,
    err: `pawl: ${EXPECTED.message}\n`,
    documents: [{ error: EXPECTED }],
  });
});

it('MCP over stdio', async () => {
  const { far } = await refusing();
  const keeps = { kind: 'there', callTool: callToolBy(far.ask), caller: 'ci' } as const;
  const client = await lineClient(
    deps({ engine: far as never, keeps, tools: CORE, askCaller: askCallerBy(far.ask) }),
  );
  for (const [name, args] of [
    ['show', { id: 'one' }],
    ['update', { id: 'one', note: 'begun', key: 'k-1' }],
  ] as const)
    expect(await client.call(name, args), name).toMatchObject({ isError: true, structuredContent: EXPECTED });
  await client.end();
});
