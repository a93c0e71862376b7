/** What a plan says of a list with nothing in it. */
import { expect, it } from 'vitest';
import { planOf } from '../../../src/domain/loops/plan-of.ts';
import { planText } from '../../../src/edge/cli/loop-plan-text.ts';
import { definitionOf } from '../../domain/loops/some-loops.ts';
import { shownLoop } from './fake-loops.ts';

const PART = definitionOf({
  loop: 'part',
  inputs: { names: { type: 'string[]', default: [] } },
  phases: [{ id: 'p', skills: [{ id: 's', for_each: { in: 'inputs.names', as: 'name' }, agent: 'auto' }] }],
});
const linesOf = (given: object) => {
  const loop = definitionOf({ loop: 'over', phases: [{ include: 'part', with: given }] }, { part: PART });
  return planText({ ...shownLoop('over'), plan: planOf(loop) })
    .split('\n')
    .map((line) => line.trim());
};

it('of none nobody is set to work', () => {
  expect(linesOf({ names: [] })).toContain('for each name in an empty list: nobody is set to work');
  expect(linesOf({ names: ['a', 'b'] })).toContain(
    'for each name in a, b; 1 at once; one that fails fails the skill',
  );
});

it('and no line says who would work without saying it', () => {
  expect(linesOf({ names: [] })).toContain('● part-s            agent auto');
});
