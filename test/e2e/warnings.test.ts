/** Warning signs of a real engine, told to who reads the feed: more tasks wait for an agent than one host takes. */
import { expect, it } from 'vitest';
import type { Warning } from '../../src/domain/warning-signs.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { by, closed, startRig } from './rig.ts';

it('tells of tasks that wait for an agent, and when they do no more', async () => {
  const rig = await startRig({ PAWL_AGENTS_PER_HOST: '1' });
  try {
    const leaving = new AbortController();
    const told: (readonly Warning[])[] = [];
    const reading = (async () => {
      for await (const { event } of rig.api.events(undefined, leaving.signal))
        if (event.type === 'warnings') told.push(event.warnings);
    })();
    const isBacklog = () => told.at(-1)?.some(({ about }) => about === 'backlog') ?? false;
    const repository = newRepository();
    const ids = await Promise.all(Array.from({ length: 6 }, () => rig.run({ repository, ...by('waits') })));
    await expect.poll(isBacklog, { timeout: 60_000 }).toBe(true);
    for (const id of ids) await rig.api.cancel({ id });
    await expect.poll(isBacklog, { timeout: 60_000 }).toBe(false);
    for (const id of ids) expect(closed(await rig.api.show({ id }))).toBe(true);
    leaving.abort();
    await reading;
  } finally {
    await rig.close();
  }
});
