/** The operations of an engine in another process: the same inputs, answers and errors as if it were in this one. */

import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { PawlError } from '../../../src/domain/failures.ts';
import { TaskId } from '../../../src/domain/ids.ts';
import { type Calls, type OperationName, operations } from '../../../src/domain/operations.ts';
import { createApiClient } from '../../../src/edge/http/api-client.ts';
import { asked, fakeEngine } from '../cli/fake-engine.ts';
import { HAPPY } from '../cli/states.ts';
import { valid } from './arbitrary.ts';
import { TOKEN } from './call.ts';
import { farOf, nowhere, one, serve, strangerOn, unavailable, until } from './far-engine.ts';

describe('the way there', () => {
  it.each(Object.keys(operations) as OperationName[])(
    '%s gets its input, and its error comes back',
    async (name) => {
      const schema: z.ZodObject = operations[name].input;
      const problem = new PawlError('precondition', 'not like this', { details: [['title'], { a: 1 }] });
      const inputs: unknown[] = [];
      const note = (input: unknown) => {
        inputs.push(input);
        return Promise.reject(problem);
      };
      const server = await serve({ ...fakeEngine(), [name]: note });
      const far = farOf(server);
      const call = (input: unknown) => (far[name] as (input: unknown) => Promise<unknown>)(input);
      await fc.assert(
        fc.asyncProperty(
          valid(schema).map((input) => schema.parse(input)),
          async (input) => {
            await expect(call(input)).rejects.toMatchObject({
              name: 'PawlError',
              code: 'precondition',
              message: 'not like this',
              details: [['title'], { a: 1 }],
            });
            const sent = JSON.parse(
              JSON.stringify(input),
              operations[name].method === 'GET' ? withoutEmpty : undefined,
            );
            expect(inputs.pop()).toEqual(sent);
          },
        ),
        { numRuns: 25 },
      );
    },
  );
  /** In a query an empty list is none. */
  const withoutEmpty = (_: string, value: unknown) =>
    Array.isArray(value) && value.length === 0 ? undefined : value;

  it('takes a thousand long ids in one read', async () => {
    const engine = fakeEngine();
    const parent = Array.from({ length: 1_000 }, (_, at) => TaskId.parse(`${'p'.repeat(50)}-${at}`));
    const filter = operations.list.input.parse({ parent, limit: 1_000 });
    await farOf(await serve(engine)).list(filter);
    expect(engine.calls).toEqual([{ name: 'list', input: filter }]);
  });

  it('says that an address is too long', async () => {
    const { url } = await serve(fakeEngine());
    const answer = await fetch(`${url}/api/tasks?text=${'x'.repeat(20_000)}`);
    expect(answer.status).toBe(431);
    expect(await answer.json()).toEqual({
      error: { code: 'too_large', message: expect.stringContaining('16384 bytes') },
    });
    const far = createApiClient({ api: url, token: TOKEN });
    const id = TaskId.parse('one');
    await expect(far.show({ id: 'y'.repeat(20_000) as typeof id })).rejects.toMatchObject({
      code: 'invalid_input',
      details: [['id']],
    });
  });

  it('says that something is no request', async () => {
    const { url } = await serve(fakeEngine());
    const socket = connect(Number(new URL(url).port), '127.0.0.1').end('no request at all\r\n\r\n');
    const said = await text(socket);
    expect(said).toMatch(/^HTTP\/1.1 400 Bad Request/);
    expect(JSON.parse(said.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: { code: 'invalid_input' } });
  });

  it('takes a requirement of four megabytes', async () => {
    const engine = fakeEngine();
    const requirement = 'word '.repeat(800_000).trim();
    await farOf(await serve(engine)).run({ id: one, requirement, repository: '/there' });
    expect(engine.calls).toEqual([{ name: 'run', input: { id: 'one', requirement, repository: '/there' } }]);
  });
});

it('answers what the engine itself answers', async () => {
  const tasks = { one: [HAPPY.waiting, HAPPY.merged] };
  const far: Calls = farOf(await serve(fakeEngine(tasks)));
  const near: Calls = asked(fakeEngine(tasks));
  const filter = operations.list.input.parse({});
  expect(await far.show({ id: one })).toEqual(await near.show({ id: one }));
  expect(await far.list(filter)).toEqual(await near.list(filter));
  expect(await far.gates({})).toEqual(await near.gates({}));
  expect(await far.logs({ id: one, offset: 0 })).toEqual(await near.logs({ id: one, offset: 0 }));
  expect(await far.diff({ id: one })).toEqual(await near.diff({ id: one }));
  const decision = { id: one, gate: 'approval', by: 'ann', via: 'mcp' } as const;
  expect(await far.approve(decision)).toEqual(await near.approve(decision));
});

