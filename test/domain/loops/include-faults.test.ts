/** What is wrong with an include is told where it stands, and makes no faults elsewhere. */
import { describe, expect, it } from 'vitest';
import type { Included } from '../../../src/domain/loops/loop-parts.ts';
import { parseLoop } from '../../../src/domain/loops/parse-loop.ts';
import { definitionOf } from './some-loops.ts';

const QUALITY = definitionOf({
  loop: 'quality',
  inputs: {
    subject: { type: 'string', required: true },
    lenses: { type: 'string[]', default: ['bugs'] },
    depth: { type: 'enum(quick, full)', default: 'quick' },
    note: { type: 'string', default: '' },
  },
  checks: [{ name: 'lint', run: 'npm run lint' }],
  phases: [
    {
      id: 'look',
      skills: [
        { id: 'look', agent: 'auto', when: "inputs.depth == 'full'", returns: { verdict: 'enum(ok, fix)' } },
      ],
      gates: [{ id: 'good', kind: 'check', checks: ['lint'] }],
    },
  ],
});
const SHIP = definitionOf({
  loop: 'ship',
  budget: { usd: 5 },
  inputs: { maybe: 'string' },
  phases: [{ id: 'ship', skills: [{ id: 'ship', deliver: 'pull_request' }] }],
});
const LOOPS = new Map<string, Included>([
  ['quality', { loop: QUALITY }],
  ['ship', { loop: SHIP }],
  ['broken', { problem: 'broken has faults itself: b.yaml:1: x' }],
]);

const WRITE = {
  id: 'write',
  skills: [
    {
      id: 'write',
      agent: 'auto',
      returns: {
        text: 'string',
        parts: 'string[]',
        depth: 'enum(full, deep)',
        few: 'enum(quick)',
        n: 'number',
      },
    },
    {
      id: 'each',
      agent: 'auto',
      for_each: { in: ['a'], as: 'one' },
      returns: { text: 'string', n: 'number' },
    },
  ],
};
const INPUTS = {
  what: { type: 'string', required: true },
  maybe: 'string',
  size: { type: 'string', default: 's' },
};
const written = (include: object, ...after: readonly object[]) => ({
  loop: 'release',
  inputs: INPUTS,
  budget: { usd: 1 },
  phases: [WRITE, include, ...after],
});
const faultsOf = (loop: object) => {
  const read = parseLoop(loop, LOOPS);
  return read.ok ? [] : read.faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
};
const quality = (more: object, given: object = {}) => ({
  include: 'quality',
  ...more,
  with: { subject: 'inputs.what', ...given },
});
const ship = (...skills: readonly object[]) => ({ id: 'end', skills });

it.each<[what: string, given: object]>([
  ['a required input', { subject: 'inputs.what' }],
  ['one with a default', { note: 'inputs.size' }],
  ['a text', { note: "'so'" }],
  ['an enum for a text', { note: 'write.few' }],
  ['an enum of fewer values', { depth: 'write.few' }],
  ['a state for a text', { note: 'write.state' }],
  ['a list', { lenses: ['a'] }],
  ['outputs of all items for a list', { lenses: 'each.every.text' }],
])('takes %s', (_, given) => {
  expect(faultsOf(written(quality({}, given)))).toEqual([]);
});

