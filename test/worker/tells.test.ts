/** Workers in processes of their own tell their engine what happens: what Temporal itself counts says that it is not asked. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { by } from '../e2e/rig.ts';
import { until } from '../engine/engine-rig.ts';
import { type AloneRig, startAloneRig } from './alone-rig.ts';
import type { Reads } from './counted-temporal.ts';

let alone: AloneRig;
const api = () => alone.engine().api;

beforeAll(async () => {
  alone = await startAloneRig();
  await api().create({ id: 'told', title: 'Told' });
});
beforeEach(() => untilTold());
afterAll(() => alone.close());

/** What Temporal was asked meanwhile. */
async function askedWhile(act: () => Promise<unknown>): Promise<Reads> {
  const before = await alone.temporal.reads();
  await act();
  const after = await alone.temporal.reads();
  return Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - before[name as keyof Reads]]),
  ) as Reads; // the same keys
}
/** One look for what ended past the workers may be due, as with a worker inside. */
const NOTHING = {
  QueryWorkflow: 0,
  DescribeWorkflowExecution: 0,
  GetWorkflowExecutionHistory: 0,
  PollWorkflowExecutionHistory: 0,
};

/** Until the engine shows a task that it knows without asking. */
const untilTold = () =>
  until(async () => {
    await api().show({ id: 'told' });
    return (await askedWhile(() => api().show({ id: 'told' }))).QueryWorkflow === 0;
  });
it('a follower is told states and output as they happen, and Temporal is not asked for them', async () => {
  const heard = join(scratchFolder('heard'), 'output');
  const id = await alone.engine().run({ repository: newRepository(), ...by('prints-until', heard) });
  const followed = alone.follow(id);
  await until(() => followed.outputs() > 0);
  const more = followed.outputs() + 20;
  expect(await askedWhile(() => until(() => followed.outputs() > more))).toMatchObject(NOTHING);
  writeFileSync(heard, '');
  await until(() => followed.seen.at(-1)?.status === 'awaiting_gate');
  expect(followed.seen.at(-1)).toEqual(await alone.asked(id));
  const texts = followed.seen.map((state) => JSON.stringify(state));
  expect(new Set(texts).size).toBe(texts.length);
  await followed.leave();
  await api().cancel({ id });
});

it('what was just written is shown and listed, and Temporal is not asked', async () => {
  await api().create({ id: 'written', title: 'Written' });
  const reads = await askedWhile(async () => {
    for (let count = 1; count <= 30; count += 1) {
      await api().update({ id: 'written', note: `note ${count}`, progress: count / 100 });
      expect((await api().show({ id: 'written' })).notes.at(-1)).toBe(`note ${count}`);
    }
    await api().update({ id: 'written', status: 'in_progress' });
    expect((await api().list({})).tasks.find(({ id }) => id === 'written')).toMatchObject({
      status: 'in_progress',
    });
  });
  expect(reads).toMatchObject(NOTHING);
});

it('an execution is told as it goes on, and Temporal is not asked for it', async () => {
  const id = 'x_told';
  const inputs = { report: 'It fails' };
  await api().startExecution({ id, loop: 'bugfix', project: newRepository(), inputs });
  const leaving = new AbortController();
  const seen: string[] = [];
  const following = (async () => {
    for await (const { notes } of api().followExecution(id, leaving.signal)) seen.push(notes.at(-1) ?? '');
  })();
  await until(() => seen.length > 0);
  const reads = await askedWhile(async () => {
    for (let count = 1; count <= 10; count += 1) {
      await api().updateExecution({ id, note: `note ${count}` });
      expect((await api().execution({ id })).notes.at(-1)).toBe(`note ${count}`);
    }
    await until(() => seen.at(-1) === 'note 10');
    expect((await api().executions({})).executions).toMatchObject([{ id, status: 'active' }]);
  });
  expect(reads).toMatchObject(NOTHING);
  leaving.abort();
  await following;
  await api().steerExecution({ id, steer: { act: 'abort' } });
});

