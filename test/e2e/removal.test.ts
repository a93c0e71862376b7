/** A task that is removed leaves nothing in Temporal: every run of it goes, also where the one who removes it is killed half-way. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDocumentStore } from '../../src/adapters/files/document-store.ts';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import { Archived } from '../../src/domain/documents.ts';
import type { PawlError } from '../../src/domain/failures.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { attach, type EngineRig, startRig } from './rig.ts';
import { runsOf } from './runs-of.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const runs = (id: string) => runsOf(rig.client, id);
const ended = (id: string) =>
  rig.client.workflow
    .getHandle(id)
    .result()
    .catch(() => undefined);

/** Went on in several runs, failed, and was run again. */
async function long(id: string): Promise<void> {
  const spec = { kind: 'client_driven', id, title: 'Long', description: '', plan: {} };
  const args = [{ spec, edition: EDITION, eventsMax: 16 }];
  const memo = { edition: EDITION };
  await rig.client.workflow.start('task', { workflowId: id, taskQueue: TASK_QUEUE, args, memo });
  for (const note of ['one', 'two', 'three', 'four']) await rig.api.update({ id, note });
  await rig.api.complete({ id, summary: 'no way', outcome: 'failed' });
  await ended(id);
  expect(await rig.api.retry({ id })).toMatchObject({ created: true });
  await rig.api.complete({ id, summary: 'done at last' });
  await ended(id);
  const closed = expect.not.arrayContaining([expect.objectContaining({ status: 'RUNNING' })]);
  await expect.poll(() => runs(id), { timeout: 30_000 }).toEqual(closed);
  const kinds = (await runs(id)).map(({ status }) => status).sort();
  expect(kinds).toEqual(expect.arrayContaining(['COMPLETED', 'CONTINUED_AS_NEW', 'FAILED']));
}

const nothing = (id: string) => expect.poll(() => runs(id), { timeout: 120_000, interval: 500 }).toEqual([]);

it('every run goes, another task may have the id, and who waited for it waits for that one', async () => {
  await rig.api.create({ id: 'needed', title: 'Needed' });
  await rig.api.create({ id: 'waits', title: 'Waits', dependencies: ['needed'] });
  await rig.api.create({ id: 'waits-too', title: 'Waits for that', dependencies: ['waits'] });
  await rig.api.cancel({ id: 'needed' });
  await rig.api.remove({ id: 'needed' });
  await long('several-runs');
  await rig.api.create({ id: 'several-runs-2', title: 'Another' });
  await rig.api.remove({ id: 'several-runs' });
  await expect(rig.api.remove({ id: 'several-runs' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(rig.api.show({ id: 'several-runs' })).rejects.toMatchObject({ code: 'not_found' });
  // Nobody is told that a task is there which is not: its id is free, or it is not yet.
  const early = await rig.api.create({ id: 'several-runs', title: 'Early' }).then(
    ({ created }) => created || 'there already',
    ({ code }: PawlError) => code,
  );
  expect([true, 'unavailable']).toContain(early);
  if (early === true)
    await rig.api.cancel({ id: 'several-runs' }).then(() => rig.api.remove({ id: 'several-runs' }));
  await nothing('several-runs');
  expect(await runs('several-runs-2')).toHaveLength(1);
  expect(await rig.api.create({ id: 'several-runs', title: 'New' })).toMatchObject({ created: true });
  expect(await rig.api.show({ id: 'several-runs' })).toMatchObject({ title: 'New', status: 'pending' });
  await expect.poll(() => runs('several-runs')).toHaveLength(1);

  await nothing('needed');
  await expect(
    rig.api.create({ id: 'needed', title: 'Circle', dependencies: ['waits-too'] }),
  ).rejects.toMatchObject({ code: 'precondition', message: expect.stringContaining('waits-too waits for') });
  expect(await runs('needed')).toEqual([]);
  await rig.api.create({ id: 'needed', title: 'Needed again' });
  expect(await rig.api.show({ id: 'waits' })).toMatchObject({ status: 'blocked' });
  await rig.api.complete({ id: 'needed', summary: 'done' });
  await rig.until('waits', ({ status }) => status === 'pending');
}, 240_000);

it('who waited for it need not wait any more', async () => {
  await rig.api.create({ id: 'gone', title: 'Gone' });
  await rig.api.create({ id: 'left', title: 'Left', dependencies: ['gone'] });
  await rig.api.cancel({ id: 'gone' });
  await rig.api.remove({ id: 'gone' });
  expect(await rig.api.update({ id: 'left', dropDependencies: ['gone'] })).toMatchObject({
    status: 'pending',
    before: { status: 'blocked' },
  });
  expect((await rig.api.list({ id: ['left'] })).tasks[0]?.plan?.dependencies).toBeUndefined();
});

/** As a call leaves it that is killed once it has said that the task is gone. */
async function removeHalf(id: string): Promise<void> {
  await long(id);
  const [row] = (await rig.api.list({ id: [id] })).tasks;
  const archive = createDocumentStore(rig.places.archive, Archived);
  await archive.put(id, { row: { ...row, removedAt: new Date().toISOString() } as never });
  const [oldest] = (await runs(id)).toReversed();
  await rig.client.workflowService.deleteWorkflowExecution({
    namespace: rig.endpoints.namespace,
    workflowExecution: { workflowId: id, runId: oldest?.runId ?? '' },
  });
}

it('what a killed removal has left goes once an engine is up again', async () => {
  await removeHalf('left-half');
  process.kill(rig.endpoints.pid, 'SIGKILL');
  await rig.leave();
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  rig = await attach(rig);
  await expect(rig.api.show({ id: 'left-half' })).rejects.toMatchObject({ code: 'not_found' });
  await nothing('left-half');
}, 180_000);
