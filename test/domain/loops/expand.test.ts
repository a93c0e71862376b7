import { describe, expect, it } from 'vitest';
import { fillBrief } from '../../../src/domain/loops/brief-template.ts';
import { variablesFor } from '../../../src/domain/loops/command-variables.ts';
import { type Known, valueFor } from '../../../src/domain/loops/evaluate.ts';
import { planOf } from '../../../src/domain/loops/plan-of.ts';
import { definitionOf } from './some-loops.ts';

const QUALITY = definitionOf({
  loop: 'quality',
  title: 'Is it good?',
  inputs: {
    subject: { type: 'string', required: true },
    lenses: { type: 'string[]', default: ['bugs', 'style'] },
    depth: { type: 'enum(quick, full)', default: 'quick' },
  },
  checks: [{ name: 'lint', run: 'npm run lint' }],
  phases: [
    {
      id: 'look',
      skills: [
        {
          id: 'look',
          agent: 'auto',
          for_each: { in: 'inputs.lenses', as: 'lens' },
          brief: 'Look at {{ inputs.subject }} for {{ lens }}, of:\n{{ inputs.lenses }}',
          returns: { verdict: 'enum(ok, fix)' },
        },
        { id: 'count', run: 'npm run count', with: { depth: "'mine'" }, returns: { n: 'number' } },
        { id: 'ask', manual: true, when: "inputs.depth == 'full' || count.n > 3" },
      ],
      gates: [
        {
          id: 'good',
          kind: 'check',
          checks: ['lint', 'test'],
          passes_if: "look.every.verdict == 'ok'",
          on_reject: { go_to: 'look', most: 1 },
        },
        { id: 'seen', kind: 'check', when: 'count.n < 9' },
      ],
    },
  ],
});
const around = (include: object, more: object = {}) => ({
  loop: 'release',
  inputs: { what: { type: 'string', required: true } },
  phases: [
    { id: 'write', skills: [{ id: 'write', agent: 'auto', returns: { parts: 'string[]', text: 'string' } }] },
    { include: 'quality', with: { subject: 'inputs.what' }, ...include },
  ],
  ...more,
});
const partOf = (include: object, index = 1) => {
  const phase = definitionOf(around(include), { quality: QUALITY }).phases[index];
  const [look, count, ask] = phase?.skills ?? [];
  if (phase === undefined || look === undefined || count === undefined || ask === undefined)
    return expect.fail('it has no such phase');
  return { phase, look, count, ask, gates: phase.gates };
};

describe('names', () => {
  it('begin with the name of the loop, or with another that is said', () => {
    const { phase, look, gates } = partOf({});
    expect([phase.id, look.id, ...gates.map(({ id }) => id)]).toEqual([
      'quality-look',
      'quality-look',
      'quality-good',
      'quality-seen',
    ]);
    expect(partOf({ as: 'last-look' }).look.id).toBe('last-look-look');
  });

  it('of one loop that is included twice are two', () => {
    const [first, second] = [
      { include: 'quality', as: 'a' },
      { include: 'quality', as: 'b' },
    ].map((one) => ({
      ...one,
      with: { subject: 'inputs.what' },
    }));
    const { phases, checks } = definitionOf(
      { loop: 'x', inputs: { what: { type: 'string', required: true } }, phases: [first, second] },
      { quality: QUALITY },
    );
    expect(phases.map(({ id }) => id)).toEqual(['a-look', 'b-look']);
    expect(checks.map(({ name }) => name)).toEqual(['a-lint', 'b-lint']);
  });

  it('of checks that the loop brings are its own, those of pawl.yaml are as they are', () => {
    const [good] = partOf({}).gates;
    expect(good).toMatchObject({
      checks: ['quality-lint', 'test'],
      onReject: { goTo: 'quality-look', most: 1 },
    });
    expect(definitionOf(around({}), { quality: QUALITY }).checks).toEqual([
      { name: 'quality-lint', run: ['npm', 'run', 'lint'] },
    ]);
  });

  it('are there for the loop around: outputs, states and the way back', () => {
    const loop = definitionOf(
      around(
        {},
        {
          phases: [
            ...around({}).phases,
            {
              id: 'ship',
              skills: [
                {
                  id: 'ship',
                  agent: 'auto',
                  brief: '{{ quality-count.n }}',
                  when: "quality-look.every.verdict == 'ok'",
                },
              ],
              gates: [{ id: 'g', kind: 'approval', on_reject: { go_to: 'quality-look', most: 1 } }],
            },
          ],
        },
      ),
      { quality: QUALITY },
    );
    expect(loop.phases.map(({ id }) => id)).toEqual(['write', 'quality-look', 'ship']);
  });
});

