/** Who gets the next free place: by urgency, then by arrival, and nobody waits for ever. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  PRIORITIES,
  type PriorityWord,
  priorityText,
  unusualIn,
  withoutNormal,
} from '../../src/domain/priority.ts';
import {
  inTurn,
  nextStepUpMs,
  STEP_UP_MS,
  urgencyAt,
  type Wait,
  waitsSince,
} from '../../src/domain/waiting-order.ts';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
type Named = Wait & { readonly name: string };
const waits = (name: string, priority: Wait['priority'], agoMs: number): Named => ({
  ...{ name, priority, sinceMs: NOW - agoMs },
});

describe('the next one', () => {
  it.each<[string, readonly Named[], string]>([
    [
      'the more urgent',
      [waits('a', undefined, 3), waits('b', 'high', 2), waits('c', 'critical', 1)],
      'c b a',
    ],
    [
      'the first of those alike',
      [waits('a', 'high', 1), waits('b', 'high', 3), waits('c', 'high', 2)],
      'b c a',
    ],
    ['the one that asked first in the same moment', [waits('a', 'low', 1), waits('b', 'low', 1)], 'a b'],
    [
      'normal where nothing is said',
      [waits('a', 'low', 3), waits('b', 'normal', 2), waits('c', undefined, 1)],
      'b c a',
    ],
    [
      'not the less urgent, though it came much earlier',
      [waits('a', 'normal', HOUR - 1), waits('b', 'high', 0)],
      'b a',
    ],
    [
      'the earlier, once it has waited for an hour',
      [waits('a', 'normal', HOUR), waits('b', 'high', 0)],
      'a b',
    ],
    [
      'after three hours even the least urgent',
      [waits('a', 'critical', 0), waits('b', 'low', 3 * HOUR)],
      'b a',
    ],
    [
      'the urgent of those that have waited as long',
      [waits('a', 'low', HOUR), waits('b', 'high', HOUR)],
      'b a',
    ],
    [
      'as it is where somebody wrote no priority',
      [waits('a', 'urgent!' as never, 1), waits('b', 'low', 2)],
      'a b',
    ],
  ])('is %s', (_, all, names) => {
    expect(
      inTurn(all, NOW)
        .map(({ name }) => name)
        .join(' '),
    ).toBe(names);
  });
});

it.each<[Wait['priority'], number, number]>([
  ['low', 0, 0],
  ['normal', -HOUR, 1],
  ['normal', HOUR, 2],
  ['low', 2.5 * HOUR, 2],
  ['critical', 100 * HOUR, 3],
  ['high', 100 * HOUR, 3],
])('%s after %i ms is as urgent as the level %i', (priority, agoMs, level) => {
  expect(urgencyAt(waits('a', priority, agoMs), NOW)).toBe(level);
});

it.each<[string, readonly Wait[], number | undefined]>([
  ['nobody waits', [], undefined],
  ['all are as urgent as can be', [waits('a', 'critical', 5), waits('b', 'high', HOUR)], undefined],
  ['the first of several', [waits('a', 'normal', 0.25 * HOUR), waits('b', 'low', 1.5 * HOUR)], HOUR / 2],
  ['by a clock that is ahead', [waits('a', 'normal', -HOUR)], 2 * HOUR],
])('the next one to become more urgent, where %s', (_, all, ms) => {
  expect(nextStepUpMs(all, NOW)).toBe(ms);
});

it.each<[string, number | undefined, string | undefined, number]>([
  ['a first attempt', undefined, undefined, NOW],
  ['what its worker left', 7, 'worker_lost', 7],
  ['what was interrupted', 7, 'interrupted', 7],
  ['a fix', 7, undefined, NOW],
  ['one after a stall', 7, 'stalled', NOW],
  ['one from before it was kept', undefined, 'worker_lost', NOW],
])('the wait of %s', (_, before, endedBy, since) => expect(waitsSince(before, endedBy, NOW)).toBe(since));

it('a word is kept where it says something', () => {
  expect(PRIORITIES.map((word) => unusualIn(word))).toEqual([
    ...[{ priority: 'low' }, {}, { priority: 'high' }, { priority: 'critical' }],
  ]);
  expect([undefined, 7, 'urgent'].map(unusualIn)).toEqual([{}, {}, {}]);
  expect([priorityText('high'), priorityText('normal'), priorityText(undefined)]).toEqual([
    ...['high priority', undefined, undefined],
  ]);
  const call = (priority?: PriorityWord) =>
    withoutNormal<object>({ id: 'a', ...(priority !== undefined && { priority }) });
  expect([call(), call('normal'), call('low')]).toEqual([
    { id: 'a' },
    { id: 'a' },
    { id: 'a', priority: 'low' },
  ]);
});

const Priority = fc.constantFrom(undefined, ...PRIORITIES);
const Waits = fc.array(
  fc
    .record({ priority: Priority, agoMs: fc.integer({ min: 0, max: 6 * HOUR }) })
    .map(({ priority, agoMs }) => ({
      ...{ priority, sinceMs: NOW - agoMs },
    })),
  { maxLength: 12 },
);

describe('whoever waits', () => {
  it('is in the order all of them, by arrival within a priority, and nobody behind a less urgent one', () => {
    fc.assert(
      fc.property(Waits, (all) => {
        const order = inTurn(all, NOW);
        expect(order).toHaveLength(all.length);
        expect(new Set(order)).toEqual(new Set(all));
        for (const [at, one] of order.entries())
          for (const later of order.slice(at + 1)) {
            expect(urgencyAt(one, NOW)).toBeGreaterThanOrEqual(urgencyAt(later, NOW));
            if (one.priority === later.priority) expect(one.sinceMs).toBeLessThanOrEqual(later.sinceMs);
          }
      }),
    );
  });

  it('keeps its place until the next step up, and what is said of that moment is right', () => {
    fc.assert(
      fc.property(Waits, (all) => {
        const ms = nextStepUpMs(all, NOW);
        const levels = (at: number) => all.map((one) => urgencyAt(one, at));
        const until = NOW + (ms ?? 1_000 * HOUR);
        expect(levels(until - 1)).toEqual(levels(NOW));
        if (ms !== undefined) expect(levels(until)).not.toEqual(levels(NOW));
      }),
    );
  });

  it('has its turn at last, whatever comes after it', () => {
    const Arrivals = fc.array(fc.array(Priority, { maxLength: 3 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(Waits, Arrivals, fc.integer({ min: 60_000, max: HOUR }), (before, arrivals, everyMs) => {
        const first = { priority: 'low' as const, sinceMs: NOW };
        let queue: readonly Wait[] = [...before, first];
        // In each turn one is served, and others come, again and again.
        const turnsMost = Math.ceil((3 * STEP_UP_MS) / everyMs) + queue.length;
        let turn = 0;
        for (let now = NOW; queue.includes(first); now += everyMs) {
          // Those that came in the turns before it was as urgent as any other may be before it.
          expect(turn).toBeLessThanOrEqual(turnsMost);
          turn += 1;
          queue = inTurn(queue, now).slice(1);
          const come = arrivals[turn % arrivals.length] ?? [];
          queue = [...queue, ...come.map((priority) => ({ priority, sinceMs: now + everyMs }))];
        }
      }),
    );
  });
});
