/** What is no message of JSON-RPC is answered as one that is wrong, over stdio and over HTTP, and the connection lives on. */
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SCOPES } from '../../../src/domain/scopes.ts';
import { createMcpHttp } from '../../../src/edge/mcp/http.ts';
import { serveMcpOnStdio } from '../../../src/edge/mcp/stdio.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { keeping } from '../kept-in-memory.ts';
import { deps } from './deps.ts';

const INVALID = [
  ['{"jsonrpc":"2.0",', -32700, null],
  ['hello', -32700, null],
  ['{"jsonrpc":"2.0","id":7,"method":"tools/list"', -32700, null],
  ['42', -32600, null],
  ['null', -32600, null],
  ['"tools/list"', -32600, null],
  ['[]', -32600, null],
  ['{}', -32600, null],
  ['{"id":7,"method":"tools/list"}', -32600, 7],
  ['{"jsonrpc":"1.0","id":"seven","method":"tools/list"}', -32600, 'seven'],
  ['{"jsonrpc":"2.0","id":7,"method":"tools/list","params":[]}', -32600, 7],
  ['{"jsonrpc":"2.0","id":{},"method":"tools/list"}', -32600, null],
  ['{"jsonrpc":"2.0","id":7,"method":12}', -32600, null],
] as const;

/** A response is never answered, or two programs would answer each other for ever; an empty line says nothing. */
const UNANSWERED = [
  '',
  '  \r',
  '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}',
  '{"jsonrpc":"2.0","id":7,"result":"no object"}',
];

const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 'first',
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});
const PING = '{"jsonrpc":"2.0","id":"é-last","method":"ping"}';

/** The log of the adapter, and of the engine, says it too. */
let log: string[];
beforeEach(() => {
  log = [];
  vi.spyOn(console, 'error').mockImplementation((line) => log.push(line));
});
afterEach(() => void vi.restoreAllMocks());

/** All that is written until the last line, a ping, was answered. */
async function say(input: Iterable<Buffer>): Promise<readonly { id?: unknown; error?: { code: number } }[]> {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const ended = serveMcpOnStdio({ ...deps(), stdin, stdout, signal: new AbortController().signal });
  const answers: { id?: unknown }[] = [];
  const lines = createInterface({ input: stdout });
  const last = new Promise<void>((resolve) =>
    lines.on('line', (line) => {
      answers.push(JSON.parse(line));
      if (answers.at(-1)?.id === 'é-last') resolve();
    }),
  );
  for (const chunk of input) stdin.write(chunk);
  await last;
  stdin.end();
  await ended;
  return answers;
}

describe('over stdio', () => {
  it.each(INVALID)('%s', async (line, code, id) => {
    for (const lines of [
      [INITIALIZE, line, PING],
      [line, INITIALIZE, PING],
    ]) {
      const answers = await say([Buffer.from(`${lines.join('\n')}\n`)]);
      expect(answers.filter(({ error }) => error !== undefined)).toEqual([
        { jsonrpc: '2.0', id, error: { code, message: expect.stringMatching(/expected .* got /) } },
      ]);
      expect(answers).toHaveLength(3);
      expect(log.splice(0)).toEqual([expect.stringContaining('mcp: ')]);
    }
  });

  it.each(UNANSWERED)('does not answer %j', async (line) => {
    const answers = await say([Buffer.from(`${[INITIALIZE, line, PING].join('\n')}\n`)]);
    expect(answers.map(({ id }) => id)).toEqual(['first', 'é-last']);
  });

  it('whatever pieces it comes in', async () => {
    const all = Buffer.from(`${[INITIALIZE, 'hello é', PING].join('\n')}\n`);
    const answers = await say([...all].map((byte) => Buffer.of(byte)));
    expect(answers.map(({ id, error }) => error?.code ?? id)).toEqual(
      expect.arrayContaining(['first', -32700, 'é-last']),
    );
    expect(answers).toHaveLength(3);
  });
});

it.each(INVALID)('over HTTP: %s', async (body, code, id) => {
  const { fetch } = createMcpHttp({
    ...deps(),
    onBug: (error) => {
      throw error;
    },
    engine: () => keeping(fakeEngine()),
    callerOf: async () => ({ name: 'ann', scopes: SCOPES }),
    host: '127.0.0.1',
  });
  const headers = {
    host: '127.0.0.1:8100',
    authorization: 'Bearer x',
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const response = await fetch(new Request('http://127.0.0.1:8100/mcp', { method: 'POST', headers, body }));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ jsonrpc: '2.0', id, error: { code } });
});
