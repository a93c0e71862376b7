/** What is told by several workers, one of which may be late, and what is void: by a Temporal that a test makes up. */
import type { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { expect, it } from 'vitest';
import { createLiveTasks } from '../../src/client/live-tasks.ts';
import { OWN_WORKER } from '../../src/client/tellers.ts';
import type { FeedEvent } from '../../src/domain/events.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { state } from '../edge/cli/states.ts';
import { until } from '../engine/engine-rig.ts';

const id = TaskId.parse('one');
const STARTED = '2026-01-02T03:04:05.000Z';
const at = (events: number) => ({ run: STARTED, events });
const working = (...notes: string[]) => state({ id, status: 'in_progress', notes, changedAt: STARTED });

/** A Temporal in which the task is so, and how often it was asked for it. */
function world(truth: TaskState) {
  const now = { truth, queries: 0, isListed: false };
  const run = {
    workflowId: id,
    type: 'task',
    status: { name: 'RUNNING' },
    startTime: new Date(STARTED),
    typedSearchAttributes: new TypedSearchAttributes([]),
    raw: {},
  };
  const handle = {
    workflowId: id,
    describe: async () => run,
    query: async () => {
      now.queries += 1;
      return now.truth;
    },
  };
  const listed = async function* () {
    if (now.isListed) yield run;
  };
  const client = {
    workflow: { getHandle: () => handle, list: listed },
    withDeadline: (_: number, act: () => Promise<unknown>) => act(),
  } as unknown as Client; // nothing else of it is asked
  const live = createLiveTasks({
    client,
    archive: {
      list: async () => [],
      read: async () => undefined,
      put: async () => {},
      remove: async () => {},
    },
    tellers: OWN_WORKER,
    isFailing: () => false,
    logBytes: async () => 0,
  });
  return { now, live };
}

it('a state that a stopped worker tells late is neither shown nor listed for long', async () => {
  const late = working('early');
  const truth = state({ id, status: 'awaiting_gate', notes: ['early', 'later'], changedAt: STARTED });
  const { now, live } = world(truth);
  live.changedBy('v', late, STARTED, at(5));
  await until(() => now.queries > 0);
  live.changedBy('w', truth, STARTED, at(8));
  live.changedBy('w', truth, STARTED, at(9));
  live.changedBy('v', late, STARTED, at(5));
  expect(await live.state(id)).toEqual(truth);
  await expect.poll(() => live.index.get(id)).toMatchObject({ status: 'awaiting_gate', startedAt: STARTED });
  const { queries } = now;
  // In its order it is taken as it is told.
  live.changedBy('w', working('third'), STARTED, at(12));
  expect(await live.state(id)).toEqual(working('third'));
  expect(live.index.get(id)).toMatchObject({ status: 'in_progress' });
  expect(now.queries).toBe(queries);
});

it('one that says itself that it is earlier is not even listed meanwhile', async () => {
  const { live } = world(working('truth'));
  live.changed(working('truth'), STARTED, at(9));
  live.changedBy(
    'v',
    { ...working('early'), status: 'pending', changedAt: '2026-01-01T00:00:00.000Z' },
    STARTED,
    at(5),
  );
  expect(live.index.get(id)).toMatchObject({ status: 'in_progress' });
  expect(await live.state(id)).toEqual(working('truth'));
});

it('what is known is void once something may have been missed, and who follows hears what was', async () => {
  const { now, live } = world(working('missed'));
  live.changed(working('told'), STARTED, at(5));
  live.waits(id, 'a slot');
  const leaving = new AbortController();
  const news = live.news(id, leaving.signal);
  expect((await news.next()).value).toMatchObject({ state: { notes: ['told'], waitingFor: 'a slot' } });
  const next = news.next();
  live.renew();
  expect((await next).value).toMatchObject({ state: { notes: ['missed'], waitingFor: 'a slot' } });
  expect(now.queries).toBe(1);
  leaving.abort();
  expect((await news.next()).done).toBe(true);
});

it('who reads the feed is told what visibility knows by then', async () => {
  const { now, live } = world(working('told'));
  const leaving = new AbortController();
  const seen: FeedEvent['type'][] = [];
  const reading = (async () => {
    for await (const { event } of live.events(undefined, leaving.signal)) seen.push(event.type);
  })();
  await until(() => seen.length === 1);
  now.isListed = true;
  live.renew();
  await until(() => seen.length === 2);
  expect(seen).toEqual(['snapshot', 'row']);
  leaving.abort();
  await reading;
});

it('who reads the feed is told what a step waits for, and when it waits no more', async () => {
  const { live } = world(working('told'));
  const leaving = new AbortController();
  const waits: (string | undefined)[] = [];
  const reading = (async () => {
    for await (const { event } of live.events(undefined, leaving.signal))
      if (event.type === 'row') waits.push(event.row.waitsFor);
  })();
  live.changed(working('told'), STARTED, at(5));
  await until(() => waits.length === 1);
  live.waits(id, 'a slot');
  // The same again is no news.
  live.waits(id, 'a slot');
  live.changed(working('told', 'more'), STARTED, at(6));
  live.waits(id, undefined);
  live.waits(id, undefined);
  live.waits(id, 'its turn');
  live.changed(state({ id, status: 'cancelled', changedAt: STARTED }), STARTED, at(7));
  await until(() => waits.length === 6);
  expect(waits).toEqual([undefined, 'a slot', 'a slot', undefined, 'its turn', undefined]);
  leaving.abort();
  await reading;
});
