/** Places in the queue for an agent, and other things that a step waits for. */
import { expect, it } from 'vitest';
import { ordinal, queueOf, waitText } from '../../src/dashboard/shown/wait-words.ts';
import { HAND_TEXT, placeText, queuePlaceIn, turnText } from '../../src/domain/places.ts';
import { rowOf } from '../edge/compat/orchestrator/rows.ts';

it.each([
  [1, '1st'],
  [2, '2nd'],
  [3, '3rd'],
  [4, '4th'],
  [11, '11th'],
  [22, '22nd'],
  [113, '113th'],
])('the place %i is the %s', (n, words) => expect(ordinal(n)).toBe(words));

it.each([
  [placeText(3), '3rd in the queue, for claude'],
  [HAND_TEXT, `Waits for ${HAND_TEXT}`],
  [turnText(2), 'Waits for its turn to merge: place 2'],
])('%s', (words, shown) => expect(waitText(words, 'claude')).toBe(shown));

it.each([
  [placeText(12), 12],
  [turnText(12), undefined],
  [`the provider, after ${placeText(12)}`, undefined],
  [undefined, undefined],
])('the place in %j is %j', (words, place) => expect(queuePlaceIn(words)).toBe(place));

it('the queue is that of open tasks, the next one first', () => {
  const rows = [
    rowOf('third', { waitsFor: placeText(3) }),
    rowOf('at-work'),
    rowOf('over', { waitsFor: placeText(2), closedAt: '2026-01-02T03:04:05.000Z' }),
    rowOf('first', { waitsFor: placeText(1) }),
    rowOf('merges', { waitsFor: turnText(1) }),
  ];
  expect(queueOf(rows).map(({ row, place }) => [row.id, place])).toEqual([
    ['first', 1],
    ['third', 3],
  ]);
});
