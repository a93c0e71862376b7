/** Tasks that wait for others: they become ready by themselves, whenever and however the others end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaskId } from '../../src/domain/ids.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { EDITION, type Edition } from '../../src/domain/task-record.ts';
import type { ClientDrivenSpec } from '../../src/domain/task-spec.ts';
import { createHarness, type Harness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

let count = 0;
const newId = (): TaskId => {
  count += 1;
  return TaskId.parse(`planned-${count}`);
};
const start = (dependencies: readonly TaskId[] = [], done: readonly TaskId[] = [], id = newId()) => {
  const spec: ClientDrivenSpec = {
    kind: 'client_driven',
    id,
    title: 'Planned',
    description: '',
    plan: { dependencies: [...dependencies] },
    done: [...done],
    plannedAt: '2026-01-02T03:04:05.000Z',
  };
  return harness.start({ spec });
};
const complete = { summary: 'done' };

it('a task is blocked until all it depends on are completed, then becomes ready by itself', async () => {
  const [one, two] = [await start(), await start()];
  const last = await start([one.id, two.id]);
  expect(await last.until(({ status }) => status === 'blocked')).toMatchObject({
    waitingFor: `${one.id}; ${two.id}`,
    openDependencies: [one.id, two.id],
  });
  await one.until(({ dependants }) => dependants?.length === 1);
  await one.send('complete', complete);
  expect(await last.until(({ openDependencies }) => openDependencies?.length === 1)).toMatchObject({
    status: 'blocked',
    waitingFor: two.id,
  });
  await two.send('complete', complete);
  expect(await last.until(({ status }) => status === 'pending')).toMatchObject({ openDependencies: [] });
  await last.send('complete', complete);
  expect(await last.result()).toMatchObject({ status: 'completed' });
});

it('one that was completed before does not block, whether the planner knew of it or not', async () => {
  const first = await start();
  await first.send('complete', complete);
  await first.result();
  const known = await start([first.id], [first.id]);
  expect((await known.state()).status).toBe('pending');
  const unknown = await start([first.id]);
  await unknown.until(({ status }) => status === 'pending');
});

it('one that failed or was cancelled keeps it blocked, and it says why', async () => {
  const [failing, cancelled] = [await start(), await start()];
  const last = await start([failing.id, cancelled.id]);
  await failing.until(({ dependants }) => dependants?.length === 1);
  await cancelled.until(({ dependants }) => dependants?.length === 1);
  await failing.send('complete', { summary: 'no way', outcome: 'failed' });
  await cancelled.cancel();
  const state = await last.until(({ waitingFor }) => waitingFor?.includes('cancelled') === true);
  expect(state).toMatchObject({
    status: 'blocked',
    waitingFor: `${failing.id}, which is failed; ${cancelled.id}, which is cancelled`,
  });
  await expect(last.send('claim', { by: 'me' })).rejects.toMatchObject({
    cause: { type: 'conflict', message: expect.stringContaining('which is failed') },
  });
});

it('one that is not there is like one that was cancelled', async () => {
  const last = await start([TaskId.parse('never-made')]);
  await last.until(({ waitingFor }) => waitingFor === 'never-made, which is cancelled');
});

it('many are told, each once', async () => {
  const first = await start();
  const waiting = await Promise.all(Array.from({ length: 20 }, () => start([first.id])));
  await first.until(({ dependants }) => dependants?.length === 20);
  await first.send('complete', complete);
  for (const task of waiting) await task.until(({ status }) => status === 'pending');
});

describe('more than a task can tell of its end', () => {
  const asked = Array.from({ length: LIMITS.dependantsPerTaskMax }, (_, at) => `asked-${at}`);
  const full = (edition: Edition) => {
    const spec = { kind: 'client_driven', id: newId(), title: 'Awaited', description: '', plan: {} } as const;
    return harness.start({ spec, edition, dependants: asked });
  };

  it('are told so, and that they can be run again once it is over', async () => {
    const first = await full(EDITION);
    const last = await start([first.id]);
    const state = await last.until(({ waitingFor }) => waitingFor?.includes('tells no more') === true);
    expect(state).toMatchObject({
      status: 'blocked',
      waitingFor: expect.stringContaining(`retry it once ${first.id} is over`),
      openDependencies: [first.id],
    });
    expect(await first.state()).toMatchObject({ dependants: asked, ignoredMessages: 1 });
    await expect(last.send('claim', { by: 'me' })).rejects.toMatchObject({
      cause: { type: 'conflict', message: expect.stringContaining('tells no more than 2000 tasks') },
    });
    await last.signal('ended', { task: first.id, status: 'completed' });
    await last.until(({ status }) => status === 'pending');
  });

  it('asks once more and is known', async () => {
    const first = await full(EDITION);
    await first.signal('waits', { task: asked[0] });
    await first.send('update', { note: 'alive' });
    expect(await first.state()).toMatchObject({ dependants: asked, ignoredMessages: 0 });
  });

  it('get no answer from one of an older edition, whose history was made so', async () => {
    const first = await full(3);
    const last = await start([first.id]);
    await last.until(({ status }) => status === 'blocked');
    await first.signal('waits', { task: last.id });
    await first.send('update', { note: 'after it' });
    expect(await first.state()).toMatchObject({ dependants: asked, ignoredMessages: 0 });
    expect(await last.state()).toMatchObject({ waitingFor: first.id });
  });
});

describe('while it waits', () => {
  it.each([
    ['claim', { by: 'me' }],
    ['update', { status: 'in_progress' }],
    ['complete', complete],
  ] as const)('%s is refused and changes nothing', async (name, message) => {
    const first = await start();
    const last = await start([first.id]);
    const before = await last.until(({ status }) => status === 'blocked');
    await expect(last.send(name, message)).rejects.toMatchObject({
      cause: { type: 'conflict', message: expect.stringContaining(`waits for ${first.id}`) },
    });
    expect(await last.state()).toEqual(before);
  });
  it('it may fail, and be told other words', async () => {
    const first = await start();
    const last = await start([first.id]);
    await last.send('update', { title: 'Other', specialist: 'tester', due: '2026-12-31' });
    expect(await last.state()).toMatchObject({
      title: 'Other',
      status: 'blocked',
      plan: { specialist: 'tester', due: '2026-12-31', dependencies: [first.id] },
    });
    await last.send('complete', { summary: 'given up', outcome: 'failed' });
    await expect(last.result()).rejects.toThrow();
  });
});

describe('a claim', () => {
  it('gives a token, and fences off whoever had the task before', async () => {
    const task = await start();
    const first = await task.send('claim', { by: 'one', messageId: 'm1' });
    expect(first).toMatchObject({
      status: 'in_progress',
      attemptToken: expect.stringMatching(/^[0-9a-f]{32}$/),
      claim: 1,
    });
    expect(first).not.toHaveProperty('takenFrom');
    expect(await task.send('claim', { by: 'one', messageId: 'm1' }, 'another update')).toEqual(first);
    const second = await task.send('claim', { by: 'two', messageId: 'm2' });
    expect(second.attemptToken).not.toBe(first.attemptToken);
    expect(second).toMatchObject({ claim: 2, takenFrom: 'one' });
    expect((await task.state()).claims).toBe(2);
    for (const [name, message] of [
      ['update', { note: 'x' }],
      ['complete', complete],
    ] as const) {
      await expect(task.send(name, { ...message, attemptToken: first.attemptToken })).rejects.toMatchObject({
        cause: { type: 'conflict', message: expect.stringContaining('older attempt') },
      });
    }
    await task.send('complete', { ...complete, attemptToken: second.attemptToken });
    await task.result();
  });
});

it('signals between tasks that carry anything are dropped, and the workflow lives', async () => {
  const task = await start();
  for (const name of ['waits', 'ended', 'silent'])
    for (const body of [undefined, null, 5, 'x', {}, { task: 7 }, { task: 'a', status: 'odd' }])
      await task.signal(name, body);
  await task.send('update', { note: 'alive' });
  expect(await task.state()).toMatchObject({ notes: ['alive'], status: 'pending' });
});
