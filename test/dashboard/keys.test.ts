/** Keys of the page: one, or two in a row. */
import { expect, it } from 'vitest';
import { actOf, KEYS } from '../../src/dashboard/frame/keys.ts';

it.each(KEYS)('%s: %s', (keys, _, act) => {
  let before = '';
  let last: ReturnType<typeof actOf> | undefined;
  for (const key of keys.split(' ')) {
    last = actOf(before, key);
    before = last.before;
  }
  expect(last).toEqual({ act, before: '' });
});

it.each([
  [['x'], ''],
  [['g', 'x'], ''],
  [['g', 'g'], 'g'],
])('%j does nothing', (keys, before) => {
  const read = keys.reduce<ReturnType<typeof actOf>>((at, key) => actOf(at.before, key), { before: '' });
  expect(read).toEqual({ before });
});
