/** Durable tasks of MCP: work that outlives its call, and the adapter that answered it. */
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import { SCOPES_OF } from '../../../src/domain/scopes.ts';
import { type FakeEngine, fakeEngine } from '../cli/fake-engine.ts';
import { DIGEST, FAILED, HAPPY, state } from '../cli/states.ts';
import { changes, deps } from './deps.ts';
import { type LineClient, lineClient } from './line-client.ts';

const EXTENSION = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const ABLE = { capabilities: { elicitation: {}, ...EXTENSION } };

/** A client of an adapter that was started just now: whatever it knows, it asked the engine. */
const fresh = (
  engine: FakeEngine,
  parts: Parameters<typeof deps>[0] = {},
  options: object = ABLE,
): Promise<LineClient> => lineClient(deps({ engine, ...parts }), options);

async function once<T>(engine: FakeEngine, act: (client: LineClient) => Promise<T>): Promise<T> {
  const client = await fresh(engine);
  const result = await act(client);
  await client.end();
  return result;
}

const begin = (engine: FakeEngine, id: string) =>
  once(engine, (client) => client.call('show', { id, wait: true })) as Promise<{ readonly taskId: string }>;
const get = async (engine: FakeEngine, taskId: string) =>
  (await once(engine, (client) => client.request('tasks/get', { taskId }))).result;

it('goes from its start over a decision to its end, each step by another adapter', async () => {
  const engine = fakeEngine({ new: [HAPPY.working, HAPPY.waiting, HAPPY.merged] });
  const begun = await once(engine, (client) =>
    client.call('run', { requirement: 'Fix it', id: 'fix', wait: true }),
  );
  expect(begun).toMatchObject({
    resultType: 'task',
    status: 'working',
    taskId: expect.stringMatching(/^fix\./),
    ttlMs: null,
  });
  expect(Date.parse(String(begun.createdAt))).toBe(Date.parse(String(begun.lastUpdatedAt)));
  // It answers only what was started for good.
  expect(changes(engine).map(({ name }) => name)).toEqual(['run']);

  const taskId = String(begun.taskId);
  expect(await get(engine, taskId)).toMatchObject({
    resultType: 'complete',
    taskId,
    status: 'working',
    createdAt: begun.createdAt,
    statusMessage: expect.stringContaining('in_progress'),
  });

  engine.tasks.get('fix')?.shift();
  const waiting = await get(engine, taskId);
  expect(waiting).toMatchObject({ status: 'input_required' });
  const [key = ''] = Object.keys(waiting?.inputRequests ?? {});
  expect(waiting?.inputRequests).toEqual({
    [key]: {
      method: 'elicitation/create',
      params: expect.objectContaining({ message: expect.stringContaining('evidence 1 of 1') }),
    },
  });

  const answer = (inputResponses: object) =>
    once(engine, (client) => client.request('tasks/update', { taskId, inputResponses }));
  await answer({
    [key]: { action: 'decline' },
    other: { action: 'accept', content: { decision: 'approve' } },
  });
  expect(changes(engine)).toHaveLength(1);
  const approve = { [key]: { action: 'accept', content: { decision: 'approve' } } };
  expect(await answer(approve)).toMatchObject({ result: { resultType: 'complete' } });
  // The same answer again, as after a lost acknowledgement, decides nothing more.
  await answer(approve);
  expect(changes(engine).slice(1)).toEqual([
    { name: 'approve', input: { id: 'fix', gate: 'approval-1', digest: DIGEST, via: 'mcp' } },
  ]);

  expect(await get(engine, taskId)).toMatchObject({
    status: 'completed',
    result: { structuredContent: { status: 'completed', mergedCommit: HAPPY.merged.mergedCommit } },
  });
});

