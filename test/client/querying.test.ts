/** Questions to a task's workflow: one at a time, asked again where nobody answers, given up in the end. */
import type { Client, WorkflowHandle } from '@temporalio/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { queryTask } from '../../src/client/querying.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;
const unanswered = () =>
  Object.assign(new Error('no answer'), { code: DEADLINE_EXCEEDED, details: 'no answer', metadata: {} });

/** Each call of the query does the next of these; the last one again and again. */
function world(...answers: readonly (() => Promise<unknown>)[]) {
  const seen = { asked: 0, atOnce: 0, atOnceMax: 0 };
  let until = 0;
  const client = {
    withDeadline: async (deadline: number, act: () => Promise<unknown>) => {
      until = deadline;
      return act();
    },
  };
  const handle = {
    workflowId: 'one',
    async query() {
      const answer = answers[Math.min(seen.asked, answers.length - 1)];
      seen.asked += 1;
      seen.atOnce += 1;
      seen.atOnceMax = Math.max(seen.atOnceMax, seen.atOnce);
      try {
        return await answer?.();
      } finally {
        seen.atOnce -= 1;
      }
    },
  };
  const ask = () => queryTask(client as unknown as Client, handle as unknown as WorkflowHandle, 'state');
  const silent = async () => {
    vi.setSystemTime(until);
    throw unanswered();
  };
  return { seen, ask, silent };
}

it('takes turns', async () => {
  const { seen, ask } = world(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return 'answer';
  });
  expect(await Promise.all([ask(), ask(), ask()])).toEqual(['answer', 'answer', 'answer']);
  expect(seen).toMatchObject({ asked: 3, atOnceMax: 1 });
});

it('goes on with the next one after one that failed', async () => {
  const { ask } = world(
    () => Promise.reject(new TypeError('broken')),
    async () => 'answer',
  );
  const [first, second] = await Promise.allSettled([ask(), ask()]);
  expect(first).toMatchObject({ status: 'rejected', reason: { message: 'broken' } });
  expect(second).toMatchObject({ value: 'answer' });
});

it('asks again what nobody answered', async () => {
  const made = world(
    () => made.silent(),
    () => made.silent(),
    async () => 'answer',
  );
  expect(await made.ask()).toBe('answer');
  expect(made.seen.asked).toBe(3);
});

it('asks again too where the server was the first to see that time was up', async () => {
  const calledOff = Object.assign(unanswered(), { code: CANCELLED });
  const { ask, seen } = world(
    () => Promise.reject(calledOff),
    async () => 'answer',
  );
  expect(await ask()).toBe('answer');
  expect(seen.asked).toBe(2);
});

it('gives up after 10 s, and whoever waited for a turn does not begin to wait anew', async () => {
  const made = world(() => made.silent());
  const startedAt = Date.now();
  const [first, second] = await Promise.allSettled([made.ask(), made.ask()]);
  for (const one of [first, second])
    expect(one).toMatchObject({ status: 'rejected', reason: { code: DEADLINE_EXCEEDED } });
  expect(Date.now() - startedAt).toBe(10_000);
  expect(made.seen.asked).toBe(6);
});

it('says what was found wrong where the last question had no time left', async () => {
  const made = world(
    () => Promise.reject(new Error('[TMPRL1100] Nondeterminism error: of this history')),
    () => made.silent(),
  );
  await expect(made.ask()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('task one cannot answer, because its history cannot be replayed'),
  });
});
