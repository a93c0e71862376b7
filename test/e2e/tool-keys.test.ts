/** Tools of toolset `core` with an idempotency key: over stdio, and over the engine's own `/mcp`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenOf } from '../../src/engine/home.ts';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { type McpRig, serveMcpHere } from './mcp-rig.ts';
import { agent, type EngineRig, quoted, startRig } from './rig.ts';
import { runsOf } from './runs-of.ts';

let rig: EngineRig;
const here = scratchFolder('here');
const elsewhere = scratchFolder('elsewhere');
const adapters: McpRig[] = [];
beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => {
  await Promise.all(adapters.map((adapter) => adapter.close()));
  const { tasks } = await rig.api.list({ status: ['pending', 'blocked', 'in_progress', 'awaiting_gate'] });
  await Promise.all(tasks.map(({ id }) => rig.api.cancel({ id })));
  await rig.close();
});

type Input = Readonly<Record<string, unknown>>;
/** What a tool answers; its code and message where it was refused. */
type Call = (name: string, input: Input) => Promise<Record<string, unknown>>;

/** A new adapter for each call: what is kept is kept by the engine. */
const overStdio =
  (directory: string): Call =>
  async (name, input) => {
    const adapter = await serveMcpHere(rig.home, directory, 'core');
    adapters.push(adapter);
    return (await adapter.call(name, { ...input })).structured;
  };

const overHttp =
  (directory: string, token?: string): Call =>
  async (name, input) => {
    const answer = await fetch(`${rig.endpoints.api}/mcp?directory=${encodeURIComponent(directory)}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token ?? tokenOf(rig.home, {})}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name, arguments: input },
      }),
    });
    const text = await answer.text();
    return Object(JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text)).result.structuredContent;
  };

/** How they ended Temporal's lists tell a moment later. */
const runIdsOf = async (id: string) => (await runsOf(rig.client, id)).map(({ runId }) => runId);

let count = 0;
const created = async (): Promise<Input> => {
  count += 1;
  return { id: (await rig.api.create({ id: `tool-${count}`, title: 'Mine' })).id };
};
const failed = async (): Promise<Input> => {
  const { id } = await created();
  await rig.api.complete({ id: String(id), summary: 'no', outcome: 'failed' });
  return { id };
};
/** Each answers an input that the tool can act on. */
const TOOLS: readonly (readonly [tool: string, what: string, fresh: () => Promise<Input>])[] = [
  ['create', 'a task', async () => ({ title: `Of mine ${count++}` })],
  ['update', 'a report', async () => ({ ...(await created()), note: 'begun', status: 'in_progress' })],
  ['complete', 'an end', async () => ({ ...(await created()), summary: 'done' })],
  ['control', 'a cancellation', async () => ({ ...(await created()), action: 'cancel' })],
  ['control', 'another run', async () => ({ ...(await failed()), action: 'retry' })],
];

describe.each([
  ['stdio', overStdio],
  ['HTTP', overHttp],
] as const)('over %s', (edge, over) => {
  it.each(TOOLS)('%s: %s is answered as the first time and done once', async (tool, what, fresh) => {
    const call = over(here);
    const input = { ...(await fresh()), idempotency_key: `${edge} ${what}` };
    const first = await call(tool, input);
    expect(first).toMatchObject({ id: expect.any(String), status: expect.any(String) });
    const id = String(first.id);
    const before = await rig.api.show({ id });
    const runs = await runIdsOf(id);
    expect(await Promise.all([call(tool, input), call(tool, input)])).toEqual([first, first]);
    // The engine keeps it for whoever asks from there, by whatever way.
    expect(await overHttp(here)(tool, input)).toEqual(first);
    expect(await rig.api.show({ id })).toEqual(before);
    expect(await runIdsOf(id)).toEqual(runs);
    const another = { ...(await fresh()), idempotency_key: `${edge} ${what}` };
    expect(await call(tool, another)).toMatchObject({ code: 'conflict' });
    expect(await over(elsewhere)(tool, another)).toMatchObject({ status: expect.any(String) });
  });

  it('run starts once, and tells how the task is', async () => {
    const command = quoted(agent('writes', 'new.txt', 'new'));
    const repository = newRepository({
      'pawl.yaml': `agents:\n  writer:\n    command: ${JSON.stringify(command)}\n`,
    });
    const input = { requirement: 'Do it', repository, agent: 'writer', idempotency_key: `${edge} run` };
    const call = over(here);
    const { id } = await call('run', input);
    const again = await Promise.all([call('run', { ...input, wait: true }), call('run', input)]);
    expect(again).toMatchObject([{ id, status: 'awaiting_gate' }, { id }]);
    expect(await runsOf(rig.client, String(id))).toHaveLength(1);
    expect(await call('run', { ...input, requirement: 'Do another' })).toMatchObject({ code: 'conflict' });
  });
});

it('another caller with the same key in the same session makes a call of its own', async () => {
  const { token } = await rig.api.createToken({ name: 'ben', scope: 'operate' });
  const input = { title: 'Twice', idempotency_key: 'mine' };
  const [mine, bens] = [await overHttp(here)('create', input), await overHttp(here, token)('create', input)];
  expect(bens.id).not.toBe(mine.id);
  expect(await overHttp(here, token)('create', input)).toEqual(bens);
});
