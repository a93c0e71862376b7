/** What is wrong with the form of a skill or gate hides nothing of what else is wrong with it, and invents nothing. */
import { expect, it } from 'vitest';
import { changed, faultsOf } from './loop-rig.ts';

it.each([
  [
    'an unknown key beside an unknown skill',
    changed('with: { files: plan.files }', 'with: { files: plam.files }\n        wrong: 1'),
    ['skills[0].with.files: there is no skill plam', 'skills[0].wrong: is not a known key'],
  ],
  [
    'a key of the wrong form beside an unknown output',
    changed("when: plan.risk == 'high'", "when: plan.rask == 'high'\n        title: 1"),
    ['gates[0].when: plan returns no rask', 'gates[0].title: '],
  ],
  [
    'a list of the wrong form, of whose items a brief speaks',
    changed('at_most: 2', 'at_most: none'),
    ['skills[0].for_each.at_most: '],
  ],
])('%s', (_, text, faults) => {
  expect(faultsOf(text)).toEqual(faults.map((fault) => expect.stringContaining(fault)));
});
