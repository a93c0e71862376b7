/**
 * Workers alone and their engine under random kills and stops: whatever happens, nobody is shown a task as it was before something
 * that Temporal has by now. `npm test` does the quick form, `npm run test:kills` a long one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PawlError } from '../../src/domain/failures.ts';
import { until } from '../engine/engine-rig.ts';
import { type AloneRig, startAloneRig } from '../worker/alone-rig.ts';

const ALL = process.env.PAWL_KILLS === 'all';
const ROUNDS = ALL ? 150 : 8;
const STOPPED_MS_MAX = 7_000;
const IDS = ['one', 'two', 'three'] as const;

let alone: AloneRig;
const api = () => alone.engine().api;
const timers: NodeJS.Timeout[] = [];

beforeAll(async () => {
  alone = await startAloneRig();
  await alone.startWorker();
  for (const id of IDS) await api().create({ id, title: id });
});
afterAll(async () => {
  for (const timer of timers) clearTimeout(timer);
  await alone.close();
});

const anyOf = <T>(all: readonly T[]): T | undefined => all[Math.floor(Math.random() * all.length)];

const later = (act: () => void) => timers.push(setTimeout(act, Math.random() * STOPPED_MS_MAX));

const FAULTS = {
  none: async () => undefined,
  async 'a worker is killed'() {
    await alone.endWorker(anyOf(alone.workers()), 'SIGKILL');
    await alone.startWorker();
  },
  async 'a worker is stopped'() {
    const worker = anyOf(alone.workers());
    worker?.kill('SIGSTOP');
    later(() => worker?.kill('SIGCONT'));
  },
  'the engine is killed': () => alone.killEngine(),
  async 'the engine is stopped'() {
    alone.signalEngine('SIGSTOP');
    later(() => alone.signalEngine('SIGCONT'));
  },
} as const satisfies Record<string, () => Promise<unknown>>;

/** Undefined while nobody answers. */
const unlessAway = <T>(answer: Promise<T>): Promise<T | undefined> =>
  answer.catch((error: unknown) => {
    if (error instanceof PawlError && error.code === 'unavailable') return undefined;
    throw error;
  });

it('nobody is shown what was before', { timeout: ALL ? 3_600_000 : 300_000 }, async () => {
  const faults = Object.keys(FAULTS) as (keyof typeof FAULTS)[]; // the table's own keys
  let shown = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const fault = faults[round % faults.length] ?? 'none';
    await FAULTS[fault]();
    for (const id of IDS) {
      const note = `${id} ${round}: ${fault}`;
      await alone.tell(id, note);
      await until(async () => (await alone.asked(id).catch(() => undefined))?.notes.includes(note) === true);
      const state = await unlessAway(api().show({ id }));
      if (state === undefined) continue;
      expect(state.notes).toContain(note);
      shown += 1;
    }
  }
  expect(shown).toBeGreaterThan(0);
  for (const worker of alone.workers()) worker.kill('SIGCONT');
  alone.signalEngine('SIGCONT');
  const followers = IDS.map(alone.follow);
  for (const [at, id] of IDS.entries()) {
    await alone.tell(id, 'the last');
    await until(() => followers[at]?.notes()?.includes('the last') === true);
    expect(await api().show({ id })).toEqual(await alone.asked(id));
    await followers[at]?.leave();
  }
  // Lists hold it as well once visibility does.
  for (const id of IDS) {
    const { changedAt } = await alone.asked(id);
    await until(async () => {
      await sleep(100);
      return (await api().list({})).tasks.find((task) => task.id === id)?.changedAt === changedAt;
    });
  }
});
