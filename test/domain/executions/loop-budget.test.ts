/** What the tasks of an execution may spend in all, and what becomes of it where that is spent. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allow, endAllowance } from '../../../src/domain/executions/budget-spent.ts';
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

  describe('among tasks beside each other', () => {
    const ITEMS = ['a', 'b', 'c', 'd', 'e', 'f'];
    const fanned = (budget: object) =>
      driven(
        [
          phase('p', [
            by('s', { agent: 'claude', for_each: { in: ITEMS, as: 'i', at_most: 6, join: 'all_done' } }),
          ]),
        ],
        { budget },
        {},
        { sharesBudget: true, mergesInOrder: true },
      );
    /** Begins all that may begin; answers what each was started with. */
    function beginAll({ execution, at }: Driven, running: Set<string>): readonly (number | undefined)[] {
      return tasksDue(execution, (id) => running.has(id)).map(({ task, allowance }) => {
        running.add(task.id);
        if (allowance !== undefined) allow(execution.record, task.id, allowance);
        beginTask(execution, task, at);
        return task.run(allowance).policy?.attemptsMax;
      });
    }

    it.each([
      [4, [1, 1, 1, 1]],
      [6, [1, 1, 1, 1, 1, 1]],
      [15, [3, 3, 3, 2, 2, 2]],
      [600, [6, 6, 6, 6, 6, 6]],
    ])('%i attempts are divided', (attempts, expected) => {
      expect(beginAll(fanned({ attempts }), new Set())).toEqual(expected);
    });

    /** Lets what runs end in the order of `turns`, each as it wishes within what it was given. @returns how many still run */
    function play(one: Driven, wishes: readonly number[], turns: readonly number[]): number {
      const { execution } = one;
      const running = new Set<string>();
      const most = new Map<string, number>();
      for (const turn of turns) {
        for (const { task, allowance } of tasksDue(execution, (id) => running.has(id))) {
          most.set(task.id, task.run(allowance).policy?.attemptsMax ?? 0);
          if (allowance !== undefined) allow(execution.record, task.id, allowance);
          running.add(task.id);
          beginTask(execution, task, one.at);
        }
        const all = wanted(one).filter(({ id }) => running.has(id));
        const task = all[turn % Math.max(1, all.length)];
        if (task === undefined) break;
        const wish = wishes[ITEMS.indexOf(task.item ?? '')] ?? 1;
        countTask(execution, task, { attempts: Math.min(wish, most.get(task.id) ?? 0), usd: 0 }, one.at);
        endTask(execution, task, done(), one.at);
        endAllowance(execution.record, task.id);
        running.delete(task.id);
        one.settle();
      }
      return running.size;
    }

    it('whatever they spend, it is never more than there is in all, and none waits for ever', () => {
      const spends = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 6, maxLength: 6 });
      const orders = fc.array(fc.nat(), { minLength: 30, maxLength: 30 });
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 20 }), spends, orders, (attempts, wishes, turns) => {
          const one = fanned({ attempts });
          expect(play(one, wishes, turns)).toBe(0);
          const { record } = one.execution;
          expect(record.spent?.attempts).toBeLessThanOrEqual(attempts);
          expect(record).not.toHaveProperty('allowed');
          // What is left undone is held up by the budget alone, and says so.
          const isHeldUp = one.state.blockedBy?.includes('the budget of the loop is spent') ?? false;
          expect(isHeldUp).toBe(wanted(one).length > 0);
        }),
      );
    });
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
