/** A host that has no worker: its tasks say so after a minute, and go on by themselves when there is one again. */
import { expect, it } from 'vitest';
import { readState } from '../../src/client/read-state.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { approve, atGate, harness, steps } from './agent-tasks.ts';
import { agentSpec } from './easy-steps.ts';
import type { Task } from './harness.ts';

const HOST = 'pawl-host-away';
const awaysWorker = /^a worker of .+, since \d{4}-.+Z: it goes on by itself when one is back$/;

/** What a reader is told who asks so much later. */
const toldAfter = (ms: number, { id }: Task) => readState(harness.client, id, () => Date.now() + ms);

const startAway = () => harness.start({ spec: { ...agentSpec(), host: HOST }, edition: EDITION });

/** Without workflow tasks: this server keeps one for each query. */
const eventsOf = async (task: Task) =>
  ((await task.fetchHistory()).events ?? [])
    .filter((event) => !Object.keys(event).some((name) => name.startsWith('workflowTask')))
    .map(({ eventType }) => eventType);

it('says what its step waits for, which costs neither an attempt nor an event', async () => {
  const [task, usual] = [await startAway(), await harness.start({ spec: agentSpec(), edition: EDITION })];
  await task.until(({ status }) => status === 'in_progress');
  expect(await toldAfter(30_000, task)).not.toHaveProperty('waitingFor');
  expect(await toldAfter(61_000, task)).toMatchObject({
    status: 'in_progress',
    step: 'workspace',
    waitingFor: expect.stringMatching(awaysWorker),
  });
  await harness.workOn(HOST, () => atGate(task));
  await atGate(usual);
  const state = await toldAfter(61_000, task);
  expect(state).not.toHaveProperty('waitingFor');
  expect(state.attempts).toMatchObject([{ number: 1, outcome: 'done' }]);
  expect(await eventsOf(task)).toEqual(await eventsOf(usual));
  for (const one of [task, usual]) await one.terminate();
});

it('says so of the merge after an approval, and of the clean-up after a cancellation', async () => {
  for (const [act, last] of [
    [approve, 'merge'],
    [(task: Task) => task.cancel(), 'cleanUp'],
  ] as const) {
    const task = await startAway();
    await harness.workOn(HOST, () => atGate(task));
    await act(task);
    await expect
      .poll(async () => (await toldAfter(61_000, task)).waitingFor, { timeout: 10_000 })
      .toMatch(awaysWorker);
    await harness.workOn(HOST, () => task.result().catch(() => undefined));
    expect(steps(task).at(-1)).toBe(last);
    expect(await toldAfter(61_000, task)).not.toHaveProperty('waitingFor');
  }
});
