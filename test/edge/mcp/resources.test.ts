/** Resources and prompts, as a client of either protocol era reads them. */
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import { SPECIALISTS } from '../../../src/domain/plan.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { DIGEST, HAPPY } from '../cli/states.ts';
import { deps } from './deps.ts';
import { lineClient } from './line-client.ts';

const WITHIN = `pawl://artifacts/${DIGEST}?type=code&bytes=4&name=src%2Fa.ts`;

describe.each(['2025', '2026'] as const)('in the protocol of %s', (era) => {
  const withArtifact = (bytes: Buffer) =>
    fakeEngine(
      {},
      {
        // Two bytes an answer: a reader has to go on.
        artifact: async ({ digest, offset }) => ({
          digest,
          bytes: bytes.length,
          content: bytes.subarray(offset, offset + 2).toString('base64'),
          next: offset + 2 < bytes.length ? offset + 2 : null,
        }),
      },
    );

  it('reads a task as JSON', async () => {
    const client = await lineClient(deps({ engine: fakeEngine({ a: [HAPPY.waiting] }) }), { era });
    const { result } = await client.request('resources/read', { uri: 'pawl://tasks/a' });
    const [{ text = '', ...content } = {}] = (result?.contents ?? []) as { text?: string }[];
    expect(content).toEqual({ uri: 'pawl://tasks/a', mimeType: 'application/json' });
    expect(JSON.parse(text)).toEqual({ ...HAPPY.waiting, id: 'a' });
    await client.end();
  });

  it.each([
    ['a text', Buffer.from('größe'), { mimeType: 'text/plain', text: 'größe' }],
    ['bytes', Buffer.from([0xff, 0, 1]), { mimeType: 'application/octet-stream', blob: '/wAB' }],
    ['nothing', Buffer.alloc(0), { mimeType: 'text/plain', text: '' }],
  ])('reads an artifact that is %s by the address that a task holds', async (_, bytes, content) => {
    const client = await lineClient(deps({ engine: withArtifact(bytes) }), { era });
    for (const uri of [WITHIN, `pawl://artifacts/${DIGEST}`]) {
      const { result } = await client.request('resources/read', { uri });
      expect(result?.contents).toEqual([{ uri, ...content }]);
    }
    await client.end();
  });

  it('reads an artifact that is long in parts, each of which names the next', async () => {
    const text = `${'"größe"\n'.repeat(900_000)}end`;
    const bytes = Buffer.from(text);
    const client = await lineClient(
      deps({
        engine: fakeEngine(
          {},
          {
            artifact: async ({ digest, offset }) => ({
              digest,
              bytes: bytes.length,
              content: bytes.subarray(offset).toString('base64'),
              next: null,
            }),
          },
        ),
      }),
      { era },
    );
    const texts: string[] = [];
    for (let uri: string | undefined = `pawl://artifacts/${DIGEST}`; uri !== undefined; ) {
      const { result } = await client.request('resources/read', { uri });
      const [part, rest] = (result?.contents ?? []) as { uri: string; text: string }[];
      texts.push(part?.text ?? '');
      expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(6_001_000);
      if (rest !== undefined) expect(rest.text).toContain(`of ${bytes.length}. The next part is ${rest.uri}`);
      uri = rest?.uri;
    }
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.join('') === text).toBe(true);
    const beyond = { uri: `pawl://artifacts/${DIGEST}?offset=${bytes.length + 1}` };
    expect((await client.request('resources/read', beyond)).error?.message).toContain('offset: expected');
    await client.end();
  });

  it('names both kinds of addresses', async () => {
    const client = await lineClient(deps(), { era });
    const { result } = await client.request('resources/templates/list');
    const templates = (result?.resourceTemplates ?? []) as { uriTemplate: string }[];
    expect(templates.map(({ uriTemplate }) => uriTemplate.replace(/\{.*/, ''))).toEqual([
      'pawl://tasks/',
      'pawl://artifacts/',
    ]);
    await client.end();
  });

  it.each([
    ['a task that is not there', 'pawl://tasks/b', 'there is no task b'],
    ['an id that is none', 'pawl://tasks/NO', 'id: expected'],
    ['a digest that is none', 'pawl://artifacts/abc', 'digest: expected sha256:'],
  ])('refuses %s by the caller’s fault', async (_, uri, message) => {
    const engine = fakeEngine();
    const client = await lineClient(deps({ engine }), { era });
    const { error } = await client.request('resources/read', { uri });
    expect([-32602, -32002]).toContain(error?.code);
    expect(error?.message).toContain(message);
    await client.end();
  });

  it('tells a reader of an engine that is away what to do', async () => {
    const away = async () => {
      throw new PawlError('unavailable', 'the engine cannot be reached: is it up?');
    };
    const client = await lineClient(deps({ engine: fakeEngine({}, { show: away }) }), { era });
    const { error } = await client.request('resources/read', { uri: 'pawl://tasks/a' });
    expect(error).toMatchObject({
      message: expect.stringContaining('is it up?'),
      data: { code: 'unavailable' },
    });
    await client.end();
  });

  it('has a prompt for every specialist, about a task where one is named', async () => {
    const client = await lineClient(deps(), { era });
    const { result } = await client.request('prompts/list');
    const prompts = (result?.prompts ?? []) as { name: string; arguments: unknown }[];
    expect(prompts.map(({ name }) => name)).toEqual(SPECIALISTS);
    const texts = new Set<string>();
    for (const name of SPECIALISTS) {
      const about = async (args: object) => {
        const got = await client.request('prompts/get', { name, arguments: args });
        const [message] = (got.result?.messages ?? []) as { content: { text: string } }[];
        return message?.content.text ?? '';
      };
      const plain = await about({});
      texts.add(plain);
      expect(await about({ task_id: 'fix-login' })).toContain(`${plain}\n\nYour task is fix-login of Pawl`);
    }
    expect(texts.size).toBe(SPECIALISTS.length);
    await client.end();
  });

  it('refuses a prompt about what is no task id', async () => {
    const client = await lineClient(deps(), { era });
    const { error } = await client.request('prompts/get', { name: 'coder', arguments: { task_id: '../..' } });
    expect(error?.code).toBe(-32602);
    await client.end();
  });
});
