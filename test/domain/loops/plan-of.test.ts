import { describe, expect, it } from 'vitest';
import { inputsFor } from '../../../src/domain/loops/inputs.ts';
import { LoopPlan } from '../../../src/domain/loops/loop-plan.ts';
import { parseLoop } from '../../../src/domain/loops/parse-loop.ts';
import { planOf } from '../../../src/domain/loops/plan-of.ts';

const skill = (id: string, more: object = {}) => ({ id, agent: 'auto', brief: 'Do it', ...more });
function loopOf(written: object) {
  const read = parseLoop({ loop: 'x', phases: [{ id: 'only', skills: [skill('a')] }], ...written });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.loop;
}

const INPUTS = {
  goal: { type: 'string', required: true },
  size: { type: 'enum(small, large)', default: 'small' },
  files: 'string[]',
  most: { type: 'number', default: 2 },
};

describe('inputs', () => {
  const loop = loopOf({ inputs: INPUTS });

  it('have their defaults, and no value where one is left out', () => {
    expect(inputsFor(loop, { goal: 'go' })).toEqual({
      values: { goal: 'go', size: 'small', most: 2 },
      problems: [],
    });
  });

  it('that are wrong are told by name, all of them', () => {
    const { problems } = inputsFor(loop, { size: 'huge', files: 'a', gaol: 'x', most: Number.NaN });
    expect(problems).toEqual([
      'gaol: x has no such input: expected one of goal, size, files, most',
      'goal: expected a value, because x cannot do without',
      'size: expected enum(small, large), got "huge"',
      'files: expected string[], got "a"',
      'most: expected number, got NaN',
    ]);
  });
});

describe('a plan', () => {
  it('has the brief with the inputs that are known, and what skills give as it is written', () => {
    const loop = loopOf({
      inputs: INPUTS,
      phases: [
        {
          id: 'only',
          skills: [
            skill('a', { returns: { files: 'string[]' } }),
            skill('b', {
              brief: '{{ inputs.goal }} in {{ a.files }} of {{ inputs.files }}',
              with: { n: 3, t: "'x'", f: 'a.files' },
            }),
          ],
        },
      ],
    });
    const [, b] = planOf(loop, { goal: '{{ a.files }}' }).phases[0]?.skills ?? [];
    expect(b).toMatchObject({
      brief: '{{ a.files }} in {{ a.files }} of {{ inputs.files }}',
      with: { n: '3', t: "'x'", f: 'a.files' },
    });
  });

  it('says which agents have the set-up of their user', () => {
    const skills = [skill('a'), skill('b', { settings: 'own' })];
    const [a, b] = planOf(loopOf({ phases: [{ id: 'only', skills }] }), {}).phases[0]?.skills ?? [];
    expect(a).not.toHaveProperty('settings');
    expect(b).toMatchObject({ settings: 'own' });
  });

  it('is what its schema says, and says of every part what it is', () => {
    const loop = loopOf({
      title: 'All of it',
      inputs: INPUTS,
      checks: ['npm test'],
      budget: { usd: 3, wall: '90m' },
      phases: [
        {
          id: 'work',
          skills: [
            { id: 'ask', manual: true },
            {
              id: 'measure',
              run: ['node', 'measure.js', 'a b'],
              // biome-ignore lint/suspicious/noThenProperty: the word that people write; nothing awaits a definition.
              timeout: { idle: '90s', total: '1h', then: 'skip' },
              guarantees: [
                { deliverable: 'src/**', changed: true, at_most: 3 },
                { id: 'ran', proof: 'test_passed', run: 'npm test' },
                { content: '*.md', pattern: '^# ', sections: ['Risks'], lines: { at_least: 3 } },
                { quality: 'coverage', run: 'node cover.js', is: '>= 80', required: false },
                { git: 'worktree_clean' },
              ],
            },
            skill('each', {
              for_each: { in: ['a', 'b'], as: 'one', at_most: 2, join: 'pick' },
              guides: ['g-{{ one }}'],
            }),
            { id: 'ship', deliver: 'pull_request' },
          ],
          gates: [
            {
              id: 'c',
              kind: 'check',
              checks: ['npm test'],
              passes_if: "each.state == 'completed'",
              when: 'inputs.most > 1',
            },
            { id: 'p', kind: 'approval', by: { count: 2, not: 'requester' }, expires: '3d' },
          ],
        },
      ],
    });
    const plan = planOf(loop, { goal: 'go' });
    expect(LoopPlan.parse(plan)).toEqual(plan);
    const [work] = plan.phases;
    expect(plan).toMatchObject({
      title: 'All of it',
      budget: { usd: 3, wall: '90m' },
      problems: [],
      approvalsMost: 2,
    });
    expect(work?.skills.map(({ by, runsMost, writes }) => [by, runsMost, writes])).toEqual([
      ['manual', 1, true],
      ['run', 1, true],
      ['agent', 2, true],
      ['deliver', 1, false],
    ]);
    expect(work?.skills[1]).toMatchObject({
      command: "node measure.js 'a b'",
      timeout: { idle: '90s', total: '1h', outcome: 'skip' },
    });
    expect(work?.skills[1]?.guarantees).toEqual([
      { id: 'deliverable-1', required: true, text: '1 to 3 files added or changed in src/**' },
      { id: 'ran', required: true, text: 'passes npm test' },
      {
        id: 'content-3',
        required: true,
        text: '*.md matches /^# /, has the sections Risks, has at least 3 lines',
      },
      { id: 'quality-4', required: false, text: 'coverage >= 80, measured by node cover.js' },
      { id: 'git-5', required: true, text: 'the working tree is clean' },
    ]);
    expect(work?.skills[2]).toMatchObject({
      guides: ['g-a', 'g-b'],
      forEach: { in: ['a', 'b'], as: 'one', atMost: 2, join: 'pick' },
    });
    expect(work?.gates).toMatchObject([
      { kind: 'check', checks: ['npm test'], passesIf: "each.state == 'completed'", when: 'inputs.most > 1' },
      { kind: 'approval', by: { count: 2, not: 'requester' }, expires: '3d' },
    ]);
  });
});

