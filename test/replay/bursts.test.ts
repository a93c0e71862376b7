/**
 * Many tasks after one another, and many messages at once to one that has only begun, on an engine as a user has it: all are
 * answered as what was told, once, also where no workflow is kept in memory, and beside a worker that is killed every second.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PawlError } from '../../src/domain/failures.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { type EngineRig, startRig } from '../e2e/rig.ts';
import { startMortalWorker } from './mortal-worker.ts';

const ALL = process.env.PAWL_KILLS === 'all';
/** More than the 200 that a worker keeps. */
const TASKS = 300;
const AT_ONCE = 40;
/** As many notes as a task keeps: one that came twice would take the place of another. */
const NOTES = 20;
/** For a hang. */
const TEST_MS = ALL ? 900_000 : 240_000;

const WORLDS = [
  { name: 'with 200 of them in memory', cached: '200', mortal: false, tasks: TASKS, bursts: 3 },
  { name: 'with none in memory', cached: '0', mortal: false, tasks: ALL ? TASKS : 40, bursts: 3 },
  {
    name: 'beside a worker that is killed every second',
    cached: '200',
    mortal: true,
    tasks: ALL ? TASKS : 20,
    bursts: ALL ? 10 : 1,
  },
];

describe.each(WORLDS)('$name', ({ cached, mortal, tasks, bursts }) => {
  let rig: EngineRig;
  let worker: ReturnType<typeof startMortalWorker> | undefined;
  beforeAll(async () => {
    rig = await startRig({ PAWL_WORKFLOWS_CACHED: cached, PAWL_WORKER: mortal ? 'off' : 'on' });
    if (mortal) worker = startMortalWorker(rig.home, { PAWL_WORKFLOWS_CACHED: cached });
  });
  afterAll(async () => {
    try {
      await worker?.stop();
    } finally {
      await rig.close();
    }
  }, TEST_MS);

  it(`answers ${tasks} tasks, one call at a time`, { timeout: TEST_MS }, async () => {
    const ids = Array.from({ length: tasks }, (_, at) => TaskId.parse(`task-${at}`));
    for (const id of ids) await persistently(() => rig.api.create({ id, title: `Title of ${id}` }));
    for (const id of ids) {
      const message = { id, messageId: `m-${id}`, status: 'in_progress', note: `note of ${id}` } as const;
      expect(await persistently(() => rig.api.update(message))).toEqual({
        ...{ id, status: 'in_progress' },
        before: { status: 'pending' },
      });
    }
    for (const id of ids) {
      expect(await persistently(() => rig.api.show({ id }))).toMatchObject({
        ...{ id, title: `Title of ${id}`, status: 'in_progress', notes: [`note of ${id}`] },
        ignoredMessages: 0,
      });
    }
  });

  it(`applies ${AT_ONCE} messages at once to a fresh task once each`, { timeout: TEST_MS }, async () => {
    for (let burst = 0; burst < bursts; burst += 1) {
      const id = TaskId.parse(`burst-${burst}`);
      await persistently(() => rig.api.create({ id, title: id }));
      const tokens = await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => tell(id, at)));
      const state = await persistently(() => rig.api.show({ id }));
      const noted = Array.from({ length: NOTES }, (_, at) => `note ${at}`);
      expect([...state.notes].sort()).toEqual(noted.sort());
      expect(Object.keys(state.context ?? {}).sort()).toEqual(noted);
      // A claim that counted twice would make it more, and one that was lost less.
      expect(state).toMatchObject({ status: 'in_progress', claims: AT_ONCE - NOTES, ignoredMessages: 0 });
      expect(new Set(tokens.filter((token) => token !== undefined)).size).toBe(AT_ONCE - NOTES);
    }
  });

  /** A note, or from the last of them on a claim, whose token is answered. */
  async function tell(id: TaskId, at: number): Promise<string | undefined> {
    const messageId = `m-${at}`;
    if (at >= NOTES) {
      const { attemptToken } = await persistently(() => rig.api.claim({ id, messageId, by: 'ann' }));
      return attemptToken;
    }
    const note = `note ${at}`;
    const told = { id, messageId, note, context: { [note]: at } };
    expect((await persistently(() => rig.api.update(told))).id).toBe(id);
    return undefined;
  }

  /** The same call with the same id again, for as long as nobody answers: only beside a worker that dies. */
  async function persistently<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (!mortal || !(error instanceof PawlError) || error.code !== 'unavailable') throw error;
      }
    }
  }
});
