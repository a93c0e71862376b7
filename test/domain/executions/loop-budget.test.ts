/** What the tasks of an execution may spend in all, and what becomes of it where that is spent. */
import { describe, expect, it } from 'vitest';
import {
  beginTask,
  countTask,
  endTask,
  type TaskOutcome,
} from '../../../src/domain/executions/skill-task-ends.ts';
import { tasksDue } from '../../../src/domain/executions/skill-tasks.ts';
import type { Driven } from './driven.ts';
import { by, done, driven, runs, wanted } from './driven-tasks.ts';
import { phase } from './written-loops.ts';

describe('the budget of the loop', () => {
  const loopMore = { budget: { attempts: 3, usd: 1, wall: '1h' } };
  const spend = (attempts: number, usd: number): TaskOutcome => ({ ...done(), spent: { attempts, usd } });
  const two = () =>
    driven([phase('p', [by('a', { agent: 'claude' }), by('b', { agent: 'claude' })])], loopMore);
  function work(one: Driven, ms: number, outcome: TaskOutcome): void {
    const [task] = wanted(one);
    if (task === undefined) throw new Error('nothing is wanted');
    beginTask(one.execution, task, one.at);
    one.pass(ms);
    countTask(one.execution, task, outcome.spent ?? { attempts: 0, usd: 0 }, one.at);
    endTask(one.execution, task, outcome, one.at);
    one.settle();
  }

  it.each([
    ['attempts', 1_000, spend(3, 0), '3 of 3 attempts', { attempts: 5 }],
    ['money', 1_000, spend(1, 1.5), '1.50 of 1 USD', { usd: 3 }],
    ['time', 3_600_000, spend(1, 0), '1h of 1h of work', { wallSeconds: 7_200 }],
  ])('of %s holds up what has not begun, until somebody who may raises it', (_, ms, outcome, words, more) => {
    const one = two();
    work(one, ms, outcome);
    expect(one.status).toBe('blocked');
    expect(one.state.blockedBy).toContain(`the budget of the loop is spent: ${words}`);
    expect(tasksDue(one.execution, () => false)).toEqual([]);
    const raise = { steer: { act: 'raise_budget', ...more } };
    expect(one.send('steer', { ...raise, mayDecide: false })).toContain('raising the budget is a decision');
    one.do('steer', raise);
    expect(one.status).toBe('active');
    expect(tasksDue(one.execution, () => false)).toHaveLength(1);
  });

  it('leaves a task no more than there is', () => {
    const one = two();
    expect(runs(one)[0]?.policy).toMatchObject({ attemptsMax: 3, costUsdMax: 1 });
    work(one, 1_000, spend(2, 0.25));
    expect(runs(one)[0]?.policy).toMatchObject({ attemptsMax: 1, costUsdMax: 0.75 });
    expect(one.state.spent).toMatchObject({ attempts: 2, attemptsMax: 3, usd: 0.25, workedMs: 1_000 });
  });

  it.each([
    [{}, 'expected usd, attempts or wallSeconds'],
    [{ usd: 3 }, 'the loop has no bound of usd'],
  ])('%j raises nothing', (more, words) => {
    const one = driven([phase('p', [by('a', { agent: 'claude' })])], { budget: { attempts: 3 } });
    expect(one.send('steer', { steer: { act: 'raise_budget', ...more } })).toContain(words);
  });

  it('counts time once where several work beside each other, and no time of people at a delivery', () => {
    const one = driven(
      [
        phase('p', [
          by('a', { agent: 'claude', writes: 'none' }),
          by('b', { agent: 'claude', writes: 'none' }),
        ]),
        phase('q', [by('c', { deliver: 'pull_request' })]),
      ],
      loopMore,
    );
    const [a, b] = wanted(one);
    if (a === undefined || b === undefined) throw new Error('two are wanted');
    beginTask(one.execution, a, one.at);
    one.pass(1_000);
    beginTask(one.execution, b, one.at);
    one.pass(1_000);
    for (const task of [a, b]) {
      countTask(one.execution, task, { attempts: 1, usd: 0 }, one.at);
      endTask(one.execution, task, done(), one.at);
    }
    one.settle();
    work(one, 3_600_000, spend(1, 0));
    expect(one.state.spent).toMatchObject({ workedMs: 2_000, attempts: 3 });
    expect(one.status).toBe('completed');
  });
});
