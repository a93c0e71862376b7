/** Items of a list that write beside each other: whose work is merged when, and what a person picks. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginTask, type TaskOutcome } from '../../../src/domain/executions/skill-task-ends.ts';
import { TaskId } from '../../../src/domain/ids.ts';
import { Driven } from './driven.ts';
import { by, CHECKS, done, end, failed, runs, wanted } from './driven-tasks.ts';
import { phase } from './written-loops.ts';

const ITEMS = ['one', 'two', 'three', 'four'];
const kept = (outputs?: object): TaskOutcome => ({ ...done(outputs), hasKept: true }) as TaskOutcome;

const over = (join: string, more: object = {}, atMost = 4, items: readonly string[] = ITEMS) =>
  new Driven(
    [
      phase('p', [
        by('draft', { agent: 'claude', for_each: { in: items, as: 'way', at_most: atMost, join }, ...more }),
        by('after', { agent: 'claude', brief: 'After it.' }),
      ]),
    ],
    { base: 'main', checks: CHECKS, mergesInOrder: true },
  );
/** What is under way: the item, and what becomes of its work. */
const underWay = (one: Driven) =>
  runs(one).map(({ skill: { item, work, from } }) => `${item} ${from === undefined ? work : 'merges'}`);
function endOf(one: Driven, item: string, outcome: TaskOutcome): void {
  const at = wanted(one).findIndex((task) => task.item === item);
  const task = wanted(one)[at] ?? expect.fail(`nothing is under way for ${item}`);
  beginTask(one.execution, task, one.at);
  end(one, at, outcome);
}

type Ending = 'kept' | 'nothing' | 'failed';

/** Lets what is under way end, in the order of `turns`. @returns what was merged */
function play(one: Driven, ends: readonly Ending[], turns: readonly number[]): readonly string[] {
  const merged: string[] = [];
  for (const turn of turns) {
    const tasks = wanted(one).filter(({ skill }) => skill === 'draft');
    const { item, merges } = tasks[turn % Math.max(1, tasks.length)] ?? {};
    if (item === undefined) break;
    expect(tasks.filter((task) => task.merges === true).length).toBeLessThanOrEqual(1);
    const how = ends[ITEMS.indexOf(item)];
    if (merges === true) merged.push(item);
    if (how === 'failed') endOf(one, item, failed());
    else endOf(one, item, how === 'kept' && merges !== true ? kept() : done());
  }
  return merged;
}

describe('joined', () => {
  it('are merged in the order of the list, whichever is done first', () => {
    const one = over('all_completed', { repeat: { most: 3, until: { checks: ['test'] } } });
    expect(underWay(one)).toEqual(ITEMS.map((item) => `${item} kept`));
    const madeBy = wanted(one).find(({ item }) => item === 'one')?.id;
    endOf(one, 'three', kept());
    expect(underWay(one)).toEqual(['one kept', 'two kept', 'four kept']);
    expect(one.skill('draft').items?.[2]).toMatchObject({
      state: 'in-progress',
      waitingFor: expect.stringContaining('before it'),
    });
    endOf(one, 'one', kept());
    expect(underWay(one)).toEqual(['two kept', 'four kept', 'one merges']);
    const merging = runs(one).at(-1);
    expect(merging).toMatchObject({
      base: 'pawl/x_test',
      forge: 'local',
      checks: CHECKS,
      agent: { name: 'claude' },
      skill: { work: 'branch', from: madeBy },
    });
    expect(merging?.skill).not.toHaveProperty('returns');
    endOf(one, 'two', kept());
    expect(underWay(one)).toEqual(['four kept', 'one merges']);
    for (const item of ['one', 'two', 'three']) endOf(one, item, done());
    endOf(one, 'four', kept());
    expect(underWay(one)).toEqual(['four merges']);
    endOf(one, 'four', done());
    expect(one.skill('draft').state).toBe('completed');
    expect(runs(one).map(({ skill }) => skill.skill)).toEqual(['after']);
  });

  it('those that are done give way to the next of the list, and nothing is merged of what changed nothing', () => {
    const one = over('all_done', {}, 2);
    expect(underWay(one)).toEqual(['one kept', 'two kept']);
    endOf(one, 'two', kept());
    expect(underWay(one)).toEqual(['one kept', 'three kept']);
    endOf(one, 'one', done());
    expect(underWay(one)).toEqual(['three kept', 'four kept', 'two merges']);
    endOf(one, 'three', failed());
    endOf(one, 'four', done());
    endOf(one, 'two', done());
    expect(one.skill('draft')).toMatchObject({
      state: 'completed',
      items: ['completed', 'completed', 'failed', 'completed'].map((state) => ({ state })),
    });
  });

  it('one that cannot be merged is tried by the next agent, then fails, and the others go on', () => {
    const one = over('all_done', { agent: ['claude', 'codex'] }, 4, ['one', 'two']);
    endOf(one, 'one', kept());
    endOf(one, 'two', kept());
    const first = wanted(one)[0]?.id;
    endOf(one, 'one', failed());
    expect(runs(one)).toMatchObject([{ agent: { name: 'codex' }, skill: { item: 'one', work: 'branch' } }]);
    expect(wanted(one)[0]?.id).not.toBe(first);
    endOf(one, 'one', failed());
    expect(underWay(one)).toEqual(['two merges']);
    endOf(one, 'two', done());
    expect(one.skill('draft').state).toBe('completed');
  });

  it('whatever ends when, the merges are those of the items that kept something, in their order', () => {
    const ways = fc.record({
      join: fc.constantFrom('all_done', 'all_completed'),
      atMost: fc.integer({ min: 1, max: 4 }),
      ends: fc.array(fc.constantFrom<Ending>('kept', 'nothing', 'failed'), { minLength: 4, maxLength: 4 }),
      turns: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
    });
    fc.assert(
      fc.property(ways, ({ join, atMost, ends, turns }) => {
        const one = over(join, {}, atMost);
        const merged = play(one, ends, turns);
        expect(merged).toEqual(ITEMS.filter((_, at) => ends[at] === 'kept'));
        const fails = join === 'all_completed' && ends.includes('failed');
        expect(one.skill('draft').state).toBe(fails ? 'failed' : 'completed');
        const branches = one.execution.record.kept ?? [];
        expect(branches).toHaveLength(merged.length);
        for (const branch of branches) TaskId.parse(branch);
      }),
    );
  });
});

