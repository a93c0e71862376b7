/** What one edge puts away is out of the lists of all others, and in those of what was put away. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import type { TaskId } from '../../src/domain/ids.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { EDGES, type Edge, type EdgeName, edgesOf } from './edges.ts';
import { type McpRig, startMcp } from './mcp-rig.ts';
import { type EngineRig, startRig } from './rig.ts';

const WRITERS = ['http', 'cli', 'client'] as const;

let rig: EngineRig;
let mcp: McpRig;
let edges: Readonly<Record<EdgeName, Edge>>;
beforeAll(async () => {
  rig = await startRig();
  mcp = await startMcp(rig.home, rig.home);
  edges = edgesOf(rig, { env: {}, mcp, api: rig.api });
});
afterAll(async () => {
  await mcp.close();
  await rig.close();
});

it.each(WRITERS)('through %s', async (writer) => {
  const id = `away-${writer}`;
  const totals = async (readers: readonly EdgeName[], filter: object) => {
    const lists = await Promise.all(readers.map((reader) => edges[reader]('list', { text: id, ...filter })));
    return lists.map((list) => ('answer' in list ? (list.answer as { total: number }).total : list));
  };
  await edges.http('create', { id, title: `Task ${id}` });
  expect(await totals(EDGES, {})).toEqual(EDGES.map(() => 1));
  await edges.http('complete', { id, summary: 'done' });
  await edges[writer]('archive', { id });
  expect(await totals(EDGES, {})).toEqual(EDGES.map(() => 0));
  expect(await totals(WRITERS, { archived: true })).toEqual([1, 1, 1]);
  await edges[writer]('remove', { id });
  expect(await totals(WRITERS, { archived: true })).toEqual([0, 0, 0]);
  const child = { id: `child-${writer}`, title: 'Part of what is gone', parent: id };
  expect(await edges.http('create', child)).toMatchObject({ error: { code: 'not_found' } });
});

describe('a run that is started under the id of a task that was', () => {
  const ended = async (id: string) => {
    await rig.api.create({ id, title: `Task ${id}` });
    await rig.api.complete({ id, summary: 'no way', outcome: 'failed' });
    // The state is closed a moment before the workflow is.
    await rig.client.workflow
      .getHandle(id)
      .result()
      .catch(() => undefined);
  };
  const listed = async (id: string, filter: object = {}) =>
    (await rig.api.list({ text: id, ...filter })).tasks.map(({ status }) => status);

  it('put away is shown as it is now, and listed among the others', async () => {
    await ended('again-archived');
    await rig.api.archive({ id: 'again-archived' });
    expect(await listed('again-archived')).toEqual([]);
    expect(await rig.api.retry({ id: 'again-archived' })).toMatchObject({ created: true });
    expect(await rig.api.update({ id: 'again-archived', status: 'in_progress' })).toMatchObject({
      status: 'in_progress',
    });
    expect(await rig.api.show({ id: 'again-archived' })).toMatchObject({ status: 'in_progress' });
    expect(await listed('again-archived')).toEqual(['in_progress']);
    expect(await listed('again-archived', { archived: true })).toEqual([]);
    await rig.api.complete({ id: 'again-archived', summary: 'done' });
  });

  it('is told to who waits for it, also to one that asked the run before too late', async () => {
    await ended('again-asked');
    // Planned before that was over, as Temporal has it.
    const described = { id: 'asks-late', title: 'Asks late', description: '' };
    const spec = { kind: 'client_driven', ...described, plan: { dependencies: ['again-asked'] } };
    await rig.client.workflow.start('task', {
      ...{ workflowId: spec.id, taskQueue: TASK_QUEUE, memo: { edition: EDITION } },
      args: [{ spec: { ...spec, plannedAt: new Date().toISOString() }, edition: EDITION }],
    });
    const asking = async () => (await rig.api.show({ id: spec.id as TaskId })).waitingFor;
    await expect.poll(asking).toBe('again-asked, which is failed');
    await rig.api.retry({ id: 'again-asked' });
    await rig.api.complete({ id: 'again-asked', summary: 'done at last' });
    await expect.poll(async () => (await rig.api.show({ id: spec.id as TaskId })).status).toBe('pending');
    await rig.api.complete({ id: spec.id, summary: 'done' });
  });
});
