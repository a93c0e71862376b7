/** What a plan can come to, in words. */
import { expect, it } from 'vitest';
import { planOf } from '../../../src/domain/loops/plan-of.ts';
import { workBounds } from '../../../src/domain/loops/plan-words.ts';
import { definitionOf } from './some-loops.ts';

const by = (skill: object, gates: readonly object[] = []) =>
  workBounds(
    planOf(definitionOf({ loop: 'x', phases: [{ id: 'p', skills: [{ id: 's', ...skill }], gates }] })),
  );
const GATE = { id: 'g', kind: 'approval', by: { count: 2 } };

it.each([
  [{ agent: 'auto' }, [], ['1 run of an agent', 'no approval']],
  [{ agent: ['auto', 'claude'] }, [GATE], ['2 runs of agents', '2 approvals']],
  [{ deliver: 'pull_request' }, [], ['no run of an agent', 'the approval of the delivery']],
  [
    { deliver: 'pull_request' },
    [GATE],
    ['no run of an agent', '2 approvals', 'the approval of the delivery'],
  ],
])('%j %j', (skill, gates, words) => {
  expect(by(skill, gates)).toEqual(words);
});
