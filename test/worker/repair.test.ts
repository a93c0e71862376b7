/** Tasks whose workflow task fails: begun anew where that helps, named with what a person can do where it does not. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { bundleWorkflowCode } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDocumentStore } from '../../src/adapters/files/document-store.ts';
import { queryTask } from '../../src/client/querying.ts';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { modulePath } from '../../src/module-path.ts';
import { onFailedRun } from '../../src/worker/failed-runs.ts';
import { createRepairs, OwedCancellation, type Repairs } from '../../src/worker/repair.ts';
import { temporaryHome, until } from '../engine/engine-rig.ts';
import { unpackWorkflows } from '../fixtures/version-0.1.0/workflows.ts';
import { type BareTemporal, startBareTemporal } from '../oracle/bare-temporal.ts';
import { expectAllReplay } from '../oracle/replay.ts';

const { home, remove } = temporaryHome();
const old = unpackWorkflows();
const throwing = { codePath: join(home, 'throws.js') };
let temporal: BareTemporal;
let repairs: Repairs;
let unlisten: () => void;
const notices: string[] = [];
/** Tasks that have to stay as they are. */
const leftUnreadable: string[] = [];
const owed = createDocumentStore(join(home, 'owed'), OwedCancellation);

beforeAll(async () => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, '..', 'fixtures', 'workflows', 'throws.ts'),
    payloadConverterPath: modulePath('workflows/payload-converter'),
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} },
  });
  writeFileSync(throwing.codePath, code);
  temporal = await startBareTemporal(home);
  repairs = createRepairs({ client: temporal.client, owed, onNotice: (line) => notices.push(line) });
  unlisten = onFailedRun(repairs.failed);
});
afterAll(async () => {
  unlisten();
  await repairs.settled();
  await expectAllReplay(temporal.client, leftUnreadable).finally(() => temporal.stop());
  old.remove();
  remove();
});

const handleOf = (id: string) => temporal.client.workflow.getHandle(id);
/** As every reader asks: core loses a query that comes while it evicts the workflow. */
const stateOf = (id: string) => queryTask<TaskState, []>(temporal.client, handleOf(id), 'state');
/** The server refuses questions while a workflow task that failed is due again. */
const answers = async (id: string) => (await stateOf(id).catch(() => undefined)) !== undefined;
const tell = (id: string, name: string, body: object) => handleOf(id).executeUpdate(name, { args: [body] });
const start = (id: string) =>
  temporal.client.workflow.start('task', {
    workflowId: id,
    taskQueue: TASK_QUEUE,
    args: [{ spec: { kind: 'client_driven', id, title: 'A task', description: '' }, edition: 2 }],
  });
const hasFailed = ({
  workflowTaskFailedEventAttributes: one,
}: object & { workflowTaskFailedEventAttributes?: unknown }) => one != null;
/** The same client, but that every cancellation is lost. */
function withoutCancel(client: Client, error: Error): Client {
  const getHandle = (...args: Parameters<Client['workflow']['getHandle']>) =>
    Object.assign(client.workflow.getHandle(...args), { cancel: () => Promise.reject(error) });
  const workflow = new Proxy(client.workflow, {
    get: (of, name) => (name === 'getHandle' ? getHandle : Reflect.get(of, name, of)),
  });
  return new Proxy(client, {
    get: (of, name) => (name === 'workflow' ? workflow : Reflect.get(of, name, of)),
  });
}
/**
 * Beside a worker of 0.1.0, which repaired nothing: a run that is begun anew while it serves would be its own again, in the order in
 * which it told messages.
 */
async function byOld(act: () => Promise<unknown>): Promise<void> {
  unlisten();
  try {
    await temporal.withWorker({ cachedMax: 200, bundle: old }, act);
  } finally {
    unlisten = onFailedRun(repairs.failed);
  }
}
/** As 0.1.0 lost it: begun by one worker, told by another. */
async function lose(id: string, act: () => Promise<unknown>): Promise<void> {
  await start(id);
  await byOld(() => stateOf(id));
  await byOld(act);
}

it('a task that cannot be replayed is begun anew as soon as it is asked, and a cancellation is kept', async () => {
  const id = `lost-${randomUUID().slice(0, 8)}`;
  await lose(id, () => tell(id, 'update', { note: 'kept' }));
  await handleOf(id).cancel();
  await temporal.withWorker({ cachedMax: 200 }, async () => {
    await until(async () => (await handleOf(id).describe()).status.name === 'CANCELLED');
    expect(await stateOf(id)).toMatchObject({ status: 'cancelled', notes: ['kept'] });
    await repairs.settled();
  });
  expect(repairs.failing()).toEqual([]);
  expect(notices.filter((line) => line.includes(id))).toHaveLength(1);
});

