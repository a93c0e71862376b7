/** Workers in processes of their own tell their engine what happens: what Temporal itself counts says that it is not asked. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { isRunning, sendSignal } from '../../src/adapters/programs/processes.ts';
import { queryTask } from '../../src/client/querying.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { attach, by, type EngineRig, startRig } from '../e2e/rig.ts';
import { until } from '../engine/engine-rig.ts';
import { type CountedTemporal, type Reads, startCountedTemporal } from './counted-temporal.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'worker.ts');

let temporal: CountedTemporal;
let rig: EngineRig;
let workers: ChildProcess[] = [];

beforeAll(async () => {
  temporal = await startCountedTemporal();
  rig = await startRig({ PAWL_WORKER: 'off', TEMPORAL_ADDRESS: temporal.address });
  await startWorker();
  await rig.api.create({ id: 'told', title: 'Told' });
});
beforeEach(() => untilTold());
afterAll(async () => {
  try {
    for (const worker of workers) worker.kill('SIGCONT');
    sendSignal(rig.endpoints.pid, 'SIGCONT');
    await rig.close();
  } finally {
    for (const worker of workers) await end(worker, 'SIGTERM');
    await temporal.stop();
  }
});

async function startWorker(): Promise<ChildProcess> {
  const log = openSync(join(scratchFolder('worker'), 'worker.log'), 'a');
  const env = { ...process.env, PAWL_HOME: rig.home, TEMPORAL_ADDRESS: temporal.address };
  const worker = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', log, log] });
  workers.push(worker);
  return worker;
}

async function end(worker: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (worker === undefined) return;
  workers = workers.filter((one) => one !== worker);
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = once(worker, 'exit');
  worker.kill(signal);
  await ended;
}

/** What Temporal was asked meanwhile. */
async function askedWhile(act: () => Promise<unknown>): Promise<Reads> {
  const before = await temporal.reads();
  await act();
  const after = await temporal.reads();
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
    await rig.api.show({ id: 'told' });
    return (await askedWhile(() => rig.api.show({ id: 'told' }))).QueryWorkflow === 0;
  });
const asked = (id: string) =>
  queryTask<TaskState, []>(rig.client, rig.client.workflow.getHandle(id), 'state');

/** Followed from here on. */
function follow(id: string) {
  const leaving = new AbortController();
  const seen: TaskState[] = [];
  let outputs = 0;
  const ended = (async () => {
    for await (const news of rig.api.news(TaskId.parse(id), leaving.signal)) {
      if (news.type === 'state') seen.push(news.state);
      else outputs += 1;
    }
  })();
  return {
    seen,
    outputs: () => outputs,
    notes: () => seen.at(-1)?.notes,
    async leave() {
      leaving.abort();
      await ended;
    },
  };
}

it('a follower is told states and output as they happen, and Temporal is not asked for them', async () => {
  const heard = join(scratchFolder('heard'), 'output');
  const id = await rig.run({ repository: newRepository(), ...by('prints-until', heard) });
  const followed = follow(id);
  await until(() => followed.outputs() > 0);
  const more = followed.outputs() + 20;
  expect(await askedWhile(() => until(() => followed.outputs() > more))).toMatchObject(NOTHING);
  writeFileSync(heard, '');
  await until(() => followed.seen.at(-1)?.status === 'awaiting_gate');
  expect(followed.seen.at(-1)).toEqual(await asked(id));
  const texts = followed.seen.map((state) => JSON.stringify(state));
  expect(new Set(texts).size).toBe(texts.length);
  await followed.leave();
  await rig.api.cancel({ id });
});

it('what was just written is shown and listed, and Temporal is not asked', async () => {
  await rig.api.create({ id: 'written', title: 'Written' });
  const reads = await askedWhile(async () => {
    for (let count = 1; count <= 30; count += 1) {
      await rig.api.update({ id: 'written', note: `note ${count}`, progress: count / 100 });
      expect((await rig.api.show({ id: 'written' })).notes.at(-1)).toBe(`note ${count}`);
    }
    await rig.api.update({ id: 'written', status: 'in_progress' });
    expect((await rig.api.list({})).tasks.find(({ id }) => id === 'written')).toMatchObject({
      status: 'in_progress',
    });
  });
  expect(reads).toMatchObject(NOTHING);
});

