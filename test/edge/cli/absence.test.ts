/** An engine that goes away while a task is followed: waited for, then left with an exit code of its own. */
import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import type { EngineApi } from '../../../src/domain/operations.ts';
import { fakeEngine, told } from './fake-engine.ts';
import { pawl } from './fakes.ts';
import { HAPPY } from './states.ts';

const away = new PawlError('unavailable', 'the engine at http://there cannot be reached');
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
/** No time passes but for short waits. */
const patient = (ms: number, signal: AbortSignal) => (ms > 1_000 ? untilAborted(signal) : Promise.resolve());

const goesAway: EngineApi['news'] = async function* (_, signal, onAway) {
  yield told(HAPPY.working);
  onAway?.(true);
  onAway?.(true);
  await untilAborted(signal);
};
const comesBack: EngineApi['news'] = async function* (_, __, onAway) {
  yield told(HAPPY.working);
  onAway?.(true);
  await new Promise(setImmediate);
  onAway?.(false);
  yield told(HAPPY.merged);
};

describe('run', () => {
  it('leaves with 4 where it stays away, and says how to follow the task', async () => {
    const { code, err, documents } = await pawl(['run', 'Fix', '--id', 'a', '--json'], {
      fake: fakeEngine({}, { news: goesAway }),
    });
    expect(code).toBe(4);
    expect(err.match(/does not answer: waiting 60 s for it, task a lives on/g)).toHaveLength(1);
    expect(err).toMatch(/pawl: .*task a goes on once it is back.*pawl show a .*pawl logs -f a /);
    expect(documents.at(-1)).toMatchObject({ error: { code: 'unavailable' } });
  });

  it('goes on where it comes back', async () => {
    const fake = fakeEngine({}, { news: comesBack });
    const { code, err } = await pawl(['run', 'Fix', '--id', 'a'], { fake, sleep: patient });
    expect(code).toBe(0);
    expect(err).toMatch(/^the engine does not answer: .*\nthe engine is back\n$/);
  });

  it('leaves with 4 where it goes away before the first state', async () => {
    const news: EngineApi['news'] = async function* () {
      yield* [];
      throw away;
    };
    const ran = await pawl(['run', 'Fix', '--id', 'a'], { fake: fakeEngine({}, { news }) });
    expect(ran).toMatchObject({ code: 4, err: expect.stringContaining('pawl show a') });
  });

  it('is 1 where the engine cannot be reached for the start: nothing is known to live', async () => {
    const fake = fakeEngine({}, { run: () => Promise.reject(away) });
    expect((await pawl(['run', 'Fix', '--id', 'a'], { fake })).code).toBe(1);
  });

  it('decides once, however often it has to say so', async () => {
    const sent: unknown[] = [];
    const inner = fakeEngine({ new: Object.values(HAPPY) });
    const approve: EngineApi['approve'] = async (input) => {
      sent.push(input);
      if (sent.length < 3) throw away;
      return inner.approve(input);
    };
    const { code, err } = await pawl(['run', 'Fix', '--id', 'a', '--yes'], {
      fake: { ...inner, approve },
      sleep: patient,
    });
    expect(code).toBe(0);
    expect(err).toMatch(/^the engine does not answer: .*\nthe engine is back\n$/);
    expect(sent).toEqual([sent[0], sent[0], sent[0]]);
    expect(sent[0]).toMatchObject({ messageId: expect.stringMatching(/./), digest: expect.any(String) });
  });
});

describe('logs -f', () => {
  const show = async () => HAPPY.working;
  it.each([
    ['comes back', { show, news: comesBack }, 0, 'the engine is back'],
    ['stays away', { show, news: goesAway }, 4, 'pawl logs -f fix-login'],
    ['is not there', { show: () => Promise.reject(away) }, 1, 'cannot be reached'],
  ] as const)('of an engine that %s exits with %i', async (_, own, code, words) => {
    const sleep = code === 4 ? async () => undefined : patient;
    const ran = await pawl(['logs', 'fix-login', '-f'], { fake: fakeEngine({}, own), sleep });
    expect(ran).toMatchObject({ code, err: expect.stringContaining(words) });
  });
});
