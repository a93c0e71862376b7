/** Removing a task beside running it again: what lives is neither hidden nor deleted, and what was removed does not come back. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDocumentStore } from '../../src/adapters/files/document-store.ts';
import { waitForEnd } from '../../src/client/run-end.ts';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import { Archived } from '../../src/domain/documents.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { atGate, attach, by, type EngineRig, startRig } from './rig.ts';
import { runsOf } from './runs-of.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const runs = async (id: string) => (await runsOf(rig.client, id)).map(({ runId }) => runId);
const fail = (id: string) => rig.api.complete({ id, summary: 'no way', outcome: 'failed' });
const ended = (id: string) => waitForEnd(rig.client, TaskId.parse(id));
const start = (id: string, title: string) => {
  const args = [{ spec: { kind: 'client_driven', id, title, description: '', plan: {} }, edition: EDITION }];
  return rig.client.workflow.start('task', {
    workflowId: id,
    taskQueue: TASK_QUEUE,
    args,
    memo: { edition: EDITION },
  });
};
async function restart(): Promise<void> {
  await rig.leave();
  expect(await rig.pawl(['down'])).toMatchObject({ code: 0 });
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  rig = await attach(rig);
}

it('a task that was run again just now is not removed, also not by the next engine', async () => {
  const ids = ['again-1', 'again-2', 'again-3', 'again-4'];
  for (const id of ids) {
    await rig.api.create({ id, title: 'Again' });
    await fail(id);
    expect(await rig.api.retry({ id })).toMatchObject({ created: true });
    await expect(rig.api.remove({ id })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('complete or cancel it first'),
    });
    expect(await rig.api.show({ id })).toMatchObject({ status: 'pending' });
    await rig.api.complete({ id, summary: 'done at last' });
  }
  await restart();
  for (const id of ids) expect(await rig.api.show({ id })).toMatchObject({ status: 'completed' });
  expect((await rig.api.list({ id: ids })).tasks).toHaveLength(ids.length);
}, 120_000);

it('of a task that is run again and removed at the same time, one call wins and the other says why not', async () => {
  for (const id of ['both-1', 'both-2', 'both-3', 'both-4']) {
    await rig.api.create({ id, title: 'Both' });
    await fail(id);
    const [again, gone] = await Promise.allSettled([rig.api.retry({ id }), rig.api.remove({ id })]);
    expect([again.status, gone.status].sort()).toEqual(['fulfilled', 'rejected']);
    if (again.status === 'rejected') {
      expect(again.reason).toMatchObject({ code: 'not_found' });
      continue;
    }
    expect(gone).toMatchObject({ reason: { code: 'conflict' } });
    await rig.api.complete({ id, summary: 'done' });
    expect(await rig.api.show({ id })).toMatchObject({ status: 'completed' });
  }
}, 60_000);

it('a task that was removed cannot be run again while its history is still there', async () => {
  await rig.api.create({ id: 'gone', title: 'Gone' });
  await fail('gone');
  expect(await rig.api.remove({ id: 'gone' })).toMatchObject({ removed: true });
  await expect(rig.api.retry({ id: 'gone' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(rig.api.show({ id: 'gone' })).rejects.toMatchObject({ code: 'not_found' });
});

it('a note of a removal hides and deletes the runs that it means, and no run that was begun since', async () => {
  const id = 'begun-since';
  await start(id, 'Old');
  await fail(id);
  await ended(id);
  const old = await rig.client.workflow.getHandle(id).describe();
  const newer = await start(id, 'New');
  const [row] = (await rig.api.list({ id: [id] })).tasks;
  // Written late, as by an engine that had not seen the new run.
  const removedAt = new Date().toISOString();
  const note = { row: { ...row, removedAt }, removedUntil: old.startTime.toISOString() };
  await createDocumentStore(rig.places.archive, Archived).put(id, note as never);
  // Begun past the engine, it is known from its first workflow task on.
  await expect.poll(async () => (await rig.api.show({ id })).title).toBe('New');
  await rig.api.complete({ id, summary: 'done' });
  await ended(id);
  await restart();
  await expect.poll(() => runs(id), { timeout: 120_000, interval: 500 }).toEqual([newer.firstExecutionRunId]);
  expect(await rig.api.show({ id })).toMatchObject({ title: 'New', status: 'completed' });
  expect((await rig.api.list({ id: [id] })).tasks).toHaveLength(1);
}, 180_000);

it('an agent run that was just said to have failed is run again or removed at once, while it cleans up', async () => {
  const failed = async () => {
    const id = await rig.run({ repository: newRepository(), ...by('writes', 'new.txt', 'new') });
    await rig.until(id, atGate);
    await fail(id);
    expect(await rig.api.show({ id })).toMatchObject({ status: 'failed' });
    return id;
  };
  const id = await failed();
  expect(await rig.api.retry({ id })).toEqual({ id, created: true });
  await rig.until(id, atGate);
  await rig.api.cancel({ id });
  const gone = await failed();
  expect(await rig.api.remove({ id: gone })).toMatchObject({ removed: true });
  await expect(rig.api.show({ id: gone })).rejects.toMatchObject({ code: 'not_found' });
}, 60_000);

it('whoever waits for the end of a run that does not come is told to try again', async () => {
  const id = TaskId.parse('never-ends');
  const run = await rig.client.workflow.start('task', { workflowId: id, taskQueue: 'nobody', args: [] });
  await expect(waitForEnd(rig.client, id, 200)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('still cleans up'),
  });
  await run.terminate();
  await waitForEnd(rig.client, id);
});
