import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import { TaskId } from '../../../src/domain/ids.ts';
import type { Question } from '../../../src/edge/cli/world.ts';
import { fakeEngine } from './fake-engine.ts';
import { pawl } from './fakes.ts';
import { approval, DIGEST, HAPPY } from './states.ts';

const happy = () => fakeEngine({ new: Object.values(HAPPY) });
const inputOf = (fake: ReturnType<typeof fakeEngine>, name: string) =>
  fake.calls.find((call) => call.name === name)?.input;

describe('a gate', () => {
  const answers = (...given: string[]) => {
    const asked: Question[] = [];
    const choose = async (question: Question) => {
      asked.push(question);
      return given.shift();
    };
    return { asked, choose };
  };

  it('is asked of a person, bound to what was shown', async () => {
    const fake = happy();
    const { choose, asked } = answers('diff', 'approve');
    const { code, out } = await pawl(['run', 'Fix', '--id', 'a'], { fake, interactive: true, choose });
    expect(code).toBe(0);
    expect(asked).toHaveLength(2);
    expect(out).toContain('diff --git a/x b/x\n+red\n');
    expect(inputOf(fake, 'approve')).toEqual({
      id: 'a',
      gate: 'approval-1',
      via: 'cli',
      digest: DIGEST,
      messageId: expect.any(String),
    });
  });

  it('is rejected with a reason only', async () => {
    const fake = happy();
    const reasons = [' ', 'keep the old route'];
    const { choose } = answers('reject', 'reject');
    await pawl(['run', 'Fix', '--id', 'a'], {
      fake,
      interactive: true,
      choose,
      askText: async () => reasons.shift(),
    });
    expect(inputOf(fake, 'reject')).toMatchObject({ id: 'a', reason: 'keep the old route', digest: DIGEST });
  });

  it('is left for later', async () => {
    const { choose } = answers('later');
    expect((await pawl(['run', 'Fix', '--id', 'a'], { fake: happy(), interactive: true, choose })).code).toBe(
      3,
    );
  });

  it('goes away when somebody else decides', async () => {
    const fake = happy();
    let closed = false;
    const choose = (_: Question, signal: AbortSignal) =>
      new Promise<undefined>((resolve) => {
        signal.addEventListener('abort', () => {
          closed = true;
          resolve(undefined);
        });
        void fake.approve({ id: TaskId.parse('a'), gate: 'approval', by: 'bob', via: 'http' });
      });
    expect((await pawl(['run', 'Fix', '--id', 'a'], { fake, interactive: true, choose })).code).toBe(0);
    expect(closed).toBe(true);
  });

  it('that moved meanwhile is shown anew', async () => {
    const newer = { ...HAPPY.waiting, gates: [approval({ digest: 'newer' })] };
    const fake: ReturnType<typeof fakeEngine> = fakeEngine(
      { new: [HAPPY.waiting, newer, HAPPY.merged] },
      {
        approve: async ({ id, digest }) => {
          // Whatever was asked, the task moves on.
          await fake.reject({ id, gate: 'approval', by: 'x', via: 'cli', reason: 'moves on' });
          if (digest !== 'newer') throw new PawlError('conflict', 'what was shown is stale');
          return { id, status: 'in_progress' };
        },
      },
    );
    const { code, err } = await pawl(['run', 'Fix', '--id', 'a', '--yes'], { fake });
    expect(code).toBe(0);
    expect(err).toContain('not counted: what was shown is stale');
  });
});