it('a cancellation is sent by the next worker where the one that repaired was killed before it could', async () => {
  const id = `owed-${randomUUID().slice(0, 8)}`;
  await lose(id, () => tell(id, 'update', { note: 'kept' }));
  await handleOf(id).cancel();
  const { runId } = await handleOf(id).describe();
  const killed = new Error('killed');
  const dies = { ...owed, remove: () => Promise.reject(killed) };
  const client = withoutCancel(temporal.client, killed);
  const first = createRepairs({ client, owed: dies, onNotice: () => undefined });
  await temporal.withWorker({ cachedMax: 200 }, async () => {
    first.failed({ runId, cause: 'replay', message: 'told by hand' });
    await first.settled();
    expect((await handleOf(id).describe()).status.name).toBe('RUNNING');
    await repairs.payOwed();
    await until(async () => (await handleOf(id).describe()).status.name === 'CANCELLED');
    expect(await owed.list()).toEqual([]);
    expect(await stateOf(id)).toMatchObject({ status: 'cancelled', notes: ['kept'] });
  });
});

it('a task that somebody has terminated stays so, also when it is asked', async () => {
  const id = `ended-${randomUUID().slice(0, 8)}`;
  leftUnreadable.push(id);
  await lose(id, () => tell(id, 'update', { note: 'kept' }));
  await handleOf(id).terminate('an operator wants it to end');
  await temporal.withWorker({ cachedMax: 200 }, async () => {
    await expect(stateOf(id)).rejects.toThrow('its history cannot be replayed');
    await repairs.settled();
  });
  expect((await handleOf(id).describe()).status.name).toBe('TERMINATED');
  expect(repairs.failing()).toEqual([]);
});

it('messages keep their order where the first workflow task had failed before', async () => {
  const id = `order-${randomUUID().slice(0, 8)}`;
  await start(id);
  await temporal.withWorker({ cachedMax: 200, bundle: throwing }, async () => {
    await until(async () => (await handleOf(id).fetchHistory()).events?.some(hasFailed) === true);
  });
  await byOld(() => until(() => answers(id)));
  await byOld(async () => {
    await tell(id, 'update', { note: 'u0' });
    await handleOf(id).signal('update', { note: 's0' });
    for (const note of ['u1', 'u2', 'u3']) await tell(id, 'update', { note });
  });
  for (const _ of ['warm', 'cold']) {
    await temporal.withWorker({ cachedMax: 200 }, async () => {
      await until(() => answers(id));
      expect(await stateOf(id)).toMatchObject({ notes: ['u0', 's0', 'u1', 'u2', 'u3'] });
    });
  }
});

it('two workers that hear of it begin it anew once', async () => {
  const id = `twice-${randomUUID().slice(0, 8)}`;
  await lose(id, () => tell(id, 'update', { note: 'once' }));
  const { runId } = await handleOf(id).describe();
  const others = createRepairs({ client: temporal.client, owed, onNotice: () => undefined });
  const failed = { runId, cause: 'replay', message: 'told by hand' } as const;
  await temporal.withWorker({ cachedMax: 200 }, async () => {
    for (const one of [repairs, others, repairs]) one.failed(failed);
    await Promise.all([repairs.settled(), others.settled()]);
    expect(await stateOf(id)).toMatchObject({ notes: ['once'] });
  });
  const runs = [];
  for await (const run of temporal.client.workflow.list({ query: `WorkflowId = '${id}'` })) runs.push(run);
  expect(runs.map(({ status }) => status.name).sort()).toEqual(['RUNNING', 'TERMINATED']);
});

it('a task whose code throws is named, with what a person can do, until it moves again', async () => {
  const id = `throws-${randomUUID().slice(0, 8)}`;
  await start(id);
  await temporal.withWorker({ cachedMax: 200, bundle: throwing }, () =>
    until(() => repairs.failing().length > 0),
  );
  expect(repairs.failing()).toEqual([
    {
      id,
      since: expect.any(String),
      problem: expect.stringContaining('a bug of these workflows'),
      remedy: expect.stringMatching(/go on with the version of Pawl that began it/),
    },
  ]);
  await temporal.withWorker({ cachedMax: 200 }, () => tell(id, 'update', { note: 'mended' }));
  repairs.moved(id);
  expect(repairs.failing()).toEqual([]);
});

it('a task whose code throws is not named any more once somebody has ended it', async () => {
  const id = `gone-${randomUUID().slice(0, 8)}`;
  await start(id);
  await temporal.withWorker({ cachedMax: 200, bundle: throwing }, () =>
    until(() => repairs.failing().length > 0),
  );
  await repairs.lookAgain();
  expect(repairs.failing()).toMatchObject([{ id }]);
  await handleOf(id).terminate();
  await repairs.lookAgain();
  expect(repairs.failing()).toEqual([]);
});

it('of a run that is not the latest, or of no task, nothing is done', async () => {
  const before = notices.length;
  repairs.failed({ runId: randomUUID(), cause: 'replay', message: 'nobody knows it' });
  await repairs.settled();
  expect(repairs.failing()).toEqual([]);
  expect(notices).toHaveLength(before);
});

it.each([
  ['a workflow of another type', 'greet', 'greets'],
  ['an execution under the id of a task', 'execution', 'runs-a-loop'],
  ['one of the type whose id is no task id', 'task', 'No task'],
])('of %s nothing is done', async (_, type, workflowId) => {
  const before = notices.length;
  const handle = await temporal.client.workflow.start(type, { workflowId, taskQueue: 'of nobody' });
  repairs.failed({ runId: handle.firstExecutionRunId, cause: 'code', message: 'told by hand' });
  await repairs.settled();
  expect(repairs.failing()).toEqual([]);
  expect(notices).toHaveLength(before);
  await handle.terminate();
});
