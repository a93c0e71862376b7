/**
 * Workflows that are no tasks, beside tasks and under ids as tasks have them: another program's, and executions. No read shows
 * one, no call reaches one, and whoever names one is told what it is. They do their best to be taken for tasks.
 */
import { join } from 'node:path';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import type { CallContext } from '../../src/domain/idempotency-key.ts';
import type { EngineClient } from '../../src/domain/operations.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { PawlKind, PawlStatus, PawlTitle } from '../../src/workflows/search-attributes.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { quietSdk } from '../oracle/quiet-sdk.ts';
import { by, type EngineRig, startRig } from './rig.ts';

const QUEUE = 'other';
/** By id: its type, and what callers are told that it is. */
const OTHERS = {
  'greets-on': { type: 'greet', is: 'a workflow of type greet' },
  greeted: { type: 'greet', is: 'a workflow of type greet' },
  'runs-a-loop': { type: 'execution', is: 'an execution' },
  'ran-a-loop': { type: 'execution', is: 'an execution' },
} as const;
/** A task's, until another workflow has it. */
const REUSED = 'put-away';
const OPEN = ['greets-on', 'runs-a-loop'] as const;
const IDS = Object.keys(OTHERS) as (keyof typeof OTHERS)[];

let engine: EngineRig;
let connection: NativeConnection;
let worker: Worker;
let working: Promise<void>;
const handleOf = (id: string) => engine.client.workflow.getHandle(id);

beforeAll(async () => {
  quietSdk();
  engine = await startRig();
  await engine.api.create({ id: 'a-task', title: 'Looks like a task, and is one' });
  connection = await NativeConnection.connect({ address: engine.endpoints.temporal });
  worker = await Worker.create({
    connection,
    namespace: engine.endpoints.namespace,
    taskQueue: QUEUE,
    workflowsPath: join(import.meta.dirname, '..', 'fixtures', 'workflows', 'other-types.ts'),
  });
  working = worker.run();
  for (const id of IDS) {
    await engine.client.workflow.start(OTHERS[id].type, {
      ...{ workflowId: id, taskQueue: QUEUE },
      memo: { edition: EDITION, digest: 'sha256:0', task: { title: 'Looks like a task', description: '' } },
      typedSearchAttributes: [
        { key: PawlStatus, value: 'awaiting_gate' },
        { key: PawlKind, value: 'client_driven' },
        { key: PawlTitle, value: 'Looks like a task' },
      ],
    });
    // It has begun.
    await handleOf(id).query('heard');
  }
  for (const id of IDS.filter((one) => !OPEN.some((open) => open === one))) {
    await handleOf(id).signal('end');
    await handleOf(id).result();
  }
});
afterAll(async () => {
  for (const id of OPEN) await handleOf(id).terminate();
  worker.shutdown();
  await working;
  await connection.close();
  await engine.close([...IDS, REUSED]);
});

/** Every operation that names a task. */
const CALLS: Readonly<
  Record<string, (api: EngineClient, id: string, context?: CallContext) => Promise<unknown>>
> = {
  show: (api, id) => api.show({ id }),
  update: (api, id, context) => api.update({ id, note: 'a note' }, context),
  claim: (api, id, context) => api.claim({ id }, context),
  complete: (api, id, context) => api.complete({ id, summary: 'done' }, context),
  'complete as failed': (api, id, context) =>
    api.complete({ id, summary: 'no way', outcome: 'failed' }, context),
  approve: (api, id) => api.approve({ id, gate: 'approval' }),
  reject: (api, id) => api.reject({ id, gate: 'approval', reason: 'no' }),
  tell: (api, id) => api.tell({ id, text: 'go on' }),
  retry: (api, id, context) => api.retry({ id }, context),
  'retry, fresh': (api, id, context) => api.retry({ id, fresh: true }, context),
  cancel: (api, id, context) => api.cancel({ id }, context),
  archive: (api, id, context) => api.archive({ id }, context),
  remove: (api, id, context) => api.remove({ id }, context),
  diff: (api, id) => api.diff({ id }),
  logs: (api, id) => api.logs({ id }),
};
const KEYED = ['update', 'claim', 'complete', 'retry', 'cancel', 'archive', 'remove'];

