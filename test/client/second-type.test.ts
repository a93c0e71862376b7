/**
 * That the core is about no type in particular: another type of workflow takes its messages, shows itself, is read, told and
 * repaired by the very code that does so for tasks.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDocumentStore } from '../../src/adapters/files/document-store.ts';
import { readStateOf, type Statuses } from '../../src/client/read-state.ts';
import { endOf } from '../../src/client/run-of.ts';
import { send } from '../../src/client/sending.ts';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import { ExecutionId } from '../../src/domain/ids.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { modulePath } from '../../src/module-path.ts';
import { createRepairs, OwedCancellation } from '../../src/worker/repair.ts';
import { PawlChanged, PawlStatus } from '../../src/workflows/search-attributes.ts';
import { temporaryHome, until } from '../engine/engine-rig.ts';
import type { CountState } from '../fixtures/workflows/second-type.ts';
import { type BareTemporal, startBareTemporal } from '../oracle/bare-temporal.ts';
import { replayOptions } from '../oracle/replay.ts';

const { home, remove } = temporaryHome();
const bundle = { codePath: join(home, 'second-type.js') };
let temporal: BareTemporal;
let stop: () => void;
let working: Promise<unknown>;

beforeAll(async () => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, '..', 'fixtures', 'workflows', 'second-type.ts'),
    workflowInterceptorModules: [modulePath('workflows/activations')],
    payloadConverterPath: modulePath('workflows/payload-converter'),
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} },
  });
  writeFileSync(bundle.codePath, code);
  temporal = await startBareTemporal(home);
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  working = temporal.withWorker({ cachedMax: 200, bundle }, () => stopped);
});
afterAll(async () => {
  stop();
  await working;
  for await (const { workflowId, runId } of temporal.client.workflow.list({
    query: `WorkflowType = 'execution'`,
  })) {
    const history = await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
    await Worker.runReplayHistory(await replayOptions(bundle), history, workflowId);
  }
  await temporal.stop();
  remove();
});

const handleOf = (id: string) => temporal.client.workflow.getHandle(id);
const STATUSES: Statuses<CountState> = {
  isClosed: (status) => status !== 'active',
  statusOf: (described) => {
    const end = endOf(described);
    if (end === undefined) return 'active';
    return end === 'completed' ? end : 'aborted';
  },
};
const stateOf = (id: ExecutionId) => readStateOf(temporal.client, id, STATUSES);
const tell = (id: ExecutionId, name: string, message: { messageId?: string; add?: unknown }) =>
  send({ client: temporal.client }, id, name, message);

async function begin(word: string, eventsMax = 10_000): Promise<ExecutionId> {
  const id = ExecutionId.parse(`x_${word}`);
  await temporal.client.workflow.start('execution', {
    ...{ workflowId: id, taskQueue: TASK_QUEUE, memo: { edition: EDITION, execution: { total: 0 } } },
    args: [{ eventsMax }],
    typedSearchAttributes: [{ key: PawlStatus, value: 'active' }],
  });
  return id;
}

it('takes its own messages, as updates and as signals, and answers a resend as the first time', async () => {
  const id = await begin('adds');
  const active = { id, status: 'active', before: { status: 'active' } };
  expect(await tell(id, 'update', { messageId: 'one', add: 2 })).toEqual(active);
  expect(await tell(id, 'update', { messageId: 'one', add: 2 })).toEqual(active);
  await expect(tell(id, 'update', { messageId: 'one', add: 3 })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('already used for another update'),
  });
  await expect(tell(id, 'update', { add: 'two' })).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(tell(id, 'update', { add: -3 })).rejects.toMatchObject({
    code: 'conflict',
    message: '2 and -3 is less than nothing',
  });
  for (const add of [1, 'nothing']) await handleOf(id).signal('update', { messageId: 'two', add });
  await until(async () => (await stateOf(id)).total === 3);
  expect(await tell(id, 'complete', { messageId: 'end' })).toMatchObject({
    status: 'completed',
    before: { status: 'active' },
  });
  await handleOf(id).result();
  expect(await stateOf(id)).toMatchObject({ id, status: 'completed', total: 3 });
  expect(await tell(id, 'update', { messageId: 'one', add: 2 })).toEqual(active);
  await expect(tell(id, 'update', { add: 1 })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`execution ${id} is completed`),
  });
});

it('goes on in another run with what it has seen and what it shows', async () => {
  const id = await begin('goes-on', 20);
  const first = await tell(id, 'update', { messageId: 'first', add: 1 });
  for (let at = 2; at <= 12; at += 1) await tell(id, 'update', { messageId: `m${at}`, add: 1 });
  await until(async () => (await stateOf(id)).runs > 1);
  expect(await tell(id, 'update', { messageId: 'first', add: 1 })).toEqual(first);
  expect(await stateOf(id)).toMatchObject({ total: 12 });
  const { memo, typedSearchAttributes } = await handleOf(id).describe();
  expect(memo).toMatchObject({ edition: EDITION, execution: { total: expect.any(Number) } });
  expect(typedSearchAttributes.get(PawlStatus)).toBe('active');
  expect(typedSearchAttributes.get(PawlChanged)).toBeInstanceOf(Date);
  await tell(id, 'complete', {});
});

it('tells each change once', async () => {
  const id = await begin('tells');
  const { told } = await stateOf(id);
  await tell(id, 'update', { add: 1 });
  await expect(tell(id, 'update', { add: -5 })).rejects.toMatchObject({ code: 'conflict' });
  expect((await stateOf(id)).told).toBe(told + 1);
  await tell(id, 'complete', {});
});

it('says by its own words how it ended where it could not say so itself', async () => {
  const id = await begin('is-terminated');
  await tell(id, 'update', { add: 1 });
  await handleOf(id).terminate();
  expect(await stateOf(id)).toMatchObject({ status: 'aborted', total: 1 });
  await expect(tell(id, 'update', { add: 1 })).rejects.toMatchObject({
    message: expect.stringContaining(`execution ${id} is aborted`),
  });
});

it('is unknown by its own name, and a task under its id would be none', async () => {
  const unknown = ExecutionId.parse('x_nobody');
  const message = 'there is no execution x_nobody: `pawl execution list` shows those there are';
  await expect(stateOf(unknown)).rejects.toMatchObject({ code: 'not_found', message });
  await expect(tell(unknown, 'update', { add: 1 })).rejects.toMatchObject({ code: 'not_found', message });
  await temporal.client.workflow.start('greet', { workflowId: unknown, taskQueue: 'of nobody' });
  await expect(stateOf(unknown)).rejects.toMatchObject({
    code: 'not_found',
    message: 'x_nobody is a workflow of type greet, not an execution',
  });
  await handleOf(unknown).terminate();
});

it('is begun anew where it cannot be replayed, and named as what it is', async () => {
  const id = await begin('is-lost');
  await tell(id, 'update', { messageId: 'kept', add: 5 });
  const { runId } = await handleOf(id).describe();
  const notices: string[] = [];
  const owed = createDocumentStore(join(home, 'owed'), OwedCancellation);
  const repairs = createRepairs({ client: temporal.client, owed, onNotice: (line) => notices.push(line) });
  repairs.failed({ runId, cause: 'replay', message: 'told by hand' });
  await repairs.settled();
  expect(notices).toEqual([
    expect.stringMatching(/^execution x_is-lost could not be replayed and was begun anew/),
  ]);
  expect(repairs.failing()).toEqual([]);
  expect((await handleOf(id).describe()).runId).not.toBe(runId);
  expect(await stateOf(id)).toMatchObject({ total: 5 });
  await tell(id, 'complete', {});
});
