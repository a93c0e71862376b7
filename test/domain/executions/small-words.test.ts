/** What people are told of an execution where it could be passed over in silence. */
import { expect, it } from 'vitest';
import { Driven } from './driven.ts';
import { phase, skill } from './written-loops.ts';

it('an item that a list has several times is done once, and a note says so', () => {
  const loopMore = { inputs: { names: 'string[]' } };
  const one = new Driven(
    [
      phase('p', [
        skill('a', { run: ['make'], manual: undefined, for_each: { in: 'inputs.names', as: 'n' } }),
      ]),
    ],
    { loopMore, inputs: { names: ['x', 'y', 'x'] } },
  );
  expect(one.skill('a').items?.map(({ item }) => item)).toEqual(['x', 'y']);
  const note = 'a: its list has x more than once, and each is done once';
  expect(one.state.notes).toEqual([note]);
  one.do('complete', { skill: 'a', item: 'x', outcome: 'failed', summary: 'no' });
  one.do('complete', { skill: 'a', item: 'y' });
  one.do('steer', { steer: { act: 'retry', skill: 'a' } });
  expect(one.state.notes).toEqual([note]);
});

it('a checkpoint is kept in a phase and skill that there are, but for messages from before', () => {
  const one = new Driven([phase('p', [skill('a')]), phase('q', [skill('b')])]);
  const at = (place: object) => ({ checkpoint: { ...place, data: {} } });
  const guarded = true;
  expect(one.send('update', { guarded, ...at({ phase: 'x' }) })).toContain(
    'there is no phase x: expected one of p, q',
  );
  expect(one.send('update', { guarded, ...at({ phase: 'p', skill: 'b' }) })).toContain(
    'there is no skill b in p',
  );
  one.do('update', { guarded, ...at({ phase: 'q', skill: 'b' }) });
  one.do('update', { guarded, ...at({}) });
  one.do('update', { guarded, ...at({ phase: 'P' }) });
  one.do('update', at({ phase: 'x' }));
});

it('who does by hand what is to write nothing is told so', () => {
  const one = new Driven([phase('p', [skill('a', { writes: 'none' })])], { base: 'main' });
  expect(one.skill('a').brief).toContain('Change nothing in the repository');
  expect(one.skill('a').brief).not.toContain('Commit it');
});
