/** Following a task of an engine in another process. */

import { describe, expect, it } from 'vitest';
import { statesIn } from '../../../src/domain/events.ts';
import type { EngineApi } from '../../../src/domain/operations.ts';
import { fakeEngine, told } from '../cli/fake-engine.ts';
import { HAPPY } from '../cli/states.ts';
import { farOf, one, serve, until } from './far-engine.ts';

describe('following', () => {
  const statuses = async (far: EngineApi, signal = until(60_000)): Promise<string[]> => {
    const seen: string[] = [];
    for await (const state of statesIn(far.news(one, signal))) seen.push(state.status);
    return seen;
  };

  it('tells each state until the task is closed', async () => {
    const server = await serve(fakeEngine({ one: [HAPPY.pending, HAPPY.working, HAPPY.merged] }));
    expect(await statuses(farOf(server))).toEqual(['pending', 'in_progress', 'completed']);
  });

  it('says that there is no such task', async () => {
    await expect(statuses(farOf(await serve(fakeEngine())))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('ends when nobody wants to know any more, here and there', async () => {
    const { promise: left, resolve } = Promise.withResolvers<void>();
    const engine = fakeEngine(
      {},
      {
        async *news(_, signal) {
          yield told(HAPPY.waiting);
          await new Promise((abort) => signal.addEventListener('abort', abort));
          resolve();
        },
      },
    );
    for await (const state of statesIn(farOf(await serve(engine)).news(one, until(60_000)))) {
      expect(state.status).toBe('awaiting_gate');
      break;
    }
    await left;
    const stop = new AbortController();
    for await (const _ of farOf(await serve(engine)).news(one, stop.signal)) stop.abort();
    expect(stop.signal.aborted).toBe(true);
  });

  it('goes on where the engine is started again, and says nothing twice', async () => {
    const server = await serve(fakeEngine({ one: [HAPPY.waiting, HAPPY.merged] }));
    const seen: string[] = [];
    for await (const { status } of statesIn(farOf(server).news(one, until(60_000)))) {
      seen.push(status);
      if (seen.length > 1) continue;
      await server.close();
      await serve(
        fakeEngine({ one: [HAPPY.waiting, HAPPY.merged] }, beginsAnew),
        Number(new URL(server.url).port),
      );
    }
    expect(seen).toEqual(['awaiting_gate', 'completed']);
  });
  const beginsAnew: Partial<EngineApi> = {
    async *news() {
      yield told({ ...HAPPY.waiting, id: one });
      yield told({ ...HAPPY.merged, id: one });
    },
  };
});
