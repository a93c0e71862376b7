/** The feed over a WebSocket, of a real engine: what it tells is what server-sent events tell, for as long as the engine runs. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FeedEvent, Numbered } from '../../src/domain/events.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { type Opened, openSocket } from '../edge/http/socket.ts';
import { type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
let headers: Readonly<Record<string, string>>;
beforeAll(async () => {
  rig = await startRig();
  headers = { authorization: `Bearer ${tokenOf(rig.home, {})}` };
});
afterAll(() => rig.close());

const isOf = (id: string, status?: string) => (event: FeedEvent) =>
  event.type === 'row' && event.row.id === id && (status === undefined || event.row.status === status);

/** This machine may be short of memory. */
const isOfLists = ({ event }: Numbered): boolean => event.type !== 'warnings';

/** What is told until it satisfies `when`. */
async function until({ next }: Opened, when: (event: FeedEvent) => boolean): Promise<readonly Numbered[]> {
  const seen: Numbered[] = [];
  do seen.push(await next());
  while (!seen.slice(-1).some(({ event }) => when(event)));
  return seen.filter(isOfLists);
}

it('tells a snapshot and each change with the numbers that server-sent events have, and goes on after one', async () => {
  await rig.api.create({ id: 'before', title: 'Before' });
  const opened = await openSocket(rig.endpoints.api, '', headers);
  const first = await opened.next();
  expect(first.event).toMatchObject({ type: 'snapshot', rows: [{ id: 'before' }] });
  const leaving = new AbortController();
  const byEvents: Numbered[] = [];
  const events = (async () => {
    for await (const one of rig.api.events(first.number, leaving.signal)) {
      byEvents.push(one);
      if (isOf('told', 'completed')(one.event)) return;
    }
  })();
  await rig.api.create({ id: 'told', title: 'Told' });
  await rig.api.update({ id: 'told', status: 'in_progress' });
  await rig.api.complete({ id: 'told', summary: 'done' });
  const seen = await until(opened, isOf('told', 'completed'));
  await events;
  leaving.abort();
  expect(seen).toEqual(byEvents.filter(isOfLists));

  const middle = seen.findIndex(({ event }) => isOf('told', 'in_progress')(event));
  const again = await openSocket(rig.endpoints.api, `?after=${seen[middle]?.number}`, headers);
  expect(await until(again, isOf('told', 'completed'))).toEqual(seen.slice(middle + 1));
  const unknown = await openSocket(rig.endpoints.api, '?after=0123abcd:7', headers);
  expect((await unknown.next()).event.type).toBe('snapshot');
});

it('tells two hundred pages at once the same', async () => {
  const pages = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const made = await fetch(`${rig.endpoints.api}/api/tickets`, { method: 'POST', headers });
      return openSocket(rig.endpoints.api, `?ticket=${Object(await made.json()).ticket}`, {
        origin: rig.endpoints.api,
      });
    }),
  );
  await Promise.all(pages.map(({ next }) => next()));
  await rig.api.create({ id: 'seen-by-all', title: 'Seen by all' });
  await rig.api.complete({ id: 'seen-by-all', summary: 'done' });
  const seen = await Promise.all(pages.map((page) => until(page, isOf('seen-by-all', 'completed'))));
  expect(new Set(seen.map((events) => JSON.stringify(events))).size).toBe(1);
});

it('refuses a page of another port of this host', async () => {
  const other = new URL(rig.endpoints.api);
  other.port = String(Number(other.port) - 1);
  await expect(openSocket(rig.endpoints.api, '', { ...headers, origin: other.origin })).rejects.toThrow(
    /^403/,
  );
});

it('closes when the engine stops', async () => {
  const opened = await openSocket(rig.endpoints.api, '', headers);
  await opened.next();
  expect(await rig.pawl(['down'])).toMatchObject({ code: 0 });
  expect(await opened.closed).toEqual({ code: 1001, words: 'the engine stops: come back later' });
});