describe('says the truth of a task that', () => {
  it.each([
    [
      'failed',
      FAILED,
      { status: 'completed', result: { isError: true, structuredContent: { status: 'failed' } } },
    ],
    ['was cancelled', state({ status: 'cancelled' }), { status: 'cancelled' }],
    ['waits for something', state({ status: 'blocked', waitingFor: 'b' }), { status: 'working' }],
  ])('%s', async (_, now, expected) => {
    const engine = fakeEngine({ a: [now] });
    expect(await get(engine, (await begin(engine, 'a')).taskId)).toMatchObject(expected);
  });

  it('waits for a person whom this client cannot ask', async () => {
    const engine = fakeEngine({ a: [HAPPY.waiting] });
    const { taskId } = await begin(engine, 'a');
    const client = await fresh(engine, {}, { capabilities: EXTENSION });
    expect((await client.request('tasks/get', { taskId })).result).toMatchObject({
      status: 'working',
      statusMessage: expect.stringContaining('awaiting_gate'),
    });
    await client.end();
  });
});

describe('cancelling', () => {
  it.each([
    ['an open task ends it', HAPPY.working, ['cancel']],
    ['one that is over changes nothing', HAPPY.merged, []],
  ])('%s', async (_, now, expected) => {
    const engine = fakeEngine({ a: [now] });
    const { taskId } = await begin(engine, 'a');
    const { result } = await once(engine, (client) => client.request('tasks/cancel', { taskId }));
    expect(result).toMatchObject({ resultType: 'complete' });
    expect(changes(engine).map(({ name }) => name)).toEqual(expected);
  });
});

describe('is refused', () => {
  it.each(['no', 'b.zzz', 'a.', '../a.1', 'a.1.2', 'A.1'])('for the unknown id %s', async (taskId) => {
    const engine = fakeEngine({ a: [HAPPY.working] });
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      const { error } = await once(engine, (client) =>
        client.request(method, { taskId, inputResponses: {} }),
      );
      expect(error).toMatchObject({ code: -32602, message: expect.stringContaining('there is no task') });
    }
    expect(changes(engine)).toEqual([]);
  });

  it('to a client that does not keep tasks, which gets its answer from the call itself', async () => {
    const engine = fakeEngine({ a: [HAPPY.merged] });
    const client = await fresh(engine, {}, {});
    expect((await client.request('tasks/get', { taskId: 'a.1' })).error?.code).toBe(-32021);
    expect(await client.call('show', { id: 'a', wait: true })).toMatchObject({
      resultType: 'complete',
      structuredContent: { status: 'completed' },
    });
    await client.end();
  });

  it('with a token that may only read, as far as it changes something', async () => {
    const engine = fakeEngine({ a: [HAPPY.working] });
    const { taskId } = await begin(engine, 'a');
    const client = await fresh(engine, { caller: { name: 'ci', scopes: SCOPES_OF.read } });
    expect((await client.request('tasks/get', { taskId })).result).toMatchObject({ status: 'working' });
    const { error } = await client.request('tasks/cancel', { taskId });
    expect(error).toMatchObject({ code: -32603, data: { code: 'forbidden' } });
    expect(changes(engine)).toEqual([]);
    await client.end();
  });

  it('while the engine is away, with what to do', async () => {
    const engine = fakeEngine({ a: [HAPPY.working] });
    const { taskId } = await begin(engine, 'a');
    const away = fakeEngine(
      {},
      {
        show: async () => {
          throw new PawlError('unavailable', 'is it up?');
        },
      },
    );
    const { error } = await once(away, (client) => client.request('tasks/get', { taskId }));
    expect(error).toMatchObject({ code: -32603, message: 'is it up?', data: { code: 'unavailable' } });
  });
});

it('asks a client nothing that may not decide, and takes no decision from it', async () => {
  const engine = fakeEngine({ a: [HAPPY.waiting] });
  const { taskId } = await begin(engine, 'a');
  const asked = await get(engine, taskId);
  const [key = ''] = Object.keys(asked?.inputRequests ?? {});
  expect(asked).toMatchObject({ status: 'input_required' });

  const caller = { name: 'ci', scopes: SCOPES_OF.operate };
  const client = await fresh(engine, { caller });
  expect((await client.request('tasks/get', { taskId })).result).toMatchObject({ status: 'working' });
  const inputResponses = { [key]: { action: 'accept', content: { decision: 'approve' } } };
  expect((await client.request('tasks/update', { taskId, inputResponses })).error).toMatchObject({
    message: expect.stringContaining('scope approve'),
    data: { code: 'forbidden' },
  });
  await client.end();
  expect(changes(engine)).toEqual([]);
});
