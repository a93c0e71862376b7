/** The feed and what is answered from it, over a real engine: by the raw query and by Temporal itself it is judged. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queryTask } from '../../src/client/querying.ts';
import { type FeedEvent, type Numbered, statesIn } from '../../src/domain/events.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { by, type EngineRig, startRig } from './rig.ts';

/** `RESET_REAPPLY_TYPE_NONE` of Temporal's API. */
const NOTHING_AGAIN = 2;

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** Events until one of them satisfies `when`. */
async function until(
  after: string | undefined,
  when: (event: FeedEvent) => boolean,
): Promise<readonly Numbered[]> {
  const seen: Numbered[] = [];
  const leaving = new AbortController();
  for await (const one of rig.api.events(after, leaving.signal)) {
    // This machine may be short of memory.
    if (one.event.type === 'warnings') continue;
    seen.push(one);
    if (when(one.event)) break;
  }
  leaving.abort();
  return seen;
}
const isOf = (id: string, status?: string) => (event: FeedEvent) =>
  event.type === 'row' && event.row.id === id && (status === undefined || event.row.status === status);
const idsOf = (seen: readonly Numbered[]) =>
  seen.flatMap(({ event }) =>
    event.type === 'row' ? [`${event.row.id} ${event.row.status}`] : [event.type],
  );

it('tells all rows, then each change, and goes on after a number; another engine begins again', async () => {
  await rig.api.create({ id: 'before', title: 'Before' });
  const first = until(undefined, isOf('told', 'completed'));
  await expect.poll(async () => (await rig.api.list({})).total).toBe(1);
  await rig.api.create({ id: 'told', title: 'Told' });
  await rig.api.update({ id: 'told', status: 'in_progress' });
  await rig.api.complete({ id: 'told', summary: 'done' });
  const seen = await first;
  expect(seen[0]?.event).toMatchObject({ type: 'snapshot' });
  expect(idsOf(seen)).toEqual(expect.arrayContaining(['told in_progress', 'told completed']));

  const middle = seen.find(({ event }) => isOf('told', 'in_progress')(event))?.number;
  await rig.api.archive({ id: 'told' });
  await rig.api.remove({ id: 'told' });
  const rest = await until(middle, ({ type }) => type === 'gone');
  expect(rest[0]?.event).toMatchObject({ type: 'row' });
  expect(idsOf(rest).at(-1)).toBe('gone');
  expect(rest.some(({ event }) => event.type === 'row' && event.row.archivedAt !== undefined)).toBe(true);
  expect(new Set(rest.map(({ number }) => number)).size).toBe(rest.length);

  const foreign = await until('0123abcd:7', () => true);
  expect(foreign[0]?.event).toMatchObject({ type: 'snapshot', rows: [{ id: 'before' }] });
});

it('an end in the Temporal Web UI is found by who follows, shows and lists, within a health interval', async () => {
  await rig.api.create({ id: 'ended', title: 'Ended' });
  await rig.api.update({ id: 'ended', note: 'at it' });
  const listed = until(undefined, isOf('ended', 'cancelled'));
  const followed = (async () => {
    const seen: string[] = [];
    for await (const { status } of rig.api.follow('ended')) seen.push(status);
    return seen;
  })();
  await rig.client.workflow.getHandle('ended').terminate('by hand');
  expect((await followed).at(-1)).toBe('cancelled');
  expect(idsOf(await listed)).toContain('ended cancelled');
  expect(await rig.api.show({ id: 'ended' })).toMatchObject({ status: 'cancelled', notes: ['at it'] });
  // Begun again, it is as it is now.
  await rig.api.retry({ id: 'ended' });
  expect(await rig.api.show({ id: 'ended' })).toMatchObject({ status: 'pending', notes: [] });
});

