/**
 * How soon the board answers a key in its search among many tasks. The tasks are rows alone, told to the page by a stand-in of the
 * feed in the words of the real one: to make so many with an engine takes minutes, and the page cannot tell the difference.
 */
import type { Page } from 'playwright-core';
import { Snapshot } from '../src/domain/events.ts';
import { type Figure, median, quantile } from './figures.ts';
import type { PageGround } from './page-tabs.ts';

export interface SearchCounts {
  readonly tasks: number;
  /** Each is typed key by key, and taken away again. */
  readonly words: number;
}

/** Of so many one is open. */
const OPEN_OF = 10;

export async function measureSearch({ openTab }: PageGround, counts: SearchCounts): Promise<Figure[]> {
  const page = await openTab('/board', (tab) => standInForFeed(tab, counts.tasks));
  await page.getByText(`${counts.tasks.toLocaleString('en')} shown`).waitFor();
  await page.getByLabel('Text').focus();
  const times: number[] = [];
  const press = async (key: string) => {
    await page.evaluate('probe.awaitKey()');
    await page.keyboard.press(key);
    times.push(await page.evaluate<number>('probe.keyMs()'));
  };
  for (let word = 0; word < counts.words; word += 1) {
    // A number of as many digits as the largest has: each digit more leaves fewer tasks, and the last one a single task.
    const digits = [...String(Math.round(counts.tasks * (1 - (word + 1) / (counts.words + 2))))];
    for (const digit of digits) await press(digit);
    for (const _ of digits) await press('Backspace');
  }
  await page.context().close();
  const open = counts.tasks / OPEN_OF;
  const group = `from a key in the board's search to the frame with what it found, ${counts.tasks} rows (${open} open) of a stand-in of the feed`;
  return [
    { group, name: `p50 of ${times.length}`, value: median(times), unit: 'ms' },
    { group, name: 'p95', value: quantile(times, 0.95), unit: 'ms', aim: '< 100' },
  ];
}

function standInForFeed(page: Page, tasks: number): Promise<void> {
  const message = JSON.stringify({ number: 'bench:1', event: snapshotOf(tasks) });
  return page.routeWebSocket(/\/ws\?/, (socket) => {
    socket.send(JSON.stringify({ aliveMs: DAY_MS }));
    socket.send(message);
  });
}

/** It says so once. */
const DAY_MS = 24 * 3600_000;
const OPEN = ['pending', 'in_progress', 'awaiting_gate'] as const;
const BEGAN_MS = Date.parse('2026-01-01T00:00:00Z');

function snapshotOf(tasks: number): Snapshot {
  const rows = Array.from({ length: tasks }, (_, number) => {
    const isOpen = number % OPEN_OF === 0;
    const startedAt = new Date(BEGAN_MS + number * 60_000).toISOString();
    return {
      id: `task-${number}`,
      title: `Bring part ${number} of the work into its place`,
      description: 'What is wanted is written here, in the length that people and planners write it. '.repeat(
        3,
      ),
      status: isOpen ? OPEN[(number / OPEN_OF) % OPEN.length] : 'completed',
      kind: 'agent_run',
      repository: `/home/user/projects/${number % 7}`,
      agent: 'claude',
      attempt: 1,
      startedAt,
      changedAt: startedAt,
      ...(isOpen ? {} : { closedAt: startedAt, summary: 'It is in its place.' }),
    };
  });
  return Snapshot.parse({ type: 'snapshot', rows, executions: [] });
}