it('where nobody reads and nothing moves Temporal is asked nothing', async () => {
  expect(await askedWhile(() => sleep(3_000))).toEqual({
    ...NOTHING,
    ListWorkflowExecutions: 0,
    CountWorkflowExecutions: 0,
  });
});

it('a worker that is killed is missed at once, and its successor tells again', async () => {
  await rig.api.create({ id: 'killed', title: 'Killed' });
  const followed = follow('killed');
  await until(() => followed.seen.length > 0);
  await end(workers[0], 'SIGKILL');
  // Where nothing is told, Temporal is asked for it.
  await rig.client.workflow.getHandle('killed').signal('update', { note: 'meanwhile' });
  await startWorker();
  await until(() => followed.notes()?.includes('meanwhile') === true);
  await untilTold();
  await rig.api.update({ id: 'killed', note: 'told again' });
  await until(() => followed.notes()?.includes('told again') === true);
  expect(followed.seen.at(-1)).toEqual(await asked('killed'));
  await followed.leave();
});

it('an engine that is killed and started again is told again by the worker that stayed', async () => {
  const { endpoints } = rig;
  sendSignal(endpoints.pid, 'SIGKILL');
  await until(() => !isRunning(endpoints));
  await rig.client.workflow.getHandle('told').signal('update', { note: 'while it was away' });
  await rig.leave();
  await rig.pawl(['up', '-d']);
  rig = await attach(rig);
  await untilTold();
  expect((await rig.api.show({ id: 'told' })).notes).toContain('while it was away');
});

it('a worker that is stopped is not taken for one that has nothing to tell, and tells again when it goes on', async () => {
  const [worker] = workers;
  worker?.kill('SIGSTOP');
  // Only Temporal knows now, and it has nobody to ask.
  await expect(rig.api.show({ id: 'told' })).rejects.toMatchObject({ code: 'unavailable' });
  await rig.client.workflow.getHandle('told').signal('update', { note: 'while it was stopped' });
  worker?.kill('SIGCONT');
  await until(async () => (await asked('told')).notes.includes('while it was stopped'));
  await untilTold();
  expect(await rig.api.show({ id: 'told' })).toEqual(await asked('told'));
});

it('an engine that is stopped has not missed what happens meanwhile', async () => {
  const { pid } = rig.endpoints;
  sendSignal(pid, 'SIGSTOP');
  await rig.client.workflow.getHandle('told').signal('update', { note: 'while the engine was stopped' });
  await until(async () => (await asked('told')).notes.includes('while the engine was stopped'));
  sendSignal(pid, 'SIGCONT');
  expect(await rig.api.show({ id: 'told' })).toEqual(await asked('told'));
});

it('who reads the feed is told each change, and nothing is looked for in between', async () => {
  const leaving = new AbortController();
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { event } of rig.api.events(undefined, leaving.signal))
      seen.push(event.type === 'row' ? `${event.row.id} ${event.row.status}` : event.type);
  })();
  await until(() => seen.includes('snapshot'));
  const reads = await askedWhile(async () => {
    await rig.api.create({ id: 'fed', title: 'Fed' });
    await rig.api.update({ id: 'fed', status: 'in_progress' });
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
  const second = await startWorker();
  await untilTold();
  const ids = Array.from({ length: 8 }, (_, index) => `of-two-${index}`);
  for (const id of ids) await rig.api.create({ id, title: id });
  const followers = ids.map(follow);
  const write = async (note: string) => {
    await Promise.all(ids.map((id) => rig.api.update({ id, note })));
    for (const follower of followers) await until(() => follower.notes()?.includes(note) === true);
  };
  await write('one');
  const reads = await askedWhile(async () => {
    for (const note of ['two', 'three']) await write(note);
    for (const id of ids) expect((await rig.api.show({ id })).notes).toEqual(['one', 'two', 'three']);
  });
  expect(reads).toMatchObject(NOTHING);
  for (const id of ids) expect(await rig.api.show({ id })).toEqual(await asked(id));
  for (const follower of followers) await follower.leave();
  await end(second, 'SIGTERM');
});
