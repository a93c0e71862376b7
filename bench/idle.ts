/** What an engine asks of Temporal while nobody watches and nothing moves, beyond its workers' waiting polls. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './engine.ts';
import type { Figure } from './figures.ts';

/** What came before is still being told: the last answers of workflow tasks. */
const SETTLE_MS = 500;

export async function measureIdle({ calls }: Bench, seconds: number): Promise<Figure[]> {
  await sleep(SETTLE_MS);
  const before = await calls();
  if (before.size === 0)
    throw new Error('expected the calls so far, got none: the SDK counts them elsewhere');
  await sleep(seconds * 1_000);
  const after = await calls();
  const made = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
  const group = `calls to Temporal in ${seconds} s of rest, polls of workers apart`;
  const total = made.reduce((sum, [, count]) => sum + count, 0);
  return [
    { group, name: 'all', value: total, unit: 'calls', aim: '0' },
    ...made
      .filter(([, value]) => value > 0)
      .map(([name, value]) => ({ group, name: `of it ${name}`, value, unit: 'calls' as const })),
  ];
}
