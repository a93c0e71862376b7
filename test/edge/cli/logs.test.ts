/** `pawl logs -f`: what the agent prints, while it is printed. */
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { fakeEngine, told } from './fake-engine.ts';
import { pawl } from './fakes.ts';
import { HAPPY } from './states.ts';

describe('logs -f', () => {
  const fake = () => {
    const running = { ...HAPPY.working };
    const second = {
      ...HAPPY.merged,
      attempts: HAPPY.merged.attempts.flatMap((one) => [one, { ...one, number: 2 }]),
    };
    const lines: Record<string, string[]> = { '1.0': ['one'], '1.1': ['two'], '2.0': ['three'] };
    return fakeEngine(
      {},
      {
        show: async () => running,
        async *news() {
          yield told(running);
          yield { type: 'output', id: running.id, attempt: 1, bytes: 2 };
          yield told(second);
        },
        logs: async ({ attempt = 1, offset }) => {
          const texts = lines[`${attempt}.${offset}`] ?? [];
          return {
            attempt,
            offset: offset + texts.length,
            lines: texts.map((text) => ({ t: '2026-01-02T03:04:05.000Z', attempt, type: 'log', text })),
          };
        },
      },
    );
  };

  it('goes on to the last line of the last attempt', async () => {
    const { code, documents } = await pawl(['logs', 'fix-login', '-f', '--json'], { fake: fake() });
    expect(code).toBe(0);
    expect(documents).toMatchObject([{ text: 'one' }, { text: 'two' }, { text: 'three' }]);
  });

  it('stays with the attempt that was asked for', async () => {
    const { documents } = await pawl(['logs', 'fix-login', '-f', '--attempt', '1', '--json'], {
      fake: fake(),
    });
    expect(documents).toMatchObject([{ text: 'one' }, { text: 'two' }]);
  });

  it('ends on Ctrl-C', async () => {
    const interrupt = new AbortController();
    const still = fakeEngine(
      { 'fix-login': [HAPPY.working] },
      {
        async *news(_, signal) {
          yield told(HAPPY.working);
          const left = once(signal, 'abort');
          interrupt.abort();
          await left;
        },
      },
    );
    expect((await pawl(['logs', 'fix-login', '-f'], { fake: still, signal: interrupt.signal })).code).toBe(
      130,
    );
  });
});