describe('what a loop can come to at most', () => {
  const back = (id: string, goTo: string, most: number) => ({
    id,
    kind: 'approval',
    on_reject: { go_to: goTo, most },
  });

  it.each<[what: string, written: object, runs: readonly number[], all: number]>([
    ['once', {}, [1], 1],
    ['each agent', { phases: [{ id: 'p', skills: [skill('a', { agent: ['claude', 'codex'] })] }] }, [2], 2],
    [
      'each round',
      { phases: [{ id: 'p', skills: [skill('a', { repeat: { most: 5, until: { checks: 'all' } } })] }] },
      [5],
      5,
    ],
    [
      'each item',
      { phases: [{ id: 'p', skills: [skill('a', { for_each: { in: ['x', 'y', 'z'], as: 'i' } })] }] },
      [3],
      3,
    ],
    [
      'as many items as there may be',
      {
        inputs: INPUTS,
        phases: [{ id: 'p', skills: [skill('a', { for_each: { in: 'inputs.files', as: 'i' } })] }],
      },
      [100],
      100,
    ],
    [
      'the skill’s own budget',
      {
        phases: [
          {
            id: 'p',
            skills: [skill('a', { repeat: { most: 5, until: { checks: 'all' } }, budget: { attempts: 3 } })],
          },
        ],
      },
      [3],
      3,
    ],
    [
      'the loop’s budget',
      {
        budget: { attempts: 4 },
        phases: [{ id: 'p', skills: [skill('a', { repeat: { most: 5, until: { checks: 'all' } } })] }],
      },
      [5],
      4,
    ],
    [
      'each way back to it or past it',
      {
        phases: [
          { id: 'p', skills: [skill('a')], gates: [back('g', 'p', 2)] },
          { id: 'q', skills: [skill('b')], gates: [back('h', 'q', 3), back('i', 'p', 1)] },
          { id: 'r', skills: [skill('c')] },
        ],
      },
      [4, 5, 1],
      10,
    ],
  ])('%s', (_, written, runs, all) => {
    const plan = planOf(loopOf(written));
    expect(plan.phases.flatMap(({ skills }) => skills.map(({ runsMost }) => runsMost))).toEqual(runs);
    expect(plan.agentRunsMost).toBe(all);
  });
});