describe('what can be wrong', () => {
  it('says that the engine cannot be reached', async () => {
    const far = farOf(await nowhere());
    await expect(far.show({ id: one })).rejects.toMatchObject(unavailable(/ECONNREFUSED.*pawl up -d/));
    await expect(far.news(one, until(60_000))[Symbol.asyncIterator]().next()).rejects.toMatchObject(
      unavailable(/ECONNREFUSED/),
    );
  });

  it.each<[string, RequestListener]>([
    ['a page', (_, answer) => answer.end('<html>')],
    ['an error page', (_, answer) => answer.writeHead(502).end('<html>')],
    ['an error of its own', (_, answer) => answer.writeHead(404).end('{"message":"no"}')],
    ['a redirection', (_, answer) => answer.writeHead(302, { location: '/login' }).end()],
    [
      'half an answer',
      (_, answer) => answer.writeHead(200, { 'content-length': '100' }).end('{', () => answer.destroy()),
    ],
    ['an answer in another form', (_, answer) => answer.end('{"id":"one"}')],
  ])('says that somebody else answered with %s', async (_, listener) => {
    const far = createApiClient({ api: await strangerOn(listener), token: TOKEN });
    await expect(far.show({ id: one })).rejects.toMatchObject(unavailable(/127\.0\.0\.1/));
  });

  it('says that the token is wrong, and that the engine starts', async () => {
    const wrong = farOf(await serve(fakeEngine()), { token: 'another-token-altogether' });
    await expect(wrong.show({ id: one })).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('token'),
    });
    const starting = farOf(await serve(undefined));
    for (const _ of [1, 2, 3, 4])
      await expect(starting.show({ id: one })).rejects.toMatchObject(unavailable(/starting/));
  });

  it('fails at once after three calls in vain, and is back after one that is not', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const server = await nowhere();
    const far = farOf(server);
    for (const _ of [1, 2, 3])
      await expect(far.show({ id: one })).rejects.toMatchObject(unavailable(/ECONNREFUSED/));
    await serve(fakeEngine({ one: [HAPPY.merged] }), Number(new URL(server.url).port));
    await expect(far.show({ id: one })).rejects.toMatchObject({
      ...unavailable(/does not answer/),
      details: { retryAfterMs: 1_000 },
    });
    vi.advanceTimersByTime(1_000);
    expect(await far.show({ id: one })).toMatchObject({ id: 'one' });
  });

  const impatient = { answerMsMax: 60_000, lookEveryMs: 20, healthMsMax: 50 };

  it('that was found by its home is named by its process where it is silent: to start another one would not help', async () => {
    const api = await strangerOn(() => undefined);
    const far = createApiClient({ api, token: TOKEN, pid: 4711, patience: impatient });
    const helps = /it \(pid 4711\) holds its home; `pawl down` ends it, then `pawl up -d` starts it again$/;
    await expect(far.gates({})).rejects.toMatchObject(unavailable(helps));
    // By its circuit breaker as well.
    await expect(far.gates({})).rejects.toMatchObject(unavailable(helps));
  });

  it('gives up waiting for one that does not even tell its health, and asks it no more before it does', async () => {
    let isSilent = true;
    const asked: string[] = [];
    const api = await strangerOn(({ url = '' }, answer) => {
      asked.push(url);
      if (!isSilent) answer.end(url === '/api/health' ? '{}' : '{"gates":[]}');
    });
    vi.useFakeTimers({ toFake: ['performance'] });
    // Long enough for the answer at the end, also of a busy machine.
    const patience = { ...impatient, healthMsMax: 1_000 };
    const far = createApiClient({ api, token: TOKEN, patience });
    await expect(far.gates({})).rejects.toMatchObject(unavailable(/no answer in time/));
    await expect(far.gates({})).rejects.toMatchObject(unavailable(/does not answer/));
    vi.advanceTimersByTime(1_000);
    await expect(far.gates({})).rejects.toMatchObject(unavailable(/no answer in time/));
    expect(asked.filter((url) => url !== '/api/health')).toHaveLength(1);
    isSilent = false;
    vi.advanceTimersByTime(2_000);
    expect(await far.gates({})).toEqual({ gates: [] });
  });

  it('waits for what takes long as long as the engine tells its health', async () => {
    const held: (() => void)[] = [];
    let looks = 0;
    const api = await strangerOn(({ url }, answer) => {
      if (url !== '/api/health') held.push(() => answer.end('{"gates":[]}'));
      else {
        looks += 1;
        answer.writeHead(503).end('{}');
        if (looks === 5) for (const go of held) go();
      }
    });
    const far = createApiClient({ api, token: TOKEN, patience: { ...impatient, healthMsMax: 30_000 } });
    expect(await Promise.all([far.gates({}), far.gates({})])).toEqual([{ gates: [] }, { gates: [] }]);
    expect(looks).toBeGreaterThanOrEqual(5);
  });

  it('gives up following one that does not even tell its health', async () => {
    const api = await strangerOn(() => undefined);
    const far = createApiClient({ api, token: TOKEN, patience: impatient });
    await expect(far.news(one, until(60_000))[Symbol.asyncIterator]().next()).rejects.toMatchObject(
      unavailable(/no answer in time/),
    );
  });

  it('ends with the reason of its signal', async () => {
    const stop = new AbortController();
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const engine = fakeEngine({}, { show: () => new Promise(() => resolve()) });
    const call = farOf(await serve(engine), { signal: stop.signal }).show({ id: one });
    const rejected = expect(call).rejects.toThrow('the client left');
    await asked;
    stop.abort(new Error('the client left'));
    await rejected;
  });
});

it('a body of a length that it says is read without a web stream around it, any other as it comes', async () => {
  const toWeb = vi.spyOn(Readable, 'toWeb');
  const engine = fakeEngine();
  const { url } = await serve(engine);
  const { create } = createApiClient({ api: url, token: TOKEN });
  const input = operations.create.input.parse({ id: 'one', title: 'höre' });
  await create(input);
  expect(toWeb).not.toHaveBeenCalled();
  const words = JSON.stringify(input);
  const chunks = [words.slice(0, 10), words.slice(10)].map((part) => Buffer.from(part));
  const request = { method: 'POST', body: ReadableStream.from(chunks), duplex: 'half' } as const;
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  expect((await fetch(`${url}/api/tasks`, { ...request, headers })).status).toBe(200);
  expect(toWeb).toHaveBeenCalledOnce();
  toWeb.mockRestore();
  expect(engine.calls).toEqual([
    { name: 'create', input },
    { name: 'create', input },
  ]);
});
