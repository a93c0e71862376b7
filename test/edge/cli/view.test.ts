/** What a screen gets while a task goes on: a line that moves on a terminal, signs of life without one. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createView } from '../../../src/edge/cli/view.ts';
import type { LiveLine } from '../../../src/edge/cli/world.ts';
import { asked, fakeEngine } from './fake-engine.ts';
import { HAPPY } from './states.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watch(live?: LiveLine) {
  const written: string[] = [];
  const screen = { write: (text: string) => void written.push(text), columns: 60, colours: false, live };
  const view = createView({ world: { now: () => Date.now() }, screen, engine: asked(fakeEngine()) });
  return { view, written };
}

it('without a terminal, a step that takes long says so ever more rarely', async () => {
  const { view, written } = watch();
  view.show(HAPPY.working);
  const lines = written.length;
  await vi.advanceTimersByTimeAsync(36_000);
  expect(written.slice(lines)).toHaveLength(3);
  expect(written.at(-1)).toMatch(/^ {2}… attempt 1 {5}command works {2}35\.0 s\n$/);
  view.rest();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(written.slice(lines)).toHaveLength(3);
});

it('a terminal shows what the agent printed last, and is clean afterwards', async () => {
  let shown = '';
  const { view, written } = watch({
    set: (text) => {
      shown = text;
    },
    clear: () => {
      shown = '';
    },
  });
  view.show(HAPPY.working);
  expect(shown).toContain('command works');
  await vi.advanceTimersByTimeAsync(1_200);
  expect(shown).toMatch(/attempt 1 {5}hello world {2}1\.\d s$/);
  view.show(HAPPY.waiting);
  expect(shown).toBe('');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(shown).toBe('');
  expect(written.join('')).not.toContain('hello');
});

it('a log that cannot be read disturbs nobody', async () => {
  const broken = fakeEngine({}, { logs: () => Promise.reject(new Error('gone')) });
  const screen = {
    write: () => undefined,
    columns: 60,
    colours: false,
    live: { set: vi.fn(), clear: () => undefined },
  };
  const view = createView({ world: { now: () => Date.now() }, screen, engine: asked(broken) });
  view.show(HAPPY.working);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(screen.live.set).toHaveBeenLastCalledWith(expect.stringContaining('command works'));
  view.rest();
});
