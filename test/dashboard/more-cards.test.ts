/** How many cards more one has asked to see, as a place of the browser's history keeps it. */
import { expect, it } from 'vitest';
import { moreIn } from '../../src/dashboard/board/more-cards.ts';

it.each([
  [null, {}],
  [{ more: { waiting: 30, done: 60 } }, { waiting: 30, done: 60 }],
  [{ more: { waiting: -30, done: 'many', other: 30, analysis: 1.5 } }, { waiting: 0 }],
  [{ more: 30 }, {}],
  ['of another page', {}],
])('of %j', (state, expected) => {
  expect(moreIn(state)).toEqual(expected);
});
