/** Loops as they come, of which some include others; and what every definition must be true of. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { referencesIn } from '../../../src/domain/loops/brief-template.ts';
import type { Condition } from '../../../src/domain/loops/condition.ts';
import type { LoopDefinition } from '../../../src/domain/loops/definition.ts';
import type { Included } from '../../../src/domain/loops/loop-parts.ts';
import { parseLoop } from '../../../src/domain/loops/parse-loop.ts';
import { type Reference, referenceText } from '../../../src/domain/loops/references.ts';
import type { Skill } from '../../../src/domain/loops/skill.ts';

export const definitionOf = (written: object, loops: Readonly<Record<string, LoopDefinition>> = {}) => {
  const included = new Map(Object.entries(loops).map(([id, loop]): [string, Included] => [id, { loop }]));
  const read = parseLoop(written, included);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.loop;
};

const INPUTS = {
  goal: { type: 'string', required: true },
  files: { type: 'string[]', default: ['a', 'b'] },
  size: { type: 'enum(s, l)', default: 's' },
  most: { type: 'number', default: 2 },
};
const RETURNS = { goal: 'string', files: 'string[]', size: 'enum(s, l)', most: 'number' };
const NAMES = ['goal', 'files', 'size', 'most'] as const;
type Name = (typeof NAMES)[number];

/** What a value of a name may come from: an input, or what a skill that stands before returns. */
const from = (name: Name, before: readonly string[]): fc.Arbitrary<string> =>
  fc.constantFrom(`inputs.${name}`, ...before.map((id) => `${id}.${name}`));
const literals: Readonly<Record<Name, fc.Arbitrary<unknown>>> = {
  goal: fc.constantFrom("'ship it'", '"it\'s {{ done }}"'),
  files: fc.constantFrom([], ['x'], ['x', 'y', 'x']),
  size: fc.constantFrom("'s'", "'l'"),
  most: fc.integer({ min: -3, max: 9 }),
};
const conditionsOf = (before: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    from('size', before).map((one) => `${one} == 'l'`),
    fc.tuple(from('most', before), from('most', before)).map(([a, b]) => `${a} < ${b} || ${a} == 7`),
    from('goal', before).map((one) => `${one} != 'x' && inputs.size == 's'`),
  );

const skillOf = (id: string, before: readonly string[]): fc.Arbitrary<object> =>
  fc
    .record(
      {
        title: fc.constant('A title'),
        with: fc.record({ one: from('files', before), two: from('most', before) }),
        when: conditionsOf(before),
        guides: fc.constant(['write-plan']),
      },
      { requiredKeys: [] },
    )
    .chain((common) =>
      fc
        .oneof(
          fc.record({
            agent: fc.constant('auto'),
            brief: fc
              .tuple(...NAMES.map((name) => from(name, before)))
              .map((all) => `Do:\n${all.map((one) => `{{ ${one} }}`).join('\n')}\nand {{ ${all[1]} }}.`),
          }),
          fc.constant({ agent: ['claude', 'codex'] }),
          fc.record({ run: fc.constant('npm test'), for_each: itemsOf(before) }, { requiredKeys: ['run'] }),
          fc.constant({ manual: true }),
        )
        .map((doer) => ({ id, returns: RETURNS, ...common, ...doer })),
    );
const itemsOf = (before: readonly string[]) =>
  fc
    .oneof(from('files', before), fc.constant(['x', 'y']))
    .map((list) => ({ in: list, as: 'item', join: 'pick' }));

const gateOf = (id: string, before: readonly string[], phases: readonly string[]): fc.Arbitrary<object> =>
  fc
    .record({ when: conditionsOf(before), back: fc.constantFrom(...phases) }, { requiredKeys: [] })
    .chain(({ back, ...common }) =>
      fc
        .oneof(
          fc.constant({ kind: 'approval' }),
          conditionsOf(before).map((passes) => ({ kind: 'check', passes_if: passes })),
          fc.constantFrom('all', ['own'], ['own', 'theirs']).map((checks) => ({ kind: 'check', checks })),
        )
        .map((kind) => ({
          ...{ id, ...common, ...kind },
          ...(back !== undefined && { on_reject: { go_to: back, most: 2 } }),
        })),
    );

