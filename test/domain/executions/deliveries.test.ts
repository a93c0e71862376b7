/** What a delivery is started with: who mends what is in its way, and what they are told. */
import { describe, expect, it } from 'vitest';
import { by, done, driven, end, failed, runs, wanted } from './driven-tasks.ts';
import { phase, skill } from './written-loops.ts';

const ships = by('ship', { deliver: 'pull_request' });
const runBy = { run: ['make', 'it'] };

describe('who mends a delivery', () => {
  it.each([
    ['the last agent that writes', [by('a', { agent: 'codex' }), by('b', runBy)], 'codex'],
    [
      'one that only reads, before a command',
      [by('a', { agent: 'codex', writes: 'none' }), by('b', runBy)],
      'codex',
    ],
  ])('%s', (_, skills, name) => {
    const one = driven([phase('p', [...skills, ships])]);
    end(end(one, 0, { ...done(), by: 'codex' } as never), 0, done());
    expect(runs(one)).toMatchObject([{ agent: { name }, policy: { fixAttemptsMax: 2 } }]);
    expect(runs(one)[0]?.skill).not.toHaveProperty('mendedByPeople');
  });

  it.each([
    ['a command', by('a', runBy)],
    ['a person', skill('a')],
  ])('people, where the work is that of %s', (_, first) => {
    const one = driven([phase('p', [first, ships])]);
    if (first === undefined || 'run' in first) end(one, 0, done());
    else one.done('a');
    expect(runs(one)).toMatchObject([
      { policy: { fixAttemptsMax: 0, reviewRoundsMax: 0 }, skill: { mendedByPeople: true } },
    ]);
  });

  it('no person who has left out what an agent was to do', () => {
    const one = driven([phase('p', [by('a', { agent: 'codex' }), ships])]);
    expect(one.send('complete', { skill: 'a', outcome: 'skipped', summary: 'done before' })).toBeUndefined();
    expect(runs(one)).toMatchObject([{ agent: { name: 'codex' } }]);
  });
});

describe('what whoever mends it is told', () => {
  it('the goal, what was made and by which brief, what was returned', () => {
    const one = driven(
      [
        phase('p', [
          by('plan', { agent: 'claude', writes: 'none', brief: 'Plan.', returns: { risk: 'string' } }),
          by('build', { agent: 'codex', brief: 'Build at {{ plan.risk }} risk.' }),
          ships,
        ]),
      ],
      { inputs: { goal: 'string' } },
      { goal: 'Sell hats' },
    );
    end(end(one, 0, done({ risk: 'low' })), 0, done());
    const text = runs(one)[0]?.requirement ?? '';
    for (const part of ['goal: Sell hats', 'Build at low risk.', 'did it', '"risk":"low"', 'main'])
      expect(text).toContain(part);
  });

  it('why it was rejected before, where it is tried once more', () => {
    const one = driven([phase('p', [by('a', { agent: 'claude' }), ships])]);
    end(end(one, 0, done()), 0, {
      ...failed(),
      why: 'task t failed (rejected): rejected by ann: too red',
    } as never);
    one.do('steer', { steer: { act: 'retry', skill: 'ship' } });
    expect(runs(one)[0]?.requirement).toContain('rejected by ann: too red');
  });
});

it('one that people have delivered anew is another task, and holds nothing up meanwhile', () => {
  const one = driven([phase('p', [skill('a'), ships])]);
  one.done('a');
  const [before] = wanted(one);
  end(one, 0, { ...failed(), isDoneAnew: true } as never);
  expect(one.skill('ship')).toMatchObject({ state: 'in-progress', round: 2 });
  expect(wanted(one)).toHaveLength(1);
  expect(wanted(one)[0]?.id).not.toBe(before?.id);
});
