/** What an attempt says of its wait for an agent: how urgent it is, and since when it waits. */
import { expect, it } from 'vitest';
import { approve, atGate, harness, start } from './agent-tasks.ts';
import { agentSpec, easy, fails, type Steps } from './easy-steps.ts';
import type { Task } from './harness.ts';

type Input = Parameters<Steps['runAttempt']>[0];
const inputs = (task: Task): Input[] =>
  harness.calls(task.id).flatMap((call) => (call.step === 'runAttempt' ? [call.input as Input] : []));

it('is kept by what follows on the end of a worker, and begins anew with a fix', async () => {
  const spec = { ...agentSpec({ fixAttemptsMax: 1 }), priority: 'high' as const };
  const before = Date.now();
  const task = await start(spec, {
    runAttempt: async (input) => {
      const { number } = input.attempt;
      // So that the clock has moved.
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (number === 1) return fails('worker_lost')();
      return number === 2 ? fails('interrupted')() : easy.runAttempt(input);
    },
    runChecks: async (input) => {
      const checked = await easy.runChecks(input);
      const isFirst = input.commit === 'commit3';
      return { ...checked, evidence: checked.evidence.map((one) => ({ ...one, passed: !isFirst })) };
    },
  });
  const state = await atGate(task, 4);
  expect(state).toMatchObject({ priority: 'high' });
  const told = inputs(task);
  expect(told.map(({ priority }) => priority)).toEqual(['high', 'high', 'high', 'high']);
  const [first = 0, second, third, fix = 0] = told.map(({ waitsSinceMs }) => waitsSinceMs);
  expect(first).toBeGreaterThan(before - 60_000);
  expect([second, third]).toEqual([first, first]);
  expect(fix).toBeGreaterThan(first);
  await approve(task);
  expect(await task.result()).toMatchObject({ status: 'completed' });
});

it('an attempt whose worker ends while it waits is none, however often, and keeps its arrival', async () => {
  let left = 30;
  const task = await start(agentSpec({ attemptsMax: 1 }), {
    runAttempt: async (input) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      left -= 1;
      const ended = left % 2 === 0 ? 'worker_lost' : 'interrupted';
      return left > 0 ? fails(ended, { neverBegun: true })() : easy.runAttempt(input);
    },
  });
  const { attempts } = await atGate(task);
  expect(attempts).toMatchObject([{ number: 1, reason: 'first', outcome: 'done' }]);
  const told = inputs(task);
  expect(told).toHaveLength(30);
  expect(new Set(told.map(({ waitsSinceMs }) => waitsSinceMs)).size).toBe(1);
  expect(new Set(told.map(({ attempt }) => attempt.number))).toEqual(new Set([1]));
  expect(new Set(told.map(({ attempt }) => attempt.token)).size).toBe(30);
  await task.terminate();
});

it.each([[undefined], ['normal' as const], ['as soon as you can' as never]])(
  'is normal where its start says %j',
  async (priority) => {
    const task = await start({ ...agentSpec(), ...(priority !== undefined && { priority }) });
    expect(await atGate(task)).not.toHaveProperty('priority');
    expect(inputs(task)[0]).not.toHaveProperty('priority');
    await task.terminate();
  },
);
