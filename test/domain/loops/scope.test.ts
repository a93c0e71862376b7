/** What can be named where: the item of a `for_each`, outputs of all items, of the one that was picked, of what stands before. */
import { describe, expect, it } from 'vitest';
import { parseLoop } from '../../../src/domain/loops/parse-loop.ts';

const each = (join: string) => ({
  id: 'each',
  agent: 'auto',
  for_each: { in: ['a', 'b'], as: 'item', join },
  returns: { note: 'string', verdict: 'enum(ok, fix)', size: 'number' },
});
const once = { id: 'once', agent: 'auto', returns: { files: 'string[]', size: 'number' } };
const faultsOf = (skill: object, join = 'all_done') => {
  const read = parseLoop({
    loop: 'x',
    inputs: { goal: 'string', list: 'string[]' },
    phases: [{ id: 'p', skills: [each(join), once, { id: 'last', agent: 'auto', ...skill }] }],
  });
  return read.ok ? [] : read.faults.map(({ message }) => message);
};

it.each<[what: string, skill: object, join?: string]>([
  ['every item in a condition', { when: "each.every.verdict == 'ok' && each.every.size > 2" }],
  ['every state', { when: "each.every.state != 'failed'" }],
  ['the state of all', { when: "each.state == 'completed'" }],
  ['texts of all items as a list', { brief: '{{ each.every.note }}', with: { notes: 'each.every.verdict' } }],
  [
    'one for each text of all items',
    { for_each: { in: 'each.every.note', as: 'note' }, brief: '{{ note }}' },
  ],
  ['the one that was picked', { when: "each.verdict == 'ok'", brief: '{{ each.note }}' }, 'pick'],
  ['an input in place of a list', { for_each: { in: 'inputs.list', as: 'one' }, with: { x: 'one' } }],
  ['two references', { when: 'once.size < each.every.size' }],
])('%s', (_, skill, join) => {
  expect(faultsOf(skill, join)).toEqual([]);
});

describe('what cannot be named is told', () => {
  it.each<[what: string, skill: object, words: string, join?: string]>([
    [
      'every of the one that was picked',
      { when: "each.every.verdict == 'ok'" },
      'each is done once: write each.verdict',
      'pick',
    ],
    ['numbers of all items as a list', { with: { sizes: 'each.every.size' } }, 'only texts can be a list'],
    ['an item without a for_each', { brief: '{{ item }}' }, 'only within a for_each an item has a name'],
    ['another item', { for_each: { in: ['a'], as: 'one' }, brief: '{{ item }}' }, 'the item is called one'],
    [
      'the item in its own condition',
      { for_each: { in: ['a'], as: 'one' }, when: "one == 'a'" },
      'there is no one here',
    ],
    [
      'an item that is called as a skill',
      { for_each: { in: ['a'], as: 'once' } },
      'expected a name that nothing else has here',
    ],
    [
      'an item that is called as a value',
      { for_each: { in: ['a'], as: 'v' }, with: { v: 3 } },
      'expected a name that nothing else has here',
    ],
    ['a skill in place of its output', { brief: '{{ once }}' }, 'once is a skill: name one of its outputs'],
    ['itself', { when: "last.state == 'pending'" }, 'last stands later, or is this skill itself'],
    [
      'a list of a number',
      { for_each: { in: 'once.size', as: 'n' } },
      'once.size is number: expected a string[]',
    ],
    ['an output that is called state', { returns: { state: 'string' } }, 'expected another name than state'],
    ['what is always the same', { when: '1 == 1' }, '1 == 1 is always the same'],
  ])('%s', (_, skill, words, join) => {
    expect(faultsOf(skill, join)).toEqual([expect.stringContaining(words)]);
  });
});
