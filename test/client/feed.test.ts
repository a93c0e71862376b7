/** The feed as a reader has it: whatever it missed, what it shows in the end is what there is. */
import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFeed, type Feed } from '../../src/client/feed.ts';
import type { Change, Numbered } from '../../src/domain/events.ts';
import { TaskRow } from '../../src/domain/rows.ts';

const row = (id: string, title = id): TaskRow =>
  TaskRow.parse({
    id,
    title,
    status: 'pending',
    kind: 'client_driven',
    startedAt: '2026-01-02T03:04:05.000Z',
  });

/** Lists as they are, and what the feed is told of them. */
function world(feed: Feed) {
  const rows = new Map<string, TaskRow>();
  return {
    rows: async () => ({ rows: [...rows.values()], executions: [] }),
    act(change: Change) {
      if (change.type === 'row') rows.set(change.row.id, change.row);
      if (change.type === 'gone') rows.delete(change.id);
      feed.publish(change);
    },
    titles: () => Object.fromEntries([...rows.values()].map(({ id, title }) => [id, title])),
  };
}

/** What somebody shows who reads along. */
function show(shown: Map<string, string>, { event }: Numbered): void {
  if (event.type === 'snapshot') shown.clear();
  if (event.type === 'snapshot') for (const { id, title } of event.rows) shown.set(id, title);
  if (event.type === 'row') shown.set(event.row.id, event.row.title);
  if (event.type === 'gone') shown.delete(event.id);
}

it('begins with all there is, then tells each change with the next number', async () => {
  const feed = createFeed(10, 'ab');
  const { rows, act } = world(feed);
  act({ type: 'row', row: row('a') });
  const read = feed.read(rows, undefined, new AbortController().signal);
  const next = async () => (await read.next()).value;
  expect(await next()).toEqual({
    number: 'ab:1',
    event: { type: 'snapshot', rows: [row('a')], executions: [] },
  });
  act({ type: 'row', row: row('b') });
  act({ type: 'gone', id: row('a').id });
  expect(await next()).toEqual({ number: 'ab:2', event: { type: 'row', row: row('b') } });
  expect(await next()).toEqual({ number: 'ab:3', event: { type: 'gone', id: 'a' } });
  await read.return(undefined);
});

it.each([
  ['one that it knows', 'ab:1', ['row']],
  ['the latest', 'ab:2', []],
  ['one of another engine', 'cd:1', ['snapshot']],
  ['one that is to come', 'ab:3', ['snapshot']],
  ['what is no number', 'ab:x', ['snapshot']],
  ['nothing', '', ['snapshot']],
])('goes on after %s', async (_, after, expected) => {
  const feed = createFeed(10, 'ab');
  const { rows, act } = world(feed);
  act({ type: 'row', row: row('a') });
  act({ type: 'row', row: row('b') });
  const leaving = new AbortController();
  const told: string[] = [];
  const reading = (async () => {
    for await (const { event } of feed.read(rows, after, leaving.signal)) told.push(event.type);
  })();
  await new Promise(setImmediate);
  leaving.abort();
  await reading;
  expect(told).toEqual(expected);
});

