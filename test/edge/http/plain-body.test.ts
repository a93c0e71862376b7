/** A body that says it is compressed or of another charset: refused at both doors, whatever its bytes are. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createMcpHttp } from '../../../src/edge/mcp/http.ts';
import { keeping } from '../kept-in-memory.ts';
import { deps, recorder } from '../mcp/deps.ts';
import { appOn, call, TOKEN } from './call.ts';

const JSON_TYPE = 'application/json';
const REFUSED = [
  [{ 'content-encoding': 'gzip' }, 'Content-Encoding'],
  [{ 'content-encoding': 'identity, BR' }, 'Content-Encoding'],
  [{ 'content-type': `${JSON_TYPE}; charset=iso-8859-1` }, 'UTF-8'],
  [{ 'content-type': `${JSON_TYPE};v=1; Charset = "UTF-16"` }, 'UTF-8'],
  [{ 'content-type': `${JSON_TYPE}; charset=` }, 'UTF-8'],
] as const;
const TAKEN = [
  { 'content-type': JSON_TYPE },
  { 'content-type': `${JSON_TYPE}; charset=utf-8` },
  { 'content-type': `${JSON_TYPE};charset="UTF-8"`, 'content-encoding': 'Identity' },
] as const;

const task = { id: 'one', title: 'One' };
const BODIES = [
  ['as it is', JSON.stringify(task)],
  ['compressed', new Uint8Array(gzipSync(JSON.stringify(task)))],
] as const;

describe.each(BODIES)('an operation with a body %s', (_, body) => {
  it.each(REFUSED)('is refused with %j', async (headers, word) => {
    const { calls, engine } = recorder();
    expect(await call(appOn(engine), '/api/tasks', { method: 'POST', headers, body })).toMatchObject({
      status: 415,
      body: { error: { code: 'unsupported_media_type', message: expect.stringContaining(word) } },
    });
    expect(calls).toEqual([]);
  });
});

it.each(TAKEN)('an operation is called with %j', async (headers) => {
  const { calls, engine } = recorder();
  await call(appOn(engine), '/api/tasks', { method: 'POST', headers, body: JSON.stringify(task) });
  expect(calls).toMatchObject([{ name: 'create', input: task }]);
});

it('a request without a body may say what it likes of it', async () => {
  const { calls, engine } = recorder();
  await call(appOn(engine), '/api/tasks', { headers: { 'content-encoding': 'gzip' } });
  expect(calls).toMatchObject([{ name: 'list' }]);
});

describe('MCP', () => {
  const ask = async (headers: Readonly<Record<string, string>>) => {
    const { fetch } = createMcpHttp({
      ...deps(),
      onBug: (error) => {
        throw error;
      },
      engine: () => keeping(recorder().engine),
      callerOf: async () => ({ name: 'ann', scopes: ['read', 'operate'] }),
      host: '127.0.0.1',
    });
    const answer = await fetch(
      new Request('http://127.0.0.1:8100/mcp', {
        method: 'POST',
        headers: {
          host: '127.0.0.1:8100',
          authorization: `Bearer ${TOKEN}`,
          'content-type': JSON_TYPE,
          accept: 'application/json, text/event-stream',
          ...headers,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
      }),
    );
    return { status: answer.status, text: await answer.text() };
  };

  it.each(REFUSED)('is refused with %j', async (headers, word) => {
    expect(await ask(headers)).toEqual({
      status: 415,
      text: expect.stringMatching(`^\\{"error":\\{"code":"unsupported_media_type",.*${word}`),
    });
  });

  it.each(TAKEN)('answers with %j', async (headers) => {
    expect(await ask(headers)).toEqual({ status: 200, text: expect.stringContaining('"tools"') });
  });
});
