/** What a person allows an execution to spend, as the engine is told it. */
import { expect, it } from 'vitest';
import { boundsOf, raiseOf } from '../../src/dashboard/execution/budget-raise.ts';

const spent = { attempts: 3, usd: 1.2, workedMs: 90_000, attemptsMax: 12, usdMax: 2, wallMsMax: 3_600_000 };

it('asks only for what the loop bounds', () => {
  const { usdMax: _, ...more } = spent;
  expect(boundsOf(more).map(({ name, allowed }) => [name, allowed])).toEqual([
    ['attempts', 12],
    ['minutes', 60],
  ]);
  expect(boundsOf({ attempts: 1, usd: 0, workedMs: 0 })).toEqual([]);
});

it.each([
  [{}, undefined],
  [{ attempts: '12' }, undefined],
  [{ attempts: '' }, undefined],
  [{ attempts: '20' }, { act: 'raise_budget', attempts: 20 }],
  [
    { usd: '2.5', minutes: '90' },
    { act: 'raise_budget', usd: 2.5, wallSeconds: 5_400 },
  ],
])('of %j tells %j', (given, told) => {
  expect(raiseOf(spent, given)).toEqual(told);
});
