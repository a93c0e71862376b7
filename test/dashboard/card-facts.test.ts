/** What a card of the board says besides its title and its status. */
import { expect, it } from 'vitest';
import { cardFacts } from '../../src/dashboard/board/card-facts.ts';
import { placeText } from '../../src/domain/places.ts';
import { TaskRow } from '../../src/domain/rows.ts';

const factsOf = (changes: object) => {
  const row = TaskRow.parse({
    ...{ id: 'task-1', title: 'Fix prices', status: 'in_progress', kind: 'agent_run' },
    ...{ startedAt: '2026-01-31T12:00:00.000Z', ...changes },
  });
  return cardFacts({ is: 'task', row });
};

it('says what is done now, by whom and where', () => {
  expect(factsOf({ step: 'check', agent: 'codex', attempt: 2, repository: '/home/me/shop' })).toEqual([
    'checks run',
    'codex',
    'shop',
    'attempt 2',
  ]);
});

it('says how urgent it is, where that is not as usual', () => {
  expect(factsOf({ step: 'attempt', priority: 'high', agent: 'codex' })).toEqual([
    'agent works',
    'high priority',
    'codex',
  ]);
  expect(factsOf({ waitsFor: placeText(2), priority: 'low' })).toEqual(['2nd in the queue', 'low priority']);
});

it('says in words why it failed, where that is known', () => {
  const failed = { status: 'failed', agent: 'codex' };
  expect(factsOf({ ...failed, failureClass: 'rate_limited' })).toEqual(['quota spent', 'codex']);
  expect(factsOf({ ...failed, failureClass: 'unknown' })).toEqual(['codex']);
});