it('where nobody reads and nothing moves Temporal is asked nothing', async () => {
  expect(await askedWhile(() => sleep(3_000))).toEqual({
    ...NOTHING,
    ListWorkflowExecutions: 0,
    CountWorkflowExecutions: 0,
  });
});

it('a worker that is killed is missed at once, and its successor tells again', async () => {
  await api().create({ id: 'killed', title: 'Killed' });
  const followed = alone.follow('killed');
  await until(() => followed.seen.length > 0);
  await alone.endWorker(alone.workers()[0], 'SIGKILL');
  // Where nothing is told, Temporal is asked for it.
  await alone.tell('killed', 'meanwhile');
  await alone.startWorker();
  await until(() => followed.notes()?.includes('meanwhile') === true);
  await untilTold();
  await api().update({ id: 'killed', note: 'told again' });
  await until(() => followed.notes()?.includes('told again') === true);
  expect(followed.seen.at(-1)).toEqual(await alone.asked('killed'));
  await followed.leave();
});

it('an engine that is killed and started again is told again by the worker that stayed', async () => {
  await alone.killEngine();
  await untilTold();
  await api().update({ id: 'told', note: 'told to the next one' });
  expect(await api().show({ id: 'told' })).toEqual(await alone.asked('told'));
});

it('a worker that is stopped is not taken for one that has nothing to tell, and tells again when it goes on', async () => {
  const [worker] = alone.workers();
  worker?.kill('SIGSTOP');
  // Only Temporal knows now, and it has nobody to ask.
  await expect(api().show({ id: 'told' })).rejects.toMatchObject({ code: 'unavailable' });
  await alone.tell('told', 'while it was stopped');
  worker?.kill('SIGCONT');
  await until(async () => (await alone.asked('told')).notes.includes('while it was stopped'));
  await untilTold();
  expect(await api().show({ id: 'told' })).toEqual(await alone.asked('told'));
});

it('an engine that is stopped has not missed what happens meanwhile', async () => {
  alone.signalEngine('SIGSTOP');
  await alone.tell('told', 'while the engine was stopped');
  await until(async () => (await alone.asked('told')).notes.includes('while the engine was stopped'));
  alone.signalEngine('SIGCONT');
  expect(await api().show({ id: 'told' })).toEqual(await alone.asked('told'));
});

it('who reads the feed is told each change, and nothing is looked for in between', async () => {
  const leaving = new AbortController();
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { event } of api().events(undefined, leaving.signal))
      seen.push(event.type === 'row' ? `${event.row.id} ${event.row.status}` : event.type);
  })();
  await until(() => seen.includes('snapshot'));
  const reads = await askedWhile(async () => {
    await api().create({ id: 'fed', title: 'Fed' });
    await api().update({ id: 'fed', status: 'in_progress' });
    await until(() => seen.includes('fed in_progress'));
    await sleep(3_000);
  });
  expect(reads).toMatchObject(NOTHING);
  // What is looked for each second finds as many times more.
  expect(reads.ListWorkflowExecutions).toBeLessThanOrEqual(2);
  leaving.abort();
  await reading;
});

it('of two workers both tell', async () => {
  const second = await alone.startWorker();
  await untilTold();
  const ids = Array.from({ length: 8 }, (_, index) => `of-two-${index}`);
  for (const id of ids) await api().create({ id, title: id });
  const followers = ids.map(alone.follow);
  const write = async (note: string) => {
    await Promise.all(ids.map((id) => api().update({ id, note })));
    for (const follower of followers) await until(() => follower.notes()?.includes(note) === true);
  };
  await write('one');
  const reads = await askedWhile(async () => {
    for (const note of ['two', 'three']) await write(note);
    for (const id of ids) expect((await api().show({ id })).notes).toEqual(['one', 'two', 'three']);
  });
  expect(reads).toMatchObject(NOTHING);
  for (const id of ids) expect(await api().show({ id })).toEqual(await alone.asked(id));
  for (const follower of followers) await follower.leave();
  await alone.endWorker(second, 'SIGTERM');
});