it('a task that is begun anew from an earlier event, past Pawl and without what it was told since, is shown so', async () => {
  await rig.api.create({ id: 'reset', title: 'Reset' });
  for (const note of ['one', 'two']) await rig.api.update({ id: 'reset', note });
  await rig.api.complete({ id: 'reset', summary: 'done' });
  const handle = rig.client.workflow.getHandle('reset');
  const { events = [] } = (await handle.fetchHistory()) ?? {};
  const completed = events?.filter(({ workflowTaskCompletedEventAttributes: one }) => one != null) ?? [];
  await rig.client.workflowService.resetWorkflowExecution({
    namespace: rig.client.options.namespace,
    workflowExecution: { workflowId: 'reset' },
    reason: 'by hand',
    workflowTaskFinishEventId: completed[2]?.eventId ?? null,
    requestId: 'by-hand',
    resetReapplyType: NOTHING_AGAIN,
  });
  const asked = await queryTask<TaskState, []>(rig.client, handle, 'state');
  expect(asked).toMatchObject({ status: 'pending', notes: ['one'] });
  expect(await rig.api.show({ id: 'reset' })).toEqual(asked);
  expect((await rig.api.list({ id: ['reset'] })).tasks).toMatchObject([{ status: 'pending' }]);
});

it('a task that was removed is told to nobody', async () => {
  await rig.api.create({ id: 'gone', title: 'Gone' });
  await rig.api.complete({ id: 'gone', summary: 'done' });
  await rig.api.remove({ id: 'gone' });
  const news = rig.api.news(TaskId.parse('gone'), new AbortController().signal)[Symbol.asyncIterator]();
  await expect(news.next()).rejects.toMatchObject({ code: 'not_found' });
  await expect(rig.api.diff({ id: 'gone' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(rig.api.logs({ id: 'gone' })).rejects.toMatchObject({ code: 'not_found' });
});

it('shows what the workflow itself answers, whatever it was told and however', async () => {
  const ids = ['plain', 'planned', 'waiting', 'noted', 'ignored', 'over'] as const;
  for (const id of ids)
    await rig.api.create({ id, title: id, ...(id === 'waiting' && { dependencies: ['plain'] }) });
  await rig.api.update({ id: 'noted', note: 'one', progress: 0.2, context: { a: 1 } });
  await rig.api.claim({ id: 'planned' });
  await rig.api.complete({ id: 'over', summary: 'done', outcome: 'failed' });
  // Neither lists nor the Temporal Web UI show that a message was not understood.
  const handle = rig.client.workflow.getHandle('ignored');
  await rig.api.show({ id: 'ignored' });
  await handle.signal('update', { nothing: 'known' });
  await handle.signal('no-such-message', 1);
  await expect.poll(async () => (await rig.api.show({ id: 'ignored' })).ignoredMessages).toBe(2);
  await rig.api.complete({ id: 'plain', summary: 'done' });
  await expect.poll(async () => (await rig.api.show({ id: 'waiting' })).openDependencies).toEqual([]);
  for (const id of ids) {
    const asked = await queryTask<TaskState, []>(rig.client, rig.client.workflow.getHandle(id), 'state');
    expect(await rig.api.show({ id })).toEqual(asked);
  }
});

it('tells a hundred followers of each change of a run, and how far its agent has printed', async () => {
  const heard = join(scratchFolder('heard'), 'output');
  const id = await rig.run({ repository: newRepository(), ...by('prints-until', heard) });
  const followers = Array.from({ length: 100 }, async () => {
    let last: TaskState | undefined;
    for await (const state of statesIn(rig.api.news(TaskId.parse(id), new AbortController().signal))) {
      last = state;
      if (state.status === 'awaiting_gate') break;
    }
    return last;
  });
  const outputs: number[] = [];
  for await (const news of rig.api.news(TaskId.parse(id), new AbortController().signal)) {
    if (news.type === 'output') {
      outputs.push(news.bytes);
      writeFileSync(heard, '');
    } else if (news.state.status === 'awaiting_gate') break;
  }
  const seen = await Promise.all(followers);
  const asked = await queryTask<TaskState, []>(rig.client, rig.client.workflow.getHandle(id), 'state');
  for (const state of seen) expect(state).toEqual(asked);
  expect(outputs.length).toBeGreaterThan(0);
  expect(outputs).toEqual(outputs.toSorted((a, b) => a - b));
  await rig.api.cancel({ id });
});
