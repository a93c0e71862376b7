/** What the page keeps of a feed that moves all the time: its JavaScript heap once the garbage is collected. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PawlError } from '../src/domain/failures.ts';
import type { Figure } from './figures.ts';
import type { PageGround } from './page-tabs.ts';

const EVENTS_PER_SECOND = 20;
/** Part of the time in which code is compiled and caches fill, before the heap is measured first. */
const WARM_UP = 0.1;
const MEGABYTE = 1024 ** 2;

export async function measureHeap({ api, openTab }: PageGround, seconds: number): Promise<Figure[]> {
  let told = 0;
  const page = await openTab('/board', async (tab) => {
    tab.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => {
        if (String(payload).includes('"type":"row"')) told += 1;
      });
    });
  });
  const ids = Array.from({ length: EVENTS_PER_SECOND }, (_, number) => `moving-${number}`);
  for (const id of ids) {
    await api.create({ id, title: 'Move all the time' });
    await api.update({ id, status: 'in_progress', note: 'at it' });
  }
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize / MEGABYTE;
  };
  const moving = new AbortController();
  const moves = Promise.all(
    ids.map((id, number) =>
      moveEachSecond(number, moving.signal, (note) => api.update({ id, note }).catch(unlessAway)),
    ),
  );
  await sleep(seconds * WARM_UP * 1_000);
  const [start, toldBefore, startedMs] = [await heap(), told, performance.now()];
  await sleep(seconds * 1_000);
  const tookSeconds = (performance.now() - startedMs) / 1_000;
  const [end, events] = [await heap(), told - toldBefore];
  moving.abort();
  await moves;
  for (const id of ids) await api.cancel({ id }).catch(unlessAway);
  await page.context().close();
  const group = `JS heap of the board over ${seconds} s of updates, garbage collected`;
  return [
    { group, name: `feed events, ${EVENTS_PER_SECOND} wanted`, value: events / tookSeconds, unit: '/s' },
    { group, name: 'at the start', value: start, unit: 'MB' },
    { group, name: 'at the end', value: end, unit: 'MB' },
    { group, name: 'growth', value: (end - start) / (tookSeconds / 60), unit: 'MB/min', aim: '0' },
  ];
}

/** A machine that others use meanwhile may be too slow for one move of thousands: how many events were told is a figure. */
function unlessAway(error: unknown): void {
  if (!(error instanceof PawlError) || error.code !== 'unavailable') throw error;
}

/** At a moment of each second that is its own, so that the moves of all are spread over it. A late one is not made up for. */
async function moveEachSecond(
  number: number,
  signal: AbortSignal,
  move: (note: string) => Promise<unknown>,
): Promise<void> {
  const firstMs = performance.now() + (number * 1_000) / EVENTS_PER_SECOND;
  for (let second = 0; !signal.aborted; second += 1) {
    await sleep(Math.max(0, firstMs + second * 1_000 - performance.now()), undefined, { signal }).catch(
      () => undefined,
    );
    if (!signal.aborted) await move(`note ${second}`);
  }
}
