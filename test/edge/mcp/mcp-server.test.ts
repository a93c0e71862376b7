/** What every tool has of the server, whatever row it is: checks of input, forms of errors, and a clean stdout. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PawlError } from '../../../src/domain/failures.ts';
import { serveMcpOnStdio } from '../../../src/edge/mcp/stdio.ts';
import { type Tool, tool } from '../../../src/edge/mcp/tool.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { deps } from './deps.ts';
import { lineClient } from './line-client.ts';

const row = (call: Tool['call']): Tool => ({
  ...tool({
    name: 'probe',
    title: 'Probe',
    description: 'Does what a test wants.',
    // Not strict: the server makes it so.
    input: z.object({ count: z.int().optional(), deep: z.object({ name: z.string() }).optional() }),
    output: z.object({ ok: z.boolean() }),
    hints: { readOnly: true, destructive: false, idempotent: true },
    call: async () => ({ structured: { ok: true }, text: 'ok' }),
  }),
  call,
});

describe.each(['2025', '2026'] as const)('in the protocol of %s', (era) => {
  it.each([
    [{ count: 'x' }, 'count: ', [['count']]],
    [{ deep: {} }, 'deep.name: ', [['deep', 'name']]],
    [{ counts: 1 }, 'counts', [['counts']]],
    [{ constructor: 1 }, 'constructor', [['constructor']]],
  ])('refuses %j by the name of the field, and calls nothing', async (input, named, details) => {
    let called = 0;
    const tools = [
      row(async () => {
        called += 1;
        return { structured: { ok: true }, text: 'ok' };
      }),
    ];
    const client = await lineClient(deps({ tools }), { era });
    const result = await client.call('probe', input);
    expect(result).toMatchObject({ isError: true, structuredContent: { code: 'invalid_input', details } });
    expect((result.structuredContent as { message: string }).message).toContain(named);
    expect(called).toBe(0);
    await client.end();
  });

  it('answers an error of Pawl with its code, message and details, as data and as text', async () => {
    const tools = [
      row(async () => {
        throw new PawlError('conflict', 'task is completed', { details: { status: 'completed' } });
      }),
    ];
    const client = await lineClient(deps({ tools }), { era });
    expect(await client.call('probe')).toMatchObject({
      isError: true,
      structuredContent: { code: 'conflict', message: 'task is completed', details: { status: 'completed' } },
      content: [{ type: 'text', text: 'conflict: task is completed' }],
    });
    await client.end();
  });

  it.each([
    ['a thrown bug', () => Promise.reject(new TypeError('secret of the inside'))],
    ['an answer that is not of its schema', async () => ({ structured: { ok: 'yes' }, text: 'secret' })],
  ])('says of %s no more than that there is one, and tells it elsewhere', async (_, call) => {
    const bugs: Error[] = [];
    const client = await lineClient(
      deps({ tools: [row(call as Tool['call'])], onBug: (error) => bugs.push(error) }),
      { era },
    );
    const result = await client.call('probe');
    expect(result).toMatchObject({ isError: true, structuredContent: { code: 'internal' } });
    expect(JSON.stringify(result)).not.toMatch(/secret|\bat .*\.ts/);
    expect(bugs).toHaveLength(1);
    await client.end();
  });

  it('refuses a tool that is not there as the protocol has it, naming those that are', async () => {
    const client = await lineClient(deps(), { era });
    const { error } = await client.request('tools/call', { name: 'no', arguments: {} });
    expect(error).toMatchObject({ code: -32602, message: expect.stringContaining('run, create, list') });
    await client.end();
  });

  it('remembers for whom a client speaks', async () => {
    const seen: string[] = [];
    const tools = [
      row(async (_engine, _input, context) => {
        seen.push(context.directory);
        context.speakFor('/elsewhere');
        return { structured: { ok: true }, text: 'ok' };
      }),
    ];
    const client = await lineClient(deps({ tools }), { era });
    await client.call('probe');
    await client.call('probe');
    expect(seen).toEqual(['/home/ann/shop', '/elsewhere']);
    await client.end();
  });

  it('ends what a client gives up', async () => {
    const given = Promise.withResolvers<AbortSignal>();
    const tools = [
      row((_engine, _input, { signal }) => {
        given.resolve(signal);
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      }),
    ];
    const client = await lineClient(deps({ tools }), { era });
    void client.request('tools/call', { name: 'probe', arguments: {} });
    const signal = await given.promise;
    // The end of stdin is the end of everything that was asked through it.
    await client.end();
    expect(signal.aborted).toBe(true);
  });
});

describe('stdio', () => {
  it('carries nothing but the protocol, also after broken lines', async () => {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const ending = new AbortController();
    const ended = serveMcpOnStdio({
      ...deps({ engine: fakeEngine() }),
      stdin,
      stdout,
      signal: ending.signal,
    });
    const out: string[] = [];
    const answered = new Promise<void>((resolve) => {
      stdout.on('data', (chunk) => {
        out.push(String(chunk));
        if (String(chunk).includes('"id":7')) resolve();
      });
    });
    stdin.write('no json\n{"jsonrpc":"2.0"}\n[]\n');
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 't', version: '1' },
    };
    stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'initialize', params })}\n`);
    await answered;
    ending.abort();
    await ended;
    for (const line of out.join('').trim().split('\n'))
      expect(JSON.parse(line)).toHaveProperty('jsonrpc', '2.0');
  });
});