describe.each(IDS)('%s', (id) => {
  const { is } = OTHERS[id];

  it.each(Object.entries(CALLS))('%s says what it is', async (_, call) => {
    await expect(call(engine.api, id)).rejects.toMatchObject({
      code: 'not_found',
      message: `${id} is ${is}, not a task`,
    });
  });

  it.each(KEYED)('%s under a key says so, and says it again', async (name) => {
    for (const _ of ['first', 'again']) {
      const called = CALLS[name]?.(engine.api, id, { key: `${name} ${id}` });
      await expect(called).rejects.toMatchObject({
        code: 'not_found',
        message: `${id} is ${is}, not a task`,
      });
    }
  });

  it('is followed by nobody', async () => {
    const following = engine.api.follow(id)[Symbol.asyncIterator]().next();
    await expect(following).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining(is),
    });
  });

  it('leaves its id to no task', async () => {
    const taken = { code: 'conflict', message: `the id ${id} is that of ${is}: choose another id` };
    await expect(engine.api.create({ id, title: 'Mine' })).rejects.toMatchObject(taken);
    const run = engine.run({ id, repository: newRepository(), ...by('writes', 'a.txt', 'a') });
    await expect(run).rejects.toMatchObject(taken);
  });

  it.each(['parent', 'dependencies'])('is nothing that a task names as %s', async (field) => {
    const named = field === 'parent' ? { parent: id } : { dependencies: [id] };
    const planned = engine.api.create({ id: `names-${id}`, title: 'Names it', ...named });
    await expect(planned).rejects.toMatchObject({ code: 'not_found' });
  });
});

it('no list, count, gate, event or figure tells of one', async () => {
  const { tasks, total } = await engine.api.list({ text: 'looks like a task' });
  expect(tasks.map(({ id }) => id)).toEqual(['a-task']);
  expect(total).toBe(1);
  expect((await engine.api.list({ id: [...IDS, 'a-task'] })).total).toBe(1);
  expect((await engine.api.count({})).total).toBe(1);
  expect(await engine.api.gates({})).toEqual({ gates: [] });
  const vitals = await engine.api.vitals({});
  expect(vitals).toMatchObject({ healthy: true, failing: [], tasks: { pending: 1, awaiting_gate: 0 } });
  const leaving = new AbortController();
  for await (const { event } of engine.api.events(undefined, leaving.signal)) {
    expect(event).toMatchObject({ type: 'snapshot', rows: [{ id: 'a-task' }] });
    leaving.abort();
  }
});

it('one that is over is to a task that waits for it as one that is not there', async () => {
  const id = 'waits-by-hand';
  const spec = {
    kind: 'client_driven',
    id,
    title: 'Waits',
    description: '',
    plan: { dependencies: ['greeted'] },
  };
  await engine.client.workflow.start('task', {
    ...{ workflowId: id, taskQueue: TASK_QUEUE, memo: { edition: EDITION } },
    args: [{ spec: { ...spec, plannedAt: new Date().toISOString() }, edition: EDITION }],
  });
  await expect
    .poll(async () => (await engine.api.show({ id })).waitingFor)
    .toBe('greeted, which is cancelled');
  await engine.api.cancel({ id });
});

it('a task that was put away is shown, and removed, under an id that another workflow has by now', async () => {
  const id = REUSED;
  await engine.api.create({ id, title: 'Was a task' });
  await engine.api.complete({ id, summary: 'done' });
  await engine.api.archive({ id });
  await handleOf(id).result();
  await engine.client.workflow.start('greet', { workflowId: id, taskQueue: QUEUE });
  try {
    expect(await engine.api.show({ id })).toMatchObject({ title: 'Was a task', status: 'completed' });
    expect(await engine.api.remove({ id })).toMatchObject({ removed: true });
    await expect(engine.api.show({ id })).rejects.toMatchObject({ code: 'not_found' });
    expect((await handleOf(id).describe()).status.name).toBe('RUNNING');
  } finally {
    await handleOf(id).terminate();
  }
});

it('after all that each is as it was, and has heard nothing', async () => {
  for (const id of IDS) {
    expect(await handleOf(id).query('heard'), id).toEqual([]);
    const { type, status } = await handleOf(id).describe();
    expect({ type, status: status.name }, id).toEqual({
      type: OTHERS[id].type,
      status: OPEN.some((open) => open === id) ? 'RUNNING' : 'COMPLETED',
    });
  }
});

it('an id of the form that executions have is none of a task', async () => {
  await expect(engine.api.show({ id: 'x_runs-a-loop' })).rejects.toMatchObject({
    message: expect.stringContaining('x_runs-a-loop is an execution, not a task'),
  });
});
