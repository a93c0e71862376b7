/** Slots: the more urgent is served first, what waits becomes more urgent, and a start of the engine changes nothing about it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSlots } from '../../../src/adapters/agents/slots.ts';
import { STEP_UP_MS } from '../../../src/domain/waiting-order.ts';
import { asking, never, settled } from './asking-slots.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('who is more urgent', () => {
  it('is served first, takes no slot from whoever has one, and the others hear their new places', async () => {
    const ask = asking(createSlots({ perHostMax: 1, perRepositoryMax: 1 }));
    const [first, second, third] = [ask('a', never, { priority: 'low' }), ask('a'), ask('a')];
    const urgent = ask('b', never, { priority: 'high' });
    await settled();
    expect([first.state, urgent.state]).toEqual(['running', 'waiting']);
    expect([second.places, third.places, urgent.places]).toEqual([[1, 2], [2, 3], [1]]);
    first.release();
    await settled();
    expect([second.state, urgent.state]).toEqual(['waiting', 'running']);
    expect([second.places, third.places]).toEqual([
      [1, 2, 1],
      [2, 3, 2],
    ]);
  });

  it('does not wait for a full repository in front of a less urgent one that can work', async () => {
    const ask = asking(createSlots({ perHostMax: 2, perRepositoryMax: 1 }));
    const [, urgent, other] = [ask('a'), ask('a', never, { priority: 'critical' }), ask('b')];
    await settled();
    expect([urgent.state, other.state]).toEqual(['waiting', 'running']);
  });

  it('comes after one that waits for longer by the clock of its task, as after a start of the engine', async () => {
    const ask = asking(createSlots({ perHostMax: 1, perRepositoryMax: 1 }));
    const now = Date.now();
    const [first, later, earlier] = [
      ask('a'),
      ask('a', never, { sinceMs: now }),
      ask('a', never, { sinceMs: now - 1 }),
    ];
    await settled();
    expect([later.places, earlier.places]).toEqual([[1, 2], [1]]);
    first.release();
    await settled();
    expect(earlier.state).toBe('running');
  });

  it('is by and by whoever waits: its place is told when that comes, though nobody asks or leaves', async () => {
    const ask = asking(createSlots({ perHostMax: 1, perRepositoryMax: 1 }));
    const now = Date.now();
    const first = ask('a');
    const normal = ask('a', never, { sinceMs: now });
    vi.advanceTimersByTime(1);
    const high = ask('a', never, { sinceMs: now + 1, priority: 'high' });
    await settled();
    expect([normal.places, high.places]).toEqual([[1, 2], [1]]);
    vi.advanceTimersByTime(STEP_UP_MS - 1);
    expect([normal.places, high.places]).toEqual([
      [1, 2, 1],
      [1, 2],
    ]);
    // A millisecond later the other is a step ahead again, an hour later none is.
    vi.advanceTimersByTime(1);
    expect([normal.places.at(-1), high.places.at(-1)]).toEqual([2, 1]);
    vi.advanceTimersByTime(STEP_UP_MS);
    expect([normal.places.at(-1), high.places.at(-1)]).toEqual([1, 2]);
    first.release();
    await settled();
    expect([normal.state, high.state]).toEqual(['running', 'waiting']);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('where several are to ask', () => {
  const two = { perHostMax: 2, perRepositoryMax: 1 };

  it('nobody is served before all have, and then the one whose turn it is', async () => {
    const slots = createSlots(two);
    const ask = asking(slots);
    slots.gather(3, 1_000);
    const [first, second] = [ask('a'), ask('a')];
    await settled();
    expect([first.state, second.state, first.places]).toEqual(['waiting', 'waiting', []]);
    const urgent = ask('a', never, { priority: 'high' });
    await settled();
    expect([urgent.state, first.places, second.places]).toEqual(['running', [1], [2]]);
  });

  it('those that have asked are served without the others once nobody has asked for a while', async () => {
    const slots = createSlots(two);
    const ask = asking(slots);
    slots.gather(4, 1_000);
    vi.advanceTimersByTime(10_000);
    const first = ask('a');
    vi.advanceTimersByTime(999);
    const second = ask('a', never, { priority: 'high' });
    vi.advanceTimersByTime(999);
    await settled();
    expect([first.state, second.state]).toEqual(['waiting', 'waiting']);
    vi.advanceTimersByTime(1);
    await settled();
    expect([first.state, second.state]).toEqual(['waiting', 'running']);
  });

  it('nobody is waited for where there are slots for all', async () => {
    const slots = createSlots(two);
    slots.gather(1, 1_000);
    const only = asking(slots)('a');
    await settled();
    expect(only.state).toBe('running');
  });
});
