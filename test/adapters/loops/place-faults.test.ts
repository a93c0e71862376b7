/** Checks, agents and guides that a loop names and the repository does not have are told with all else that is wrong with it. */
import { describe, expect, it } from 'vitest';
import { newRepository } from '../scratch-repository.ts';
import { at, faultsOf, found, homeWith } from './sources-rig.ts';

const configuration = { checks: [{ name: 'test', run: ['npm', 'test'] }], agents: {} };
const faultsIn = async (text: string, others: Readonly<Record<string, string>> = {}) => {
  const named = Object.entries({ x: text, ...others }).map(([id, one]) => [`.pawl/loops/${id}.yaml`, one]);
  const repository = newRepository(Object.fromEntries(named));
  return faultsOf(await found(homeWith(), at(repository, configuration), 'x'));
};

/** Names what is not there: an agent, checks, a guide; and brings a check of a name that is taken. */
const loop = (more = '', skill = '', gate = '') => `loop: x
checks:
  - { name: fast, run: make fast }
  - { name: test, run: make test }
${more}phases:
  - id: only
    skills:
      - id: work
        agent: mine
        guides: [nowhere]
        brief: Do it
        repeat: { most: 2, until: { checks: [lint] } }
${skill}    gates:
      - id: good
        kind: check
        checks: [types, fast]
${gate}`;

const ELSEWHERE = [
  'checks[1].name: expected another name: pawl.yaml has a check test already',
  'phases[0].skills[0].agent: there is no agent mine',
  'phases[0].skills[0].guides: there is no guide nowhere',
  'phases[0].skills[0].repeat.until.checks: there is no check lint: expected one of fast, test, test',
  'phases[0].gates[0].checks: there is no check types',
];
const withElsewhere = (...faults: readonly string[]) =>
  expect.arrayContaining([...ELSEWHERE, ...faults].map((fault) => expect.stringContaining(fault)));

const WRONG: Readonly<Record<string, readonly [text: string, ...faults: string[]]>> = {
  nothing: [loop()],
  'a key of the loop': [loop('wrong: 1\n'), 'wrong: is not a known key'],
  'an input': [loop('inputs: { size: large }\n'), 'inputs.size'],
  'a key of the skill': [loop('', '        wrong: 1\n'), 'skills[0].wrong: is not a known key'],
  'what a brief names': [loop().replace('Do it', "'{{ inputs.size }}'"), 'skills[0].brief: '],
  'a key of the gate': [loop('', '', '        wrong: 1\n'), 'gates[0].wrong: is not a known key'],
  'two of one name': [loop('', '', '      - { id: good, kind: approval }\n'), 'there is a gate good already'],
};

describe('what a repository does not have is told', () => {
  it.each(Object.entries(WRONG))('beside what is wrong otherwise: %s', async (_, [text, ...faults]) => {
    const told = await faultsIn(text);
    expect(told).toEqual(withElsewhere(...faults));
    expect(told).toHaveLength(ELSEWHERE.length + faults.length);
  });

  it('in the order of its lines', async () => {
    const told = await faultsIn(loop('', '', '        wrong: 1\n'));
    const lines = told.map((one) => Number(/:(\d+) /.exec(one)?.[1]));
    expect(lines).toEqual(lines.toSorted((one, other) => one - other));
  });

  it('of an included loop, where it is included', async () => {
    const x = 'loop: x\nwrong: 1\nphases:\n  - include: part\n';
    const part =
      'loop: part\nchecks: [{ name: own, run: make }]\nphases:\n  - id: a\n    skills: [{ id: b, agent: mine, brief: b }]\n    gates: [{ id: c, kind: check, checks: [own, lint] }]\n';
    expect(await faultsIn(x, { part })).toEqual([
      expect.stringContaining('x.yaml:2 wrong: is not a known key'),
      expect.stringContaining('x.yaml:4 phases[0].include: part-b.agent: there is no agent mine'),
      expect.stringContaining('x.yaml:4 phases[0].include: part-c.checks: there is no check lint'),
    ]);
  });
});

/** A check that is there, though not in a form in which it can be read. */
const UNREAD: Readonly<Record<string, string>> = {
  'a check with a fault': 'checks: [{ name: own, run: 1 }]\nphases:\n',
  'a check without a name': 'checks: [{ run: 1 }]\nphases:\n',
  'checks that are no list': 'checks: { own: make }\nphases:\n',
  'a loop that is not there': 'phases:\n  - { include: gone, as: o }\n',
};

describe('nothing is told of a check that may be one of what cannot be read', () => {
  it.each(Object.entries(UNREAD))('%s', async (_, top) => {
    const told = await faultsIn(
      `loop: x\n${top}  - { id: p, gates: [{ id: good, kind: check, checks: [own] }] }\n`,
    );
    expect(told.length).toBeGreaterThan(0);
    expect(told.join('\n')).not.toContain('there is no check');
  });
});
