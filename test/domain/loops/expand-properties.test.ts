/** Whatever includes what: names, references, and what each skill is told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillBrief } from '../../../src/domain/loops/brief-template.ts';
import { variablesFor } from '../../../src/domain/loops/command-variables.ts';
import type { LoopDefinition } from '../../../src/domain/loops/definition.ts';
import { evaluate, type Known, type SkillOutcome, valueFor } from '../../../src/domain/loops/evaluate.ts';
import { expandLoop } from '../../../src/domain/loops/expand.ts';
import type { Skill } from '../../../src/domain/loops/skill.ts';
import { definitionOf, expectWhole, someWritten } from './some-loops.ts';

const leaf = someWritten('leaf').map((written) => definitionOf(written));
const middle = leaf.chain((one) =>
  someWritten('middle', [one]).map((written) => ({
    leaf: one,
    middle: definitionOf(written, { leaf: one }),
  })),
);

const AROUND = {
  goal: { type: 'string', required: true },
  list: { type: 'string[]', required: true },
};

describe('whatever includes what', () => {
  it('a loop that includes none is as it was, and expanding what is expanded changes nothing', () => {
    fc.assert(
      fc.property(middle, ({ leaf: one, middle: two }) => {
        for (const loop of [one, two])
          expect(expandLoop(loop, new Map([one, two].map((other) => [other.loop, other])))).toEqual(loop);
      }),
    );
  });

  it('each id is there once, and each reference is to what is there before it', () => {
    const top = middle.chain((loops) =>
      someWritten('top', [loops.leaf, loops.middle]).map((written) => definitionOf(written, loops)),
    );
    fc.assert(fc.property(top, (loop) => expectWhole(loop)));
  });

  it('what is included is told and asked what it would be alone', () => {
    const values = fc.record({
      goal: fc.string(),
      files: fc.array(fc.string()),
      size: fc.constantFrom('s', 'l'),
      most: fc.integer({ min: 0, max: 9 }),
    });
    const state = fc.constantFrom('completed', 'failed', 'skipped', 'pending');
    const outcome = fc.record({ state, outputs: values });
    const alone = (loop: LoopDefinition) => loop.phases.flatMap(({ skills }) => skills);
    fc.assert(
      fc.property(
        leaf,
        values,
        fc.array(outcome, { minLength: 4, maxLength: 4 }),
        (loop, inputs, outcomes) => {
          const given = {
            goal: 'inputs.goal',
            files: 'inputs.list',
            size: `'${inputs.size}'`,
            most: inputs.most,
          };
          const around = {
            loop: 'x',
            inputs: AROUND,
            phases: [{ include: 'leaf', as: 'in', with: given }],
          };
          const within = alone(definitionOf(around, { leaf: loop }));
          const known = (prefix: string, given: Known['inputs']): Known => ({
            inputs: given,
            skills: Object.fromEntries(
              alone(loop).map(({ id }, index): [string, SkillOutcome] => [
                `${prefix}${id}`,
                outcomes[index] ?? { state: 'pending' },
              ]),
            ),
          });
          const here = known('', inputs);
          const there = known('in-', { goal: inputs.goal, list: inputs.files });
          for (const [index, skill] of alone(loop).entries()) {
            const one = within[index] ?? expect.fail('it has fewer skills');
            const [mine, its] = [asAlone(saidTo(skill, here)), asAlone(saidTo(one, there))];
            if (skill.by.kind !== 'run') its.given = mine.given;
            expect(skill.brief === undefined ? { ...its, brief: undefined } : its).toEqual(mine);
          }
        },
      ),
    );
  });
});

/** What of a skill depends on values; nothing of how its skills are called. */
function saidTo(skill: Skill, known: Known) {
  const { brief, when, forEach } = skill;
  return {
    brief: brief && fillBrief(brief, (reference) => valueFor(reference, known)),
    holds: when && evaluate(when, known).holds,
    list: forEach && ('list' in forEach.in ? forEach.in.list : valueFor(forEach.in.reference, known)),
    given: variablesFor(skill, known),
  };
}

/** By the names of the included loop, as those of one that is alone. */
function asAlone({ brief, given, ...said }: ReturnType<typeof saidTo>) {
  return {
    ...said,
    brief: brief && (brief.ok ? brief.text : brief.missing.map((one) => one.replace(/^in-/, ''))),
    given: given.ok ? withoutList(given.variables) : given.problems.map((one) => one.replace(' in-', ' ')),
  };
}
const withoutList = ({ PAWL_IN_LIST: _, ...rest }: Readonly<Record<string, string>>) => rest;