describe('picked', () => {
  const made = () => {
    const one = over('pick', { returns: { how: 'string' } }, 4, ['one', 'two']);
    endOf(one, 'two', kept({ how: 'second' }));
    endOf(one, 'one', kept({ how: 'first' }));
    return one;
  };
  const pick = (one: Driven, item: string) =>
    one.send('steer', { steer: { act: 'pick', skill: 'draft', item } });

  it('nothing is merged before a person has picked, and then that alone', () => {
    const one = made();
    expect(underWay(one)).toEqual([]);
    expect(one.skill('draft')).toMatchObject({ isToPick: true, state: 'in-progress' });
    expect(pick(one, 'two')).toBeUndefined();
    expect(underWay(one)).toEqual(['two merges']);
    expect(one.skill('draft')).not.toHaveProperty('isToPick');
    // Once more changes nothing, and another one comes too late.
    expect(pick(one, 'two')).toBeUndefined();
    expect(pick(one, 'one')).toContain('was picked already');
    endOf(one, 'two', done());
    expect(one.skill('draft')).toMatchObject({ state: 'completed', outputs: { how: 'second' } });
    expect(pick(one, 'two')).toBeUndefined();
    expect(runs(one).map(({ skill }) => skill.skill)).toEqual(['after']);
  });

  it('of one that changed nothing there is nothing to merge', () => {
    const one = over('pick', { returns: { how: 'string' } }, 4, ['one']);
    endOf(one, 'one', done({ how: 'not at all' }));
    expect(pick(one, 'one')).toBeUndefined();
    expect(one.skill('draft')).toMatchObject({ state: 'completed', outputs: { how: 'not at all' } });
  });

  it('one that cannot be merged fails the skill, which is retried from the beginning', () => {
    const one = made();
    pick(one, 'one');
    endOf(one, 'one', failed());
    expect(one.skill('draft')).toMatchObject({ state: 'failed', why: 'it broke' });
    one.do('steer', { steer: { act: 'retry', skill: 'draft' } });
    expect(underWay(one)).toEqual(['one kept', 'two kept']);
  });
});

it('executions from before there was an order merge each item as its task ends', () => {
  const one = new Driven(
    [phase('p', [by('draft', { agent: 'claude', for_each: { in: ['a', 'b'], as: 'way', at_most: 2 } })])],
    { base: 'main', checks: CHECKS },
  );
  expect(underWay(one)).toEqual(['a branch', 'b branch']);
  endOf(one, 'b', done());
  expect(one.skill('draft').items?.[1]).toMatchObject({ state: 'completed' });
});