it('shows what there is, however slow a reader is and whenever it comes back', async () => {
  const change = fc.oneof(
    fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.string({ minLength: 1, maxLength: 3 })),
    fc.constantFrom('gone-a', 'gone-b', 'read', 'leave'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 40 }), async (steps) => {
      const feed = createFeed(4);
      const { rows, act, titles } = world(feed);
      const shown = new Map<string, string>();
      let leaving = new AbortController();
      let last: string | undefined;
      let read = feed.read(rows, last, leaving.signal);
      const take = async () => {
        const { value } = await read.next();
        if (value === undefined) return;
        last = value.number;
        show(shown, value);
      };
      await take();
      for (const step of steps) {
        if (Array.isArray(step)) act({ type: 'row', row: row(step[0], step[1]) });
        else if (step === 'leave') {
          leaving.abort();
          await read.return(undefined);
          leaving = new AbortController();
          read = feed.read(rows, last, leaving.signal);
        } else if (step !== 'read') act({ type: 'gone', id: row(step.slice(-1)).id });
        else {
          act({ type: 'row', row: row('z') });
          await take();
        }
      }
      // The last change of all is told at the end, whatever came before it.
      act({ type: 'row', row: row('last', 'last') });
      while (!shown.has('last') || JSON.stringify(sorted(shown)) !== JSON.stringify(sorted(titles())))
        await take();
      leaving.abort();
      await read.return(undefined);
      expect(Object.fromEntries(shown)).toEqual(titles());
    }),
  );
});
const sorted = (of: Map<string, string> | Record<string, string>) =>
  [...(of instanceof Map ? of : Object.entries(of))].sort();

it('leaves no listener behind, however much it tells', async () => {
  const feed = createFeed();
  const { rows, act } = world(feed);
  const { signal } = new AbortController();
  const read = feed.read(rows, undefined, signal);
  await read.next();
  for (let number = 0; number < 100; number += 1) {
    const next = read.next();
    act({ type: 'row', row: row('a', `title ${number}`) });
    await next;
  }
  expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
  await read.return(undefined);
});

it('holds no more than so many characters, however large rows are', async () => {
  const feed = createFeed(4_096, 'ab');
  const { rows, act } = world(feed);
  for (let number = 0; number < 400; number += 1) act({ type: 'row', row: row('a', 'x'.repeat(100_000)) });
  const { signal } = new AbortController();
  const typeAfter = async (number: string) => {
    const read = feed.read(rows, number, signal);
    const { value } = await read.next();
    await read.return(undefined);
    return value?.event.type;
  };
  expect(await typeAfter('ab:100')).toBe('snapshot');
  expect(await typeAfter('ab:399')).toBe('row');
});

it('tells of output only the latest of each attempt, to who is there, and keeps none', async () => {
  const feed = createFeed(10, 'ab');
  const { rows } = world(feed);
  const output = (bytes: number) => ({ type: 'output', id: row('a').id, attempt: 1, bytes }) as const;
  feed.printed(output(1));
  const read = feed.read(rows, undefined, new AbortController().signal);
  expect((await read.next()).value).toMatchObject({ event: { type: 'snapshot' } });
  feed.printed(output(2));
  feed.printed(output(3));
  expect((await read.next()).value).toEqual({ number: 'ab:0', event: output(3) });
  const next = read.next();
  feed.publish({ type: 'row', row: row('b') });
  expect((await next).value).toMatchObject({ event: { type: 'row' } });
  await read.return(undefined);
  const other = feed.read(rows, 'ab:0', new AbortController().signal);
  expect((await other.next()).value).toMatchObject({ event: { type: 'row' } });
  await other.return(undefined);
});

it('tells the latest warnings to who reads and to who begins, with no number of their own', async () => {
  const feed = createFeed(10, 'ab');
  const { rows, act } = world(feed);
  const read = feed.read(rows, undefined, new AbortController().signal);
  const next = async () => (await read.next()).value;
  expect((await next()).event.type).toBe('snapshot');
  const backlog = { about: 'backlog' as const, since: '2026-01-02T03:04:05.000Z', words: 'five wait' };
  feed.warn({ type: 'warnings', warnings: [backlog] });
  feed.warn({ type: 'warnings', warnings: [] });
  act({ type: 'row', row: row('a') });
  expect(await next()).toMatchObject({ number: 'ab:1', event: { type: 'row' } });
  expect(await next()).toEqual({ number: 'ab:1', event: { type: 'warnings', warnings: [] } });
  const again = feed.read(rows, 'ab:1', new AbortController().signal);
  expect((await again.next()).value).toEqual({ number: 'ab:1', event: { type: 'warnings', warnings: [] } });
});
