import { describe, expect, it } from 'vitest';
import { readLoopText } from '../../../src/adapters/loops/loop-text.ts';
import { refusalOfFaults } from '../../../src/domain/loops/found-loop.ts';
import { EXAMPLE, faultsOf, loopOf } from './loop-rig.ts';

describe('the example', () => {
  it('is a loop as it stands', () => {
    const { loop, budget, phases } = loopOf(EXAMPLE);
    expect({ loop, budget }).toEqual({ loop: 'feature', budget: { usd: 12, wall: 6 * 3_600_000 } });
    expect(
      phases.map(({ id, skills, gates }) => [id, skills.map((one) => one.id), gates.map((one) => one.id)]),
    ).toEqual([
      ['plan', ['plan'], ['plan-is-right']],
      ['build', ['build'], []],
      ['review', ['review'], ['reviewed']],
      ['ship', ['ship'], []],
    ]);
    const [plan, build, review, ship] = phases.flatMap(({ skills }) => skills);
    expect(plan?.returns).toEqual({
      files: { kind: 'string[]' },
      risk: { kind: 'enum', of: ['low', 'high'] },
    });
    // biome-ignore lint/suspicious/noThenProperty: the word that people write; nothing awaits a definition.
    expect(plan?.timeout).toEqual({ idle: 600_000, total: 3_600_000, then: 'fail' });
    expect(build?.repeat).toEqual({ most: 5, until: { checks: ['test', 'lint'] } });
    expect(build?.guarantees).toMatchObject([
      { kind: 'deliverable', glob: 'src/**', changed: true, atLeast: 1 },
    ]);
    expect(review?.forEach).toEqual({
      in: { list: ['security', 'style'] },
      as: 'lens',
      atMost: 2,
      join: 'all_done',
    });
    expect([review?.writes, ship?.by]).toEqual(['none', { kind: 'deliver', as: 'pull_request' }]);
  });

  it('has a check that looks at its condition, and an approval that its condition asks for', () => {
    const [asked, reviewed] = loopOf(EXAMPLE).phases.flatMap(({ gates }) => gates);
    expect(asked).toMatchObject({
      kind: 'approval',
      when: { text: "plan.risk == 'high'" },
      by: { count: 1, not: 'requester' },
    });
    expect(asked).toMatchObject({ onReject: { goTo: 'plan', most: 3 }, expires: 3 * 24 * 3_600_000 });
    expect(reviewed).toMatchObject({ kind: 'check', passesIf: { text: "review.every.verdict == 'ok'" } });
    expect(reviewed).not.toHaveProperty('when');
  });

  it.each([
    ['with CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['with a byte order mark', (text: string) => `\uFEFF${text}`],
    ['with types in quotes', (text: string) => text.replaceAll(/(string\[\]|enum\([^)]*\))/g, '"$1"')],
    [
      'with an enum over two lines',
      (text: string) => text.replace('enum(low, high)', 'enum(low,\n            high)'),
    ],
  ])('%s is the same loop', (_, change) => {
    expect(loopOf(change(EXAMPLE))).toEqual(loopOf(EXAMPLE));
  });
});

const SEED = {
  id: 'Release Loop',
  name: 'Release',
  description: 'Ships it',
  phases: [
    { name: 'INIT', skills: ['entry-portal', 'Write_Spec'], required: true },
    { name: 'SHIP IT', skills: ['deploy'], required: false },
  ],
  gates: [
    { id: 'spec', name: 'Spec is right', afterPhase: 'INIT', required: true, deliverables: ['docs/spec.md'] },
  ],
};

describe('the JSON of create_loop', () => {
  it('is a loop whose skills are done by hand and whose gates are for people', () => {
    const loop = loopOf(JSON.stringify(SEED, null, 2));
    expect(loop).toMatchObject({ loop: 'release-loop', title: 'Release', description: 'Ships it' });
    expect(loop.phases).toMatchObject([
      {
        id: 'init',
        title: 'INIT',
        required: true,
        skills: [
          { id: 'entry-portal', by: { kind: 'manual' } },
          { id: 'write-spec', title: 'Write_Spec' },
        ],
        gates: [
          { id: 'spec', kind: 'approval', guarantees: [{ kind: 'deliverable', glob: 'docs/spec.md' }] },
        ],
      },
      { id: 'ship-it', required: false, skills: [{ id: 'deploy' }], gates: [] },
    ]);
  });

  it.each<[what: string, change: (seed: typeof SEED) => unknown, words: string]>([
    [
      'a gate after no phase',
      (seed) => ({ ...seed, gates: [{ ...seed.gates[0], afterPhase: 'TEST' }] }),
      'gates[0].afterPhase: there is no phase TEST: expected one of INIT, SHIP IT',
    ],
    [
      'a deliverable elsewhere',
      (seed) => ({ ...seed, gates: [{ ...seed.gates[0], deliverables: ['x.md', '../y'] }] }),
      'gates[0].deliverables[1]: expected a glob',
    ],
    ['an unknown key', (seed) => ({ ...seed, version: 2 }), 'version: is not a known key'],
    [
      'a skill twice',
      (seed) => ({ ...seed, phases: [...seed.phases, { name: 'MORE', skills: ['deploy'], required: true }] }),
      'phases[2].skills[0]: expected another id: there is a skill deploy already',
    ],
    [
      'a phase without a word in its name',
      (seed) => ({ ...seed, phases: [{ name: '!', skills: ['a'], required: true }] }),
      'phases[0].name: expected an id',
    ],
    [
      'an empty phase',
      (seed) => ({ ...seed, phases: [...seed.phases, { name: 'MORE', skills: [], required: true }] }),
      'phases[2]: expected skills or gates',
    ],
  ])('%s', (_, change, words) => {
    expect(faultsOf(JSON.stringify(change(SEED), null, 2)).join('\n')).toContain(words);
  });
});

it('one error tells all faults, and its details are they', () => {
  const read = readLoopText('x.yaml', EXAMPLE.replace('budget:', 'badget:')).read();
  expect(read.ok).toBe(false);
  if (!read.ok)
    expect(refusalOfFaults(read.faults)).toMatchObject({
      code: 'invalid_input',
      message: 'x.yaml:5 badget: is not a known key',
      details: [{ file: 'x.yaml', line: 5, path: 'badget', message: 'is not a known key' }],
    });
});
