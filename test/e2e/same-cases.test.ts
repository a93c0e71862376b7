/** The same cases through CLI, HTTP, MCP and the client of scripts: one answer, one error, whoever asks. */
import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { executionOperations } from '../../src/domain/execution-operations.ts';
import { type OperationName, operations } from '../../src/domain/operations.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { common } from './agreement.ts';
import { answeredAlike, everythingOf, makeTasks, refusedAlike } from './alike.ts';
import { CORE } from './core-tools.ts';
import { EDGES, type EdgeName, type Edges, edgesOf, type Shell } from './edges.ts';
import type { McpRig } from './mcp-rig.ts';
import { REFUSED } from './refused-cases.ts';
import { atGate, by, closed, type EngineRig, startRig } from './rig.ts';
import { engineSettings, leave, shellOfHome } from './shells.ts';

let rig: EngineRig;
let shell: Shell;
let mcp: McpRig;
let edges: Edges;
beforeAll(async () => {
  rig = await startRig(engineSettings());
  shell = await shellOfHome(rig);
  mcp = shell.mcp;
  edges = edgesOf(rig, shell);
  await makeTasks(rig.api);
  const { api } = rig;
  // What scripts write past the engine shows there a moment later.
  const settled = async () =>
    expect([(await mcp.ok('list')).total, (await api.show({ id: 'first' })).dependants]).toEqual([
      5,
      ['second'],
    ]);
  await vi.waitFor(settled, { timeout: 30_000 });
}, 120_000);
afterAll(async () => {
  await leave(shell);
  await rig.close();
});

const everything = () => everythingOf(rig.api, edges);

describe('what the core offers', () => {
  const rows = (Object.keys(CORE) as OperationName[]).map((name) => [name, CORE[name]] as const);

  it('is the tools of the table, which leaves out exactly these operations', async () => {
    const { tools } = await mcp.client.listTools();
    const used = new Set(rows.flatMap(([, row]) => row?.tool ?? []));
    expect(tools.map(({ name }) => name).sort()).toEqual([...used].sort());
    expect(rows.filter(([, row]) => row === undefined).map(([name]) => name)).toEqual([
      ...['count', 'claim', 'archive', 'remove', 'upload', 'artifact', 'open', 'sessions', 'forget'],
      ...['vitals', 'restart', 'createToken', 'tokens', 'revokeToken', 'dashboard', 'gates'],
      ...['loops', 'loop', 'checkLoop', 'preview'],
      ...Object.keys(executionOperations),
    ]);
  });

  it('takes every field of an operation but those that its row leaves out', async () => {
    const { tools } = await mcp.client.listTools();
    const found = rows.flatMap(([name, row]) => {
      const takes = tools.find((tool) => tool.name === row?.tool)?.inputSchema.properties ?? {};
      const fields = Object.fromEntries(Object.keys(operations[name].input.shape).map((field) => [field, 1]));
      const given = Object.keys(row?.input?.(fields) ?? fields);
      return row === undefined ? [] : [[name, given.filter((field) => !(field in takes)).sort()]];
    });
    const told = rows.flatMap(([name, row]) => (row === undefined ? [] : [[name, [...row.without].sort()]]));
    expect(found).toEqual(told);
  });
});

describe.each(EDGES)('a decision through %s', (edge) => {
  // Whoever holds the token decides, whatever a caller says of itself.
  const decider = userInfo().username;
  const via = edge === 'mcp' ? 'mcp-allow-approve' : edge;
  const waiting = async (onReject: 'fix' | 'fail') => {
    const work = by('writes', 'new.txt', 'new');
    const id = await rig.run({ repository: newRepository(), ...work, policy: { onReject } });
    await rig.until(id, atGate);
    return id;
  };
  const gateOf = async (id: string) => (await rig.api.show({ id })).gates.at(-1);

  it('merges once, and never what was not shown', async () => {
    const id = await waiting('fix');
    if (edge !== 'mcp') {
      const stale = { id, by: 'ann', digest: 'sha256:old' };
      expect(await edges[edge]('approve', stale)).toMatchObject({ error: { code: 'conflict' } });
      expect(await gateOf(id)).toMatchObject({ status: 'open' });
    }
    const approved = await edges[edge]('approve', { id, by: 'ann' });
    expect(approved).toMatchObject({ answer: { id, status: expect.any(String) } });
    expect(await rig.until(id, closed)).toMatchObject({ status: 'completed' });
    expect(await gateOf(id)).toMatchObject({ gate: 'approval', status: 'approved', by: decider, via });
    const again = await edges[edge]('approve', { id, by: 'ann' });
    expect(again).toMatchObject({ error: { code: 'conflict' } });
    const cancelled = await edges[edge]('cancel', { id });
    expect(cancelled).toMatchObject({ error: { code: 'conflict' } });
  });

  it('rejects with its reason', async () => {
    const id = await waiting('fail');
    const reason = 'nöt 🚲\nlike this';
    const rejected = await edges[edge]('reject', { id, by: 'ann', reason });
    expect(rejected).toMatchObject({ answer: { id, status: expect.any(String) } });
    expect(await rig.until(id, closed)).toMatchObject({ status: 'failed', failure: { class: 'rejected' } });
    expect(await gateOf(id)).toMatchObject({ status: 'rejected', reason, by: decider, via });
  });
});

it.each(EDGES)('what is written through %s is read through all', async (writer) => {
  const id = `read-${writer}`;
  const readsAs = async (status: string) => {
    const { answer } = { answer: undefined, ...(await edges.http('show', { id })) };
    expect(answer).toMatchObject({ id, status });
    const inList = async (reader: EdgeName) =>
      expect(await edges[reader]('list', { text: id })).toMatchObject({
        answer: { tasks: [{ id, status }], total: 1 },
      });
    // Lists from visibility lag behind a little, by the edge that costs least.
    await vi.waitFor(() => inList('http'), { timeout: 30_000 });
    for (const reader of EDGES) {
      await inList(reader);
      const row = await edges[reader]('show', { id });
      const [ours, theirs] = common('answer' in row ? row.answer : row, answer);
      expect({ reader, told: ours }).toEqual({ reader, told: theirs });
    }
  };
  expect(await edges[writer]('create', { id, title: `Task ${id}` })).toMatchObject({ answer: { id } });
  await readsAs('pending');
  await edges[writer]('update', { id, status: 'in_progress', note: 'begun', progress: 0.5 });
  await readsAs('in_progress');
  await edges[writer]('complete', { id, summary: 'done' });
  await readsAs('completed');
});

it('the engine is described alike', async () => {
  const told = await Promise.all(
    (['http', 'cli', 'client'] as const).map(async (edge) => {
      const [vitals, sessions, counts] = [
        await edges[edge]('vitals', {}),
        await edges[edge]('sessions', {}),
        await edges[edge]('count', {}),
      ];
      expect(vitals).toMatchObject({ answer: { healthy: true, pid: rig.endpoints.pid } });
      operations.vitals.output.parse('answer' in vitals ? vitals.answer : undefined);
      return { sessions, counts };
    }),
  );
  expect(told[1]).toEqual(told[0]);
  expect(told[2]).toEqual(told[0]);
});

answeredAlike(() => edges);
refusedAlike(REFUSED, () => edges, everything);
