/** A text that somebody forgot to quote is told as what it may be, and how it is written. */
import { describe, expect, it } from 'vitest';
import type { Included } from '../../../src/domain/loops/loop-parts.ts';
import { parseLoop } from '../../../src/domain/loops/parse-loop.ts';
import { definitionOf } from './some-loops.ts';

const PART = definitionOf({
  loop: 'part',
  inputs: {
    speed: { type: 'enum(slow, fast)', default: 'fast' },
    note: { type: 'string', default: '' },
    most: { type: 'number', default: 1 },
  },
  phases: [{ id: 'a', skills: [{ id: 'b', manual: true }] }],
});
const LOOPS = new Map<string, Included>([['part', { loop: PART }]]);
const faultsOf = (...phases: readonly object[]) => {
  const read = parseLoop({ loop: 'x', inputs: { size: 'enum(s, l)' }, phases }, LOOPS);
  return read.ok ? [] : read.faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
};
const given = (values: object) => faultsOf({ include: 'part', with: values });
const skill = (more: object) => faultsOf({ id: 'p', skills: [{ id: 's', agent: 'auto', ...more }] });

describe('under with', () => {
  it.each<[what: string, values: object, fault: string]>([
    [
      'a word',
      { speed: 'slow' },
      'speed: there is no slow here: only within a for_each an item has a name; as a text write "\'slow\'", in quotes within quotes',
    ],
    [
      'a word with a dot',
      { note: 'readme.md' },
      'note: there is no skill readme: expected a skill that stands before, and there is none; as a text write "\'readme.md\'", in quotes within quotes',
    ],
    [
      'several words',
      { note: 'look twice' },
      'note: expected a reference such as inputs.goal or plan.risk, a number, true, false, a list of texts such as [a, b] or a text in quotes, got "look twice"; as a text write "\'look twice\'", in quotes within quotes',
    ],
    [
      'words with a quote',
      { note: "don't" },
      "note: expected a reference such as inputs.goal or plan.risk, a number, true, false, a list of texts such as [a, b] or a text in quotes, got \"don't\"; as a text write '\"don''t\"', in quotes within quotes",
    ],
    [
      'words with both quotes, which no text can have',
      { note: `don't "go"` },
      'note: expected a reference such as inputs.goal or plan.risk, a number, true, false, a list of texts such as [a, b] or a text in quotes, got "don\'t \\"go\\""; a text can hold one kind of quotes, not both',
    ],
    [
      'a word where there is no text',
      { most: 'slow' },
      'most: there is no slow here: only within a for_each an item has a name; expected number',
    ],
  ])('of an include: %s', (_, values, fault) => {
    expect(given(values)).toEqual([`phases.0.with.${fault}`]);
  });

  it('of a skill, and as the item of its list', () => {
    const text = '; as a text write "\'slow\'", in quotes within quotes';
    expect(skill({ with: { speed: 'slow' } })).toEqual([
      `phases.0.skills.0.with.speed: there is no slow here: only within a for_each an item has a name${text}`,
    ]);
    expect(skill({ for_each: { in: ['a'], as: 'one' }, with: { speed: 'slow' } })).toEqual([
      `phases.0.skills.0.with.speed: there is no slow here: the item is called one${text}`,
    ]);
  });
});

it('in a condition', () => {
  expect(skill({ when: 'inputs.size == l' })).toEqual([
    "phases.0.skills.0.when: there is no l here: only within a for_each an item has a name; as a text write 'l'",
  ]);
  expect(skill({ when: 'plam.files == 1' })).toEqual([
    'phases.0.skills.0.when: there is no skill plam: expected a skill that stands before, and there is none',
  ]);
});