describe('inputs', () => {
  it('are what is given, or their defaults', () => {
    const { look, ask } = partOf({});
    expect(look.brief?.parts).toEqual([
      { text: 'Look at ' },
      { fill: { reference: { of: 'inputs', name: 'what' } } },
      { text: ' for ' },
      { fill: { reference: { of: 'item', name: 'lens' } } },
      { text: ', of:\n' },
      { fill: { literal: ['bugs', 'style'] } },
    ]);
    expect(look.forEach?.in).toEqual({ list: ['bugs', 'style'] });
    expect(ask.when?.text).toBe("inputs.depth (here 'quick') == 'full' || quality-count.n > 3");
  });

  it('may be what a skill gives, or values', () => {
    const { look, ask } = partOf({
      with: { subject: 'write.text', lenses: 'write.parts', depth: "'full'" },
    });
    expect(look.forEach?.in).toEqual({
      reference: { of: 'skill', skill: 'write', every: false, output: 'parts' },
    });
    expect(ask.when?.text).toBe("inputs.depth (here 'full') == 'full' || quality-count.n > 3");
  });

  it('are variables of its commands, and none of those around takes their place', () => {
    const { count } = partOf({ with: { subject: "'this'" } });
    const known: Known = { inputs: { what: 'w', subject: 'of the loop around' }, skills: {} };
    expect(variablesFor(count, known)).toEqual({
      ok: true,
      variables: {
        PAWL_IN_WHAT: 'w',
        PAWL_IN_SUBJECT: 'this',
        PAWL_IN_LENSES: '["bugs","style"]',
        PAWL_IN_DEPTH: 'mine',
      },
    });
  });

  it('are told to whoever has no brief, and those of the loop around are not', () => {
    const { ask } = partOf({});
    const filled =
      ask.brief &&
      fillBrief(ask.brief, (reference) =>
        valueFor(reference, { inputs: { what: 'w', other: 'o' }, skills: {} }),
      );
    expect(filled).toEqual({ ok: true, text: 'ask.\nsubject: w\nlenses: bugs, style\ndepth: quick' });
  });

  it('are in the plan', () => {
    const loop = definitionOf(around({}), { quality: QUALITY });
    const [, look] = planOf(loop, { what: 'the cart' }).phases;
    expect(look?.skills[0]?.brief).toBe('Look at the cart for {{ lens }}, of:\nbugs, style');
  });
});

it('a condition of the include holds for each skill and gate, besides their own', () => {
  const { look, ask, gates } = partOf({ when: "write.state == 'completed' || inputs.what == 'x'" });
  const own = "write.state == 'completed' || inputs.what == 'x'";
  expect(look.when?.text).toBe(own);
  expect(gates.map(({ when }) => when?.text)).toEqual([own, own]);
  expect(ask.when?.text).toBe(
    [
      "write.state == 'completed' && inputs.depth (here 'quick') == 'full'",
      "write.state == 'completed' && quality-count.n > 3",
      "inputs.what == 'x' && inputs.depth (here 'quick') == 'full'",
      "inputs.what == 'x' && quality-count.n > 3",
    ].join(' || '),
  );
  expect(gates[1]).toMatchObject({ kind: 'check', passesIf: { text: 'quality-count.n < 9' } });
});

it('title, description and budget of an included loop are about it alone', () => {
  const { title, description, budget } = definitionOf(around({}, { budget: { usd: 3 } }), {
    quality: { ...QUALITY, description: 'd', budget: { usd: 9 } },
  });
  expect({ title, description, budget }).toEqual({ budget: { usd: 3 } });
});