describe('one fault', () => {
  it.each<[what: string, include: object, fault: string]>([
    ['a loop that is not there', { include: 'gone' }, '1.include: there is no loop gone'],
    ['a loop with faults', { include: 'broken' }, '1.include: broken has faults itself: b.yaml:1: x'],
    ['an id that is none', { include: 'My Loop' }, '1.include: expected an id'],
    ['no text', { include: 3 }, '1.include: expected an id'],
    ['an unknown key', { ...quality({}), inputs: {} }, '1.inputs: is not a known key'],
    ['a name of another form', quality({ as: 'A' }), '1.as: expected an id'],
    ['a name that is too long', quality({ as: 'a'.repeat(60) }), '1.as: expected a shorter one: aaa'],
    [
      'a name of an input of another form',
      quality({}, { 'no-name': 1 }),
      '1.with.no-name: expected a name of lower-case',
    ],
    [
      'an unknown input',
      quality({}, { topic: 1 }),
      '1.with.topic: quality has no such input: expected one of subject, lenses, depth, note',
    ],
    [
      'a required input that is missing',
      { include: 'quality' },
      '1.with.subject: expected a value, because quality cannot do without',
    ],
    [
      'an input without a default',
      { include: 'ship' },
      '1.with.maybe: expected a value: ship has no default for it',
    ],
    ['a value of another type', quality({}, { subject: 3 }), '1.with.subject: expected string, got 3'],
    [
      'a value that an enum has not',
      quality({}, { depth: "'deep'" }),
      '1.with.depth: expected enum(quick, full), got "deep"',
    ],
    [
      'a reference of another type',
      quality({}, { subject: 'write.n' }),
      '1.with.subject: write.n is number: expected string',
    ],
    [
      'an enum of other values',
      quality({}, { depth: 'write.depth' }),
      '1.with.depth: write.depth is enum(full, deep): expected enum(quick, full)',
    ],
    [
      'a text for an enum',
      quality({}, { depth: 'inputs.what' }),
      '1.with.depth: inputs.what is string: expected enum',
    ],
    ['a word without quotes', quality({}, { depth: 'quick' }), '1.with.depth: there is no quick here'],
    [
      'an input that may be left out',
      quality({}, { note: 'inputs.maybe' }),
      '1.with.note: inputs.maybe may be left out',
    ],
    [
      'a skill that is not there',
      quality({}, { note: 'wrote.text' }),
      '1.with.note: there is no skill wrote',
    ],
    [
      'numbers of all items',
      quality({}, { lenses: 'each.every.n' }),
      '1.with.lenses: each.every.n is a list of number',
    ],
    [
      'its own skill',
      quality({}, { note: 'quality-look.verdict' }),
      '1.with.note: quality-look stands later',
    ],
    ['a condition that is none', quality({ when: 'write' }), '1.when: expected a comparison'],
    ['a condition of what is not there', quality({ when: 'write.m > 1' }), '1.when: write returns no m'],
    [
      'a condition that is too long together',
      quality({ when: Array.from({ length: 12 }, (_, index) => `write.n == ${index}`).join(' || ') }),
      '1.when: together with that of quality-look it has 24 comparisons: expected at most 20',
    ],
  ])('%s', (_, include, fault) => {
    expect(faultsOf(written(include))).toEqual([expect.stringContaining(`phases.${fault}`)]);
  });

  it.each<[what: string, loop: object, fault: string]>([
    [
      'a phase of its name',
      written(quality({}), { ...WRITE, id: 'quality-look', skills: [{ id: 'x', manual: true }] }),
      '2.id: expected another id: there is a phase quality-look already',
    ],
    [
      'a skill of its name before it',
      written({ id: 'b', skills: [{ id: 'quality-look', manual: true }] }, quality({})),
      '2.include: expected another as: there is a skill quality-look already',
    ],
    [
      'the same loop twice',
      written(quality({}), quality({})),
      '2.include: expected another as: there is a phase quality-look already',
    ],
    [
      'two that make one name',
      { ...written(quality({})), checks: [{ name: 'quality-lint', run: 'x' }] },
      '1.include: expected another as: there is a check quality-lint already',
    ],
    [
      'an output that it has not',
      written(quality({}), ship({ id: 's', agent: 'auto', brief: '{{ quality-look.n }}' })),
      '2.skills.0.brief: quality-look returns no n: expected one of verdict',
    ],
    [
      'a way forward into it',
      written(
        { id: 'b', gates: [{ id: 'g', kind: 'approval', on_reject: { go_to: 'quality-look', most: 1 } }] },
        quality({}),
      ),
      '1.gates.0.on_reject.go_to: quality-look stands later',
    ],
    [
      'work after its delivery',
      written({ include: 'ship', with: { maybe: "'x'" } }, ship({ id: 's', agent: 'auto' })),
      '2.skills.0: stands after the delivery ship-ship',
    ],
    [
      'its work after the delivery',
      written(ship({ id: 's', deliver: 'pull_request' }), quality({})),
      '2.include: stands after the delivery s',
    ],
    [
      'two deliveries',
      written(ship({ id: 's', deliver: 'pull_request' }), { include: 'ship', with: { maybe: "'x'" } }),
      '2.include: expected one delivery: s is one already',
    ],
    [
      'its budget, and none around it',
      { ...written({ include: 'ship', with: { maybe: "'x'" } }), budget: undefined },
      '1.include: ship has a budget, which bounds nothing here: expected a budget of this loop',
    ],
  ])('%s', (_, loop, fault) => {
    expect(faultsOf(loop)).toEqual([expect.stringContaining(`phases.${fault}`)]);
  });
});

it('what an unknown loop would have is no second fault, and what is wrong elsewhere is told too', () => {
  const after = {
    id: 'end',
    skills: [
      { id: 's', agent: 'auto', brief: '{{ x-look.verdict }} {{ inputs.waht }}', when: "x-a.every.b == 'c'" },
    ],
    gates: [{ id: 'g', kind: 'approval', on_reject: { go_to: 'x-look', most: 1 } }],
  };
  expect(faultsOf(written({ include: 'gone', as: 'x' }, after))).toEqual([
    'phases.1.include: there is no loop gone',
    'phases.2.skills.0.brief: there is no input waht: expected one of what, maybe, size',
  ]);
  expect(faultsOf(written({ include: 3 }, after))).toHaveLength(2);
  expect(faultsOf(written(quality({ as: 'X' }), after))).toHaveLength(2);
});
