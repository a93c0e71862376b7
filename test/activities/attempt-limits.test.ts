/** When an attempt has taken too long, by a clock of the test's own. */
import { expect, it } from 'vitest';
import { createStallWatch } from '../../src/activities/attempt-limits.ts';

function watching() {
  const clock = { ms: 1_000_000 };
  const watch = createStallWatch({ now: () => clock.ms, stallMsMax: 100, wallMsMax: 1_000 });
  return { watch, pass: (ms: number) => Object.assign(clock, { ms: clock.ms + ms }) };
}

it('stalls when nothing is seen for too long', () => {
  const { watch, pass } = watching();
  pass(99);
  expect([watch.verdict(), watch.remainingMs()]).toEqual([undefined, 1]);
  pass(1);
  expect([watch.verdict(), watch.remainingMs()]).toEqual(['stalled', 0]);
});

it('lives on with output, until the time is up', () => {
  const { watch, pass } = watching();
  for (let step = 0; step < 19; step += 1) {
    pass(50);
    watch.sawOutput();
    expect(watch.verdict()).toBeUndefined();
  }
  expect(watch.remainingMs()).toBe(50);
  pass(50);
  expect(watch.verdict()).toBe('timeout');
  pass(5_000);
  watch.sawOutput();
  expect(watch.verdict()).toBe('timeout');
});

it('takes a changed tree for a sign of life, the same one for none', () => {
  const { watch, pass } = watching();
  watch.sawTree('t1');
  pass(80);
  watch.sawTree('t1');
  pass(20);
  expect(watch.verdict()).toBe('stalled');
  watch.sawTree('t2');
  expect(watch.verdict()).toBeUndefined();
  pass(100);
  watch.sawTree('t2');
  expect(watch.verdict()).toBe('stalled');
});

it('takes the first tree only for what to compare with', () => {
  const { watch, pass } = watching();
  pass(100);
  watch.sawTree('t1');
  expect(watch.verdict()).toBe('stalled');
});

it('recovers from a stall that ended by itself', () => {
  const { watch, pass } = watching();
  pass(100);
  expect(watch.verdict()).toBe('stalled');
  watch.sawOutput();
  expect(watch.verdict()).toBeUndefined();
});
