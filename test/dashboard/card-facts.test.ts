/** What a card of the board says besides its title and its status. */
import { expect, it } from 'vitest';
import { cardFacts } from '../../src/dashboard/board/card-facts.ts';
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

it('says in words why it failed, where that is known', () => {
  const failed = { status: 'failed', agent: 'codex' };
  expect(factsOf({ ...failed, failureClass: 'rate_limited' })).toEqual(['quota spent', 'codex']);
  expect(factsOf({ ...failed, failureClass: 'unknown' })).toEqual(['codex']);
});
