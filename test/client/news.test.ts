/** Following one task: nothing that happens while a follower is busy is lost on it. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { newsEitherWay, newsWhereTold } from '../../src/client/news.ts';
import { createSubscriptions } from '../../src/client/subscriptions.ts';
import { PawlError } from '../../src/domain/failures.ts';
import { isClosed, type TaskState } from '../../src/domain/task-state.ts';
import { HAPPY } from '../edge/cli/states.ts';

const { id } = HAPPY.working;
const output = (bytes: number) => ({ type: 'output', id, attempt: 1, bytes }) as const;

function world(first: TaskState) {
  const subscriptions = createSubscriptions(1);
  const now = { state: first, reads: 0, fails: [] as Error[] };
  const read = async () => {
    now.reads += 1;
    const error = now.fails.shift();
    if (error !== undefined) throw error;
    return now.state;
  };
  const leaving = new AbortController();
  const news = newsWhereTold({ subscriptions, state: read, isClosed }, id, leaving.signal);
  const become = (state: TaskState) => {
    now.state = state;
    subscriptions.changed(id);
  };
  return { subscriptions, now, news, leaving, become };
}

describe('a follower', () => {
  it('is told the state, output and each change, until the task is closed', async () => {
    const { subscriptions, news, become } = world(HAPPY.working);
    expect((await news.next()).value).toEqual({ type: 'state', state: HAPPY.working });
    subscriptions.printed(output(3));
    subscriptions.printed(output(5));
    expect((await news.next()).value).toEqual(output(5));
    // Nobody waits for it in this moment.
    become(HAPPY.waiting);
    subscriptions.printed(output(9));
    await sleep(10);
    const rest = [(await news.next()).value, (await news.next()).value];
    expect(rest).toEqual([output(9), { type: 'state', state: HAPPY.waiting }]);
    become(HAPPY.merged);
    expect((await news.next()).value).toEqual({ type: 'state', state: HAPPY.merged });
    expect((await news.next()).done).toBe(true);
  });

  it('is not told the same twice, and reads nothing while nothing happens', async () => {
    const { news, become, now } = world(HAPPY.working);
    await news.next();
    const next = news.next();
    become({ ...HAPPY.working });
    await sleep(5);
    become(HAPPY.waiting);
    expect((await next).value).toEqual({ type: 'state', state: HAPPY.waiting });
    expect(now.reads).toBe(3);
  });

  it('waits for an engine whose worker is away, and ends with an error that is none of that', async () => {
    const { news, now, become } = world(HAPPY.working);
    now.fails.push(new PawlError('unavailable', 'no worker'));
    expect((await news.next()).value).toMatchObject({ type: 'state' });
    now.fails.push(new PawlError('not_found', 'it is gone'));
    become(HAPPY.waiting);
    await expect(news.next()).rejects.toThrow('it is gone');
  });

  it('leaves at once', async () => {
    const { news, leaving } = world(HAPPY.working);
    await news.next();
    const next = news.next();
    leaving.abort();
    expect((await next).done).toBe(true);
  });
});

it('is told by whoever tells by then, no state twice, and output of both', async () => {
  const over = [new AbortController(), new AbortController(), new AbortController()];
  const asked: string[] = [];
  const told = (who: string, ...states: readonly TaskState[]) =>
    async function* (until: AbortSignal) {
      asked.push(who);
      for (const state of states) yield { type: 'state', state } as const;
      yield output(asked.length);
      const isOpen = !isClosed(states.at(-1)?.status ?? 'pending');
      if (isOpen && !until.aborted) await once(until, 'abort');
    };
  const ways = [
    told('told', HAPPY.pending, HAPPY.working),
    told('asked', { ...HAPPY.working }, HAPPY.waiting),
    told('told', { ...HAPPY.waiting }, HAPPY.merged),
  ];
  let turn = -1;
  const news = newsEitherWay<TaskState>(
    {
      isClosed,
      told: (until) => (ways[turn] ?? told('nobody'))(until),
      untold: (until) => (ways[turn] ?? told('nobody'))(until),
      async now() {
        turn += 1;
        return { isTold: turn !== 1, over: over[turn]?.signal ?? AbortSignal.abort() };
      },
    },
    new AbortController().signal,
  );
  const seen: unknown[] = [];
  for await (const one of news) {
    seen.push(one.type === 'state' ? one.state.status : one.bytes);
    if (one.type === 'output') over[turn]?.abort();
  }
  const statuses = [HAPPY.pending, HAPPY.working, HAPPY.waiting, HAPPY.merged].map(({ status }) => status);
  expect(seen).toEqual([statuses[0], statuses[1], 1, statuses[2], 2, statuses[3], 3]);
  expect(asked).toEqual(['told', 'asked', 'told']);
});

it('a mailbox that nobody empties holds the latest and no more', async () => {
  const subscriptions = createSubscriptions(1);
  const mailbox = subscriptions.subscribe(id);
  for (let bytes = 1; bytes <= 1_000; bytes += 1) {
    subscriptions.printed(output(bytes));
    subscriptions.changed(id);
  }
  await sleep(5);
  expect(mailbox.take()).toEqual({ isChanged: true, output: output(1_000) });
  expect(mailbox.take()).toEqual({ isChanged: false, output: undefined });
  mailbox.end();
  subscriptions.changed(id);
  expect(mailbox.take().isChanged).toBe(false);
});
