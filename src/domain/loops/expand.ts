/**
 * What a loop is once the phases of others stand where it includes them: an ordinary definition, in which each id is there
 * once and each reference means what it meant in the loop that it was written in. Pure.
 */
import type { CheckDefinition } from '../task-spec.ts';
import type { Brief } from './brief-template.ts';
import { bothOf, type Condition, conditionOf } from './condition.ts';
import type { LoopDefinition, Phase, UnexpandedLoop } from './definition.ts';
import type { Given } from './given.ts';
import { type Include, nameWithin } from './include.ts';
import type { LoopGate } from './loop-gate.ts';
import type { CheckNames } from './loop-words.ts';
import type { Operand, Reference } from './references.ts';
import type { ForEach, Skill } from './skill.ts';

type Included = Pick<LoopDefinition, 'phases' | 'checks'>;

/** A loop that includes none is as it was. @param loops by id, expanded themselves; one that is not there has no phases */
export function expandLoop(loop: UnexpandedLoop, loops: ReadonlyMap<string, LoopDefinition>): LoopDefinition {
  const parts = loop.phases.map((one): Included => {
    if (!('include' in one)) return { phases: [one], checks: [] };
    const found = loops.get(one.include);
    return found === undefined ? { phases: [], checks: [] } : includedParts(one, found);
  });
  return {
    ...loop,
    phases: parts.flatMap(({ phases }) => phases),
    checks: [...loop.checks, ...parts.flatMap(({ checks }) => checks)],
  };
}

/** How what is written in an included loop is said in the one around it. */
interface Names {
  readonly id: (id: string) => string;
  readonly value: (reference: Reference) => Given;
  readonly checks: (names: CheckNames) => CheckNames;
  /** Of every input that has a value. */
  readonly inputs: Readonly<Record<string, Given>>;
  readonly when: Condition | undefined;
}

/** The phases that an include stands for, and the checks that its loop brings. What else that loop says is about it alone. */
export function includedParts(
  { as, with: given, when }: Include,
  { inputs: declared, phases, checks }: LoopDefinition,
): Included {
  const id = (inner: string): string => nameWithin(as, inner);
  const inputs = Object.fromEntries(
    Object.entries(declared).flatMap(([name, { default: fallback }]): [string, Given][] => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (value !== undefined) return [[name, value]];
      return fallback === undefined ? [] : [[name, { literal: fallback }]];
    }),
  );
  const own = checks.map(({ name }) => name);
  const names: Names = {
    id,
    inputs,
    when,
    value: (reference) => meant(reference, { id, inputs }),
    checks: (named) =>
      named === 'all' ? named : named.map((name) => (own.includes(name) ? id(name) : name)),
  };
  return {
    phases: phases.map(
      (phase): Phase => ({
        ...phase,
        id: id(phase.id),
        skills: phase.skills.map((skill) => skillWithin(skill, names)),
        gates: phase.gates.map((gate) => gateWithin(gate, names)),
      }),
    ),
    checks: checks.map((check): CheckDefinition => ({ ...check, name: id(check.name) })),
  };
}

function meant(reference: Reference, { id, inputs }: Pick<Names, 'id' | 'inputs'>): Given {
  if (reference.of === 'skill') return { reference: { ...reference, skill: id(reference.skill) } };
  const given =
    reference.of === 'inputs' && Object.hasOwn(inputs, reference.name) ? inputs[reference.name] : undefined;
  return given ?? { reference };
}

function skillWithin(skill: Skill, names: Names): Skill {
  const { by, repeat, forEach } = skill;
  const { when: _, brief: __, ...rest } = skill;
  const brief = briefWithin(skill, names);
  const when = whenWithin(skill.when, names);
  return {
    ...rest,
    id: names.id(skill.id),
    with: {
      ...(by.kind === 'run' && variablesOf(names.inputs, forEach)),
      ...Object.fromEntries(
        Object.entries(skill.with).map(([name, given]) => [name, givenWithin(given, names)]),
      ),
    },
    ...(brief !== undefined && { brief }),
    ...(when !== undefined && { when }),
    ...(repeat !== undefined && {
      repeat: { ...repeat, until: { checks: names.checks(repeat.until.checks) } },
    }),
    ...(forEach !== undefined && { forEach: { ...forEach, in: itemsWithin(forEach.in, names) } }),
  };
}

/** A command gets each input of its loop as a variable, but for one that is called as its item. */
const variablesOf = (inputs: Names['inputs'], forEach: ForEach | undefined): Names['inputs'] =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== forEach?.as));

/** Who has no brief is told the title and the inputs: here those of the included loop. */
function briefWithin({ by, brief, title, id }: Skill, { inputs, value }: Names): Brief | undefined {
  if (brief !== undefined)
    return {
      parts: brief.parts.map((part) =>
        'fill' in part && 'reference' in part.fill ? { fill: value(part.fill.reference) } : part,
      ),
    };
  if (by.kind !== 'agent' && by.kind !== 'manual') return undefined;
  const told = Object.entries(inputs).flatMap(([name, fill]) => [{ text: `\n${name}: ` }, { fill }]);
  return { parts: [{ text: `${title ?? id}.` }, ...told] };
}

const givenWithin = (given: Given, { value }: Names): Given =>
  'reference' in given ? value(given.reference) : given;

function itemsWithin(items: ForEach['in'], { value }: Names): ForEach['in'] {
  if ('list' in items) return items;
  const given = value(items.reference);
  if ('reference' in given) return given;
  return typeof given.literal === 'object' ? { list: given.literal } : items;
}

function whenWithin(own: Condition | undefined, names: Names): Condition | undefined {
  const inner = own === undefined ? undefined : conditionWithin(own, names);
  return inner === undefined || names.when === undefined ? (inner ?? names.when) : bothOf(names.when, inner);
}

const conditionWithin = ({ any }: Condition, names: Names): Condition =>
  conditionOf(
    any.map((all) =>
      all.map(({ left, is, right }) => ({
        left: operandWithin(left, names),
        is,
        right: operandWithin(right, names),
      })),
    ),
  );

/** A list is compared nowhere, so no input that is one stands here. */
function operandWithin(operand: Operand, { value }: Names): Operand {
  if (!('reference' in operand)) return operand;
  const { reference } = operand;
  const given = value(reference);
  if ('reference' in given) return given;
  const { literal } = given;
  if (typeof literal === 'object') return operand;
  return { literal, ...(reference.of === 'inputs' && { input: reference.name }) };
}

function gateWithin(gate: LoopGate, names: Names): LoopGate {
  const { onReject } = gate;
  const { when: _, ...rest } = gate;
  const when = whenWithin(gate.when, names);
  const common = {
    ...(when !== undefined && { when }),
    ...(onReject !== undefined && { onReject: { ...onReject, goTo: names.id(onReject.goTo) } }),
  };
  if (rest.kind === 'approval') return { ...rest, ...common, id: names.id(gate.id) };
  const { checks, passesIf } = rest;
  return {
    ...rest,
    ...common,
    id: names.id(gate.id),
    ...(checks !== undefined && { checks: names.checks(checks) }),
    ...(passesIf !== undefined && { passesIf: conditionWithin(passesIf, names) }),
  };
}
