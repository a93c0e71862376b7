/** From the moment at which an agent prints a line to the frame of the live page that shows it, with others at work and reading. */
import { once } from 'node:events';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { tokenOf } from '../src/engine/home.ts';
import { type Figure, median, quantile } from './figures.ts';
import type { PageGround } from './page-tabs.ts';
import { makeRepository } from './repository.ts';

export interface LineCounts {
  /** That print at the same time, about five lines a second each. */
  readonly agents: number;
  /** Of the feed, the page among them. */
  readonly readers: number;
  /** Of the agent whose log the page shows. */
  readonly lines: number;
}

const AGENT = join(import.meta.dirname, 'clock-agent.mjs');

export async function measureLines(ground: PageGround, counts: LineCounts): Promise<Figure[]> {
  const { api, folder, openTab } = ground;
  const repository = await makeRepository(join(folder, 'printing'));
  const agent = { name: 'command' as const, command: [process.execPath, AGENT] };
  const ids = Array.from({ length: counts.agents }, (_, number) => `printing-${number}`);
  const [shown = ''] = ids;
  for (const id of ids) await api.run({ id, requirement: 'Say what time it is', repository, agent });
  const readers = await startReaders(ground, counts.readers - 1);
  try {
    const page = await openTab(`/tasks/${shown}`);
    await page
      .locator('.log-box')
      .getByText(/^at \d+$/)
      .first()
      .waitFor();
    for (const id of ids) await untilPrinting(ground, id);
    const times = await page.evaluate<number[]>(`probe.lineMs(${counts.lines})`);
    await page.context().close();
    const written = await writtenMs(ground, shown);
    const group = `from an agent's line to the live page, ${counts.agents} agents print, ${counts.readers} read`;
    return [
      { group, name: `p50 of ${counts.lines}`, value: median(times), unit: 'ms' },
      { group, name: 'p95', value: quantile(times, 0.95), unit: 'ms', aim: '< 100' },
      { group, name: 'of it until it is in the log, p50', value: median(written), unit: 'ms' },
      { group, name: 'the same, p95', value: quantile(written, 0.95), unit: 'ms' },
    ];
  } finally {
    for (const reader of readers) reader.terminate();
    for (const id of ids) await api.cancel({ id });
    for (const id of ids) for await (const _ of api.follow(id));
  }
}

/** By the times that the log gives to its lines: what the page and the reading of it have no part in. */
async function writtenMs({ api }: PageGround, id: string): Promise<readonly number[]> {
  const { lines } = await api.logs({ id });
  return lines.flatMap(({ t, text }) => {
    const printedMs = /^at (\d+)$/.exec(text)?.[1];
    return printedMs === undefined ? [] : [Date.parse(t) - Number(printedMs)];
  });
}

async function untilPrinting({ api }: PageGround, id: string): Promise<void> {
  for await (const { attempts } of api.follow(id)) if (attempts.length > 0) return;
}

/** Readers that have what was before, and hear everything from then on. */
function startReaders({ env, endpoints }: PageGround, count: number): Promise<readonly WebSocket[]> {
  const url = `${endpoints.api.replace(/^http/, 'ws')}/ws`;
  const headers = { authorization: `Bearer ${tokenOf(env.PAWL_HOME ?? '', env)}` };
  const start = async () => {
    const reader = new WebSocket(url, { headers });
    await once(reader, 'message');
    return reader;
  };
  return Promise.all(Array.from({ length: count }, start));
}
