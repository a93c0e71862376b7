import { describe, expect, it } from 'vitest';
import { changed, EXAMPLE, faultsOf } from './loop-rig.ts';

describe('each fault is told by file, line and path', () => {
  it.each<[what: string, text: string, faults: readonly string[]]>([
    [
      'an unknown key',
      changed('brief: Plan', 'breif: Plan'),
      ['x.yaml:13 phases[0].skills[0].breif: is not a known key'],
    ],
    ['an unknown key at the top', changed('budget:', 'badget:'), ['x.yaml:5 badget: is not a known key']],
    [
      'an unknown input',
      changed('inputs.goal }}', 'inputs.gaol }}'),
      ['x.yaml:13 phases[0].skills[0].brief: there is no input gaol: expected one of goal'],
    ],
    [
      'an unknown skill',
      changed('plan.files', 'plam.files'),
      [
        `x.yaml:28 phases[1].skills[0].with.files: there is no skill plam: expected one of plan; as a text write "'plam.files'", in quotes within quotes`,
      ],
    ],
    [
      'an unknown output',
      changed('plan.files', 'plan.file'),
      ['x.yaml:28 phases[1].skills[0].with.files: plan returns no file: expected one of files, risk'],
    ],
    [
      'a forward reference',
      changed('plan.files', 'review.notes'),
      [expect.stringContaining('x.yaml:28 phases[1].skills[0].with.files: review stands later')],
    ],
    [
      'a value that an enum has not',
      changed("== 'high'", "== 'hihg'"),
      ["x.yaml:19 phases[0].gates[0].when: plan.risk is never 'hihg': expected one of low, high"],
    ],
    [
      'two types',
      changed("== 'high'", '== 3'),
      [
        expect.stringContaining(
          'x.yaml:19 phases[0].gates[0].when: plan.risk is enum(low, high), 3 is number',
        ),
      ],
    ],
    [
      'an order of what has none',
      changed("== 'high'", "> 'high'"),
      [expect.stringContaining('only numbers are compared by >')],
    ],
    [
      'a list that is compared',
      changed('plan.risk ==', 'plan.files =='),
      [expect.stringContaining('plan.files is a list')],
    ],
    [
      'every of what is done once',
      changed("plan.risk == 'high'", "plan.every.risk == 'high'"),
      [expect.stringContaining('plan is done once: write plan.risk')],
    ],
    [
      'one of what is done for each',
      changed('review.every.verdict', 'review.verdict'),
      [expect.stringMatching(/^x.yaml:42 phases\[2\].gates\[0\].when: .*write review.every.verdict/)],
    ],
    [
      'a way forward',
      changed('go_to: plan', 'go_to: ship'),
      [expect.stringContaining('x.yaml:21 phases[0].gates[0].on_reject.go_to: ship stands later')],
    ],
    [
      'a way to nowhere',
      changed('go_to: plan', 'go_to: plann'),
      [
        expect.stringContaining(
          'there is no phase plann: expected the phase of this gate or one before it (plan)',
        ),
      ],
    ],
    [
      'an id twice',
      changed('- id: build\n    skills', '- id: plan\n    skills'),
      [expect.stringContaining('x.yaml:24 phases[1].id: expected another id: there is a phase plan already')],
    ],
    [
      'a skill twice',
      changed('- id: build\n        agent', '- id: plan\n        agent'),
      [expect.stringContaining('x.yaml:26 phases[1].skills[0].id: expected another id')],
    ],
    [
      'a glob that leaves the repository',
      changed('"src/**"', '"../src/**"'),
      [expect.stringContaining('x.yaml:31 phases[1].skills[0].guarantees[0].deliverable: expected a glob')],
    ],
    ['an absolute glob', changed('"src/**"', '"/etc/**"'), [expect.stringContaining('that stays inside it')]],
    [
      'a glob that leaves it within braces',
      changed('"src/**"', '"{src,..}/**"'),
      [expect.stringContaining('that stays inside it')],
    ],
    [
      'an agent of no form',
      changed('[claude, codex]', '[claude, "rm -rf"]'),
      [expect.stringMatching(/^x.yaml:27 phases\[1\].skills\[0\].agent: expected the name of an agent/)],
    ],
    [
      'a guide of no form',
      changed('[write-plan]', '["../write-plan"]'),
      [expect.stringContaining('x.yaml:12 phases[0].skills[0].guides: expected the name of a folder')],
    ],
    [
      'a guide of a value',
      changed('review-{{ lens }}', 'review-{{ plan.risk }}'),
      [expect.stringContaining('x.yaml:39 phases[2].skills[0].guides[0]: only the item of a for_each')],
    ],
    [
      'a brief that is not closed',
      changed('goal }}.', 'goal }.'),
      [expect.stringContaining('x.yaml:13 phases[0].skills[0].brief: expected {{ with one reference and }}')],
    ],
    [
      'a type that is none',
      changed('enum(low, high)', 'integer'),
      [expect.stringContaining('x.yaml:14 phases[0].skills[0].returns.risk: expected a type')],
    ],
    [
      'a span that is none',
      changed('idle: 10m', 'idle: soon'),
      [expect.stringContaining('x.yaml:15 phases[0].skills[0].timeout.idle: expected a span of time')],
    ],
    [
      'a time that is longer than the whole',
      changed('idle: 10m', 'idle: 2h'),
      [expect.stringContaining('expected idle to be no longer than total')],
    ],
    [
      'nobody who does it',
      changed(/agent: claude\n/, 'title: Plan\n'),
      ['x.yaml:10 phases[0].skills[0]: expected one of manual: true, run, agent and deliver: who does it'],
    ],
    [
      'two who do it',
      changed(/agent: claude\n/, 'agent: claude\n        manual: true\n'),
      [expect.stringContaining('who does it')],
    ],
    [
      'a command with {{',
      changed('agent: claude', 'run: "plan {{ inputs.goal }}"'),
      [
        expect.stringMatching(/run: \{\{ \}\} fills briefs only, never a command: .*PAWL_IN_FILES/),
        expect.stringContaining('.brief: no brief is read here'),
      ],
    ],
    [
      'a command for a shell',
      changed(
        'agent: claude\n        guides: [write-plan]           # a SKILL.md folder, pinned by digest\n        brief: Plan the change for {{ inputs.goal }}.',
        'run: a | b',
      ),
      [expect.stringContaining('found a pipe or operator')],
    ],
    [
      'changes that are asked for and discarded',
      changed('with: { files: plan.files }', 'writes: none'),
      [
        expect.stringContaining(
          'x.yaml:28 phases[1].skills[0].writes: contradicts the guarantee deliverable-1',
        ),
      ],
    ],
    [
      'a default of another type',
      changed('required: true', 'default: 3'),
      ['x.yaml:4 inputs.goal.default: expected string, got 3'],
    ],
    [
      'a default of what is required',
      changed('required: true', 'required: true, default: x'),
      [expect.stringContaining('a required input has no default')],
    ],
    [
      'a check that looks at nothing',
      changed(`, when: "review.every.verdict == 'ok'"`, ''),
      [expect.stringContaining('what the engine should look at')],
    ],
    [
      'a check with people',
      changed('kind: check,', 'kind: check, by: { count: 2 },'),
      [expect.stringContaining('x.yaml:42 phases[2].gates[0].by: only a gate of kind approval has by')],
    ],
    [
      'work after the delivery',
      `${EXAMPLE}      - { id: more, agent: claude, brief: More }\n`,
      [expect.stringContaining('phases[3].skills[1]: stands after the delivery ship')],
    ],
    [
      'a second delivery',
      `${EXAMPLE}      - { id: again, deliver: pull_request }\n`,
      [expect.stringContaining('expected one delivery: ship is one already')],
    ],
    [
      'a key that programs lose',
      changed('inputs:', 'inputs:\n  __proto__: string'),
      ['x.yaml:4 inputs.__proto__: is not a known key'],
    ],
    [
      'a brief too long',
      changed('Plan the change', 'x'.repeat(40_000)),
      ['x.yaml:13 phases[0].skills[0].brief: expected at most 32768 characters'],
    ],
    [
      'an agent of no kind',
      changed('agent: claude', 'agent: 3'),
      [expect.stringContaining('expected the name of an agent')],
    ],
    ['no phases', 'loop: x\nphases: []\n', ['x.yaml:2 phases: expected at least one phase']],
    [
      'an id of another form',
      changed('loop: feature', 'loop: My Feature'),
      [expect.stringContaining('x.yaml:2 loop: expected an id')],
    ],
    [
      'an id with a meaning',
      changed('- id: build\n        agent', '- id: inputs\n        agent'),
      [expect.stringContaining('mean something else')],
    ],
  ])('%s', (_, text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  it('all at once, those of form and those of meaning, in the order of their lines', () => {
    const text = EXAMPLE.replace('budget:', 'badget:')
      .replace("== 'high'", "== 'hihg'")
      .replace('plan.files', 'plam.files');
    expect(faultsOf(text)).toEqual([
      expect.stringContaining('x.yaml:5 badget'),
      expect.stringContaining('x.yaml:19 phases[0].gates[0].when'),
      expect.stringContaining('x.yaml:28 phases[1].skills[0].with.files'),
    ]);
  });

  it('a skill that cannot be read makes no faults elsewhere', () => {
    expect(faultsOf(EXAMPLE.replace('enum(low, high)', 'integer'))).toHaveLength(1);
  });
});
