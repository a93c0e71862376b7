/** From the SIGKILL of an engine that is started again at once to its agent at work again. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Pawl } from '../src/client.ts';
import { endpointsOf, runPawl } from './detached-engine.ts';
import { type Figure, median, quantile } from './figures.ts';
import { environmentIn } from './homes.ts';
import { makeRepository } from './repository.ts';

const HOLD = 'hold on';
const AT_WORK_MS_MAX = 60_000;

/** @param folder where the home and the repository are made */
export async function measureResume(folder: string, crashes: number): Promise<Figure[]> {
  const env = environmentIn(join(folder, 'home'));
  await runPawl(env, 'up', '-d');
  let api = await connect(env);
  const times: number[] = [];
  try {
    const script = join(import.meta.dirname, 'holding-agent.mjs');
    await api.run({
      id: 'held',
      requirement: 'Hold on',
      repository: await makeRepository(join(folder, 'repository')),
      agent: { name: 'command', command: [process.execPath, script, HOLD] },
      policy: { attemptsMax: 12 },
    });
    await untilAtWork(api, 1);
    for (let crash = 1; crash <= crashes; crash += 1) {
      const { pid } = await endpointsOf(env);
      await api.close();
      const killedMs = Date.now();
      process.kill(pid, 'SIGKILL');
      await runPawl(env, 'up', '-d');
      api = await connect(env);
      times.push((await untilAtWork(api, crash + 1)) - killedMs);
    }
    await api.cancel({ id: 'held' });
    const group = 'an engine that is killed and started again at once: until its agent works again';
    return [
      { group, name: `p50 of ${crashes}`, value: median(times), unit: 'ms', aim: '< 1000' },
      { group, name: 'the slowest', value: quantile(times, 1), unit: 'ms' },
    ];
  } finally {
    await api.close();
    await runPawl(env, 'down');
  }
}

/** @returns when the agent of the attempt was started, as its log says */
async function untilAtWork(api: Pawl, attempt: number): Promise<number> {
  for (const end = performance.now() + AT_WORK_MS_MAX; performance.now() < end; await sleep(50)) {
    const { attempts } = await api.show({ id: 'held' });
    if (attempts.length < attempt) continue;
    const { lines } = await api.logs({ id: 'held', attempt });
    const line = lines.find(({ text }) => /^process \d+$/.test(text));
    if (line !== undefined) return Date.parse(line.t);
  }
  throw new Error(`expected attempt ${attempt} at work, got none`);
}
