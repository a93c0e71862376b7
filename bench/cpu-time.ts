/** What the engine's process takes of the processor: for readers of one task, and for an agent's run beside its programs. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pawl } from '../src/client.ts';
import { tokenOf } from '../src/engine/home.ts';
import { cpuSeconds } from './cpu.ts';
import { withDetachedEngine } from './detached-engine.ts';
import type { Figure } from './figures.ts';
import { environmentIn } from './homes.ts';
import { makeRepository } from './repository.ts';

export interface CpuCounts {
  readonly readers: number;
  readonly updates: number;
  readonly runs: number;
}

/** Until what was told has reached every reader. */
const SETTLE_MS = 1_000;

/** @param folder where the home and the repository are made */
export async function measureCpuTime(folder: string, counts: CpuCounts): Promise<Figure[]> {
  const home = join(folder, 'home');
  const env = environmentIn(home);
  return withDetachedEngine(env, async ({ api, endpoints }) => {
    const { pid } = endpoints;
    const spent = async (act: () => Promise<void>) => {
      const before = await cpuSeconds(pid);
      await act();
      return (await cpuSeconds(pid)) - before;
    };
    const ground = { api, folder, repository: await makeRepository(join(folder, 'repository')) };
    // The first compiles code and fills caches.
    await runOne(ground, 'warm');
    const runs = await spent(async () => {
      for (let run = 0; run < counts.runs; run += 1) await runOne(ground, `run-${run}`);
    });
    await updateTimes(api, 'warm-up', counts.updates);
    const alone = await spent(() => updateTimes(api, 'unread', counts.updates));
    await api.create({ id: 'read', title: 'Read by many' });
    const reading = startReaders(
      `${endpoints.api}/api/tasks/read/follow`,
      tokenOf(home, env),
      counts.readers,
    );
    await reading.started;
    const read = await spent(() => updateTimes(api, 'read', counts.updates));
    await reading.stop();
    const group = "processor time of the engine's process";
    return [
      {
        group,
        name: `an agent's run, mean of ${counts.runs}`,
        value: runs / counts.runs,
        unit: 's',
        aim: '< 0.7',
      },
      { group, name: `${counts.updates} updates, nobody reads`, value: alone, unit: 's' },
      {
        group,
        name: `${counts.updates} updates, ${counts.readers} readers`,
        value: read,
        unit: 's',
        aim: '< 1',
      },
    ];
  });
}

interface Ground {
  readonly api: Pawl;
  readonly folder: string;
  readonly repository: string;
}

async function runOne({ api, folder, repository }: Ground, id: string): Promise<void> {
  const script = join(import.meta.dirname, 'agent.mjs');
  await api.run({
    id,
    requirement: 'Do the work',
    repository,
    agent: { name: 'command', command: [process.execPath, script, join(folder, `${id}.ms`), id] },
  });
  for await (const { status, failure } of api.follow(id)) {
    if (status === 'awaiting_gate') await api.approve({ id });
    if (status === 'failed') throw new Error(`${id}: expected a merge, got ${failure?.message}`);
  }
}

async function updateTimes(api: Pawl, id: string, count: number): Promise<void> {
  await api.create({ id, title: 'Read by many' });
  for (let number = 0; number < count; number += 1) await api.update({ id, note: `note ${number}` });
  await sleep(SETTLE_MS);
}

/** Readers in this process, whose time is not counted. */
function startReaders(url: string, token: string, count: number) {
  const leaving = new AbortController();
  const answers = Array.from({ length: count }, () =>
    fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: leaving.signal }),
  );
  const ends = answers.map(async (answer) => {
    try {
      for await (const _ of (await answer).body ?? []);
    } catch (error) {
      if (!leaving.signal.aborted) throw error;
    }
  });
  return {
    started: Promise.all(answers),
    async stop() {
      leaving.abort();
      await Promise.all(ends);
    },
  };
}
