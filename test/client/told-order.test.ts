/** Which of two states is surely the latest, where several workers tell of one task. */
import { expect, it } from 'vitest';
import { createToldOrder } from '../../src/client/told-order.ts';

const at = (events: number, run = '2026-01-02T03:04:05.000Z') => ({ run, events });
const LATER_RUN = '2026-01-02T03:04:06.000Z';

it('knows no first one for the latest, and then each that is not earlier', () => {
  const order = createToldOrder();
  expect(order.isLatest('one', 'v', at(5))).toBe(false);
  expect(order.isLatest('one', 'v', at(5))).toBe(true);
  expect(order.isLatest('one', 'w', at(8))).toBe(true);
  // The worker was stopped while it worked on what another one has done since.
  expect(order.isLatest('one', 'v', at(5))).toBe(false);
  expect(order.isLatest('one', 'w', at(9))).toBe(true);
  expect(order.isLatest('two', 'w', at(9))).toBe(false);
});

it('compares by runs first, and takes the same place by another worker for either', () => {
  const order = createToldOrder();
  order.isLatest('one', 'v', at(50));
  expect(order.isLatest('one', 'v', at(3, LATER_RUN))).toBe(true);
  expect(order.isLatest('one', 'v', at(60))).toBe(false);
  expect(order.isLatest('one', 'w', at(3, LATER_RUN))).toBe(false);
});

it('is bounded, and begins anew', () => {
  const order = createToldOrder(2);
  for (const id of ['one', 'two', 'three']) order.isLatest(id, 'v', at(3));
  expect(order.isLatest('three', 'v', at(4))).toBe(true);
  expect(order.isLatest('one', 'v', at(4))).toBe(false);
  order.clear();
  expect(order.isLatest('three', 'v', at(5))).toBe(false);
});