const includeOf = (loop: LoopDefinition, as: string, before: readonly string[]): fc.Arbitrary<object> =>
  fc.record(
    {
      ...{ include: fc.constant(loop.loop), as: fc.constant(as) },
      with: fc.record(
        Object.fromEntries(NAMES.map((name) => [name, fc.oneof(from(name, before), literals[name])])),
        { requiredKeys: ['goal'] },
      ),
      when: from('size', before).map((one) => `${one} == 'l'`),
    },
    { requiredKeys: ['include', 'as', 'with'] },
  );

/** Two phases of its own with two skills and a gate each; before each, and at the end, one of the others where there are some. */
export const someWritten = (id: string, others: readonly LoopDefinition[] = []): fc.Arbitrary<object> => {
  const skills: string[] = [];
  const phases: string[] = [];
  const places: fc.Arbitrary<object>[] = [];
  const include = (as: string): void => {
    if (others.length === 0) return;
    const before = [...skills];
    places.push(fc.constantFrom(...others).chain((loop) => includeOf(loop, as, before)));
  };
  for (const phase of ['p', 'q']) {
    include(`${phase}-part`);
    const [one, two] = [`${phase}1`, `${phase}2`];
    const own = [skillOf(one, [...skills]), skillOf(two, [...skills, one])] as const;
    skills.push(one, two);
    phases.push(phase);
    const gate = gateOf(`${phase}-gate`, [...skills], [...phases]);
    places.push(fc.tuple(...own, gate).map(([a, b, g]) => ({ id: phase, skills: [a, b], gates: [g] })));
  }
  include('last');
  const checks = [{ name: 'own', run: `check ${id}` }];
  return fc.tuple(...places).map((all) => ({ loop: id, inputs: INPUTS, checks, phases: all }));
};

const inCondition = (condition: Condition | undefined): readonly Reference[] =>
  (condition?.any ?? [])
    .flat()
    .flatMap(({ left, right }) =>
      [left, right].flatMap((one) => ('reference' in one ? [one.reference] : [])),
    );
const inSkill = ({ brief, with: given, when, forEach }: Skill): readonly Reference[] => [
  ...(brief === undefined ? [] : referencesIn(brief)),
  ...Object.values(given).flatMap((one) => ('reference' in one ? [one.reference] : [])),
  ...inCondition(when),
  ...(forEach !== undefined && 'reference' in forEach.in ? [forEach.in.reference] : []),
];

/** Each id is there once, and what is named is there, before it is named. */
export function expectWhole({ phases, inputs, checks }: LoopDefinition): void {
  const skills = phases.flatMap((phase) => phase.skills);
  const gates = phases.flatMap((phase) => phase.gates);
  for (const all of [phases, skills, gates]) expectOnce(all.map(({ id }) => id));
  expectOnce(checks.map(({ name }) => name));
  const known = new Set(Object.keys(inputs).map((name) => `inputs.${name}`));
  const expectKnown = (references: readonly Reference[]): void => {
    for (const one of references) if (one.of !== 'item') expect(known).toContain(referenceText(one));
  };
  for (const [place, phase] of phases.entries()) {
    for (const skill of phase.skills) {
      expectKnown(inSkill(skill));
      for (const output of [...Object.keys(skill.returns), 'state']) known.add(`${skill.id}.${output}`);
    }
    const upTo = phases.slice(0, place + 1).map(({ id }) => id);
    for (const gate of phase.gates) {
      expectKnown([...inCondition(gate.when), ...(gate.kind === 'check' ? inCondition(gate.passesIf) : [])]);
      if (gate.onReject !== undefined) expect(upTo).toContain(gate.onReject.goTo);
    }
  }
}

const expectOnce = (ids: readonly string[]): void => expect(new Set(ids).size).toBe(ids.length);
