/** What a loop would do with these inputs, without doing any of it: the same for `show` and for a dry run. Pure. */
import { commandText } from '../command-line.ts';
import { LIMITS } from '../limits.ts';
import type { Brief } from './brief-template.ts';
import type { Budget } from './budget.ts';
import type { LoopDefinition, Phase } from './definition.ts';
import { agentNamesOf, guideNamesOf } from './fanned-names.ts';
import type { Given } from './given.ts';
import { guaranteeText } from './guarantee-text.ts';
import type { Guarantee } from './guarantees.ts';
import { inputsFor } from './inputs.ts';
import type { LoopGate } from './loop-gate.ts';
import type { LoopPlan, PlannedGate, PlannedSkill } from './loop-plan.ts';
import type { CheckNames } from './loop-words.ts';
import { operandText, referenceText } from './references.ts';
import type { ForEach, Skill } from './skill.ts';
import { spanText } from './spans.ts';
import { typeText, type Value } from './value-types.ts';

type Values = Readonly<Record<string, Value>>;

/** @param given values of inputs; what is wrong with them is among the plan's `problems` */
export function planOf(loop: LoopDefinition, given: Readonly<Record<string, unknown>> = {}): LoopPlan {
  const { values, problems } = inputsFor(loop, given);
  const passes = loop.phases.map((_, index) => passesOf(loop.phases, index));
  const phases = loop.phases.map(({ id, title, required, skills, gates }, index) => ({
    ...{ id, required, ...titled(title) },
    skills: skills.map((skill) => plannedSkill(skill, values, passes[index] ?? 1)),
    gates: gates.map(plannedGate),
  }));
  const runs = phases.flatMap(({ skills }) => skills).filter(({ by }) => by === 'agent');
  const asked = loop.phases.flatMap(({ gates }, index) =>
    gates.map((gate) => (gate.kind === 'approval' ? gate.by.count * (passes[index] ?? 1) : 0)),
  );
  return {
    loop: loop.loop,
    ...titled(loop.title),
    ...(loop.description !== undefined && { description: loop.description }),
    inputs: Object.entries(loop.inputs).map(([name, { type, required, description }]) => ({
      ...{ name, type: typeText(type), required },
      ...(description !== undefined && { description }),
      ...(values[name] !== undefined && { value: values[name] }),
    })),
    problems: [...problems],
    ...(loop.budget !== undefined && { budget: budgetText(loop.budget) }),
    phases,
    agentRunsMost: Math.min(
      sum(runs.map(({ runsMost }) => runsMost)),
      loop.budget?.attempts ?? Number.MAX_SAFE_INTEGER,
    ),
    approvalsMost: sum(asked),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
const titled = (title: string | undefined) => (title === undefined ? {} : { title });

/** How often a phase is gone through at most: once, and once more for each way back to it or past it. */
function passesOf(phases: readonly Phase[], index: number): number {
  const places = phases.map(({ id }) => id);
  const back = phases.slice(index).flatMap(({ gates }) => gates.flatMap(({ onReject }) => onReject ?? []));
  return 1 + sum(back.filter(({ goTo }) => places.indexOf(goTo) <= index).map(({ most }) => most));
}

function plannedSkill(skill: Skill, values: Values, passes: number): PlannedSkill {
  const { by, brief, settings, when, timeout, repeat, forEach, budget } = skill;
  return {
    ...{ id: skill.id, by: by.kind, ...titled(skill.title) },
    ...(by.kind === 'agent' && { agents: [...agentNamesOf(skill)] }),
    ...(settings !== undefined && { settings }),
    ...(by.kind === 'run' && { command: commandText(by.command) }),
    ...(brief !== undefined && { brief: previewOf(brief, values) }),
    guides: [...guideNamesOf(skill)],
    with: mapped(skill.with, givenText),
    returns: mapped(skill.returns, typeText),
    guarantees: skill.guarantees.map(plannedGuarantee),
    writes: by.kind !== 'deliver' && skill.writes === 'workspace',
    ...(when !== undefined && { when: when.text }),
    ...(timeout !== undefined && { timeout: timeoutText(timeout) }),
    ...(repeat !== undefined && { repeat: { most: repeat.most, checks: namesOf(repeat.until.checks) } }),
    ...(forEach !== undefined && { forEach: forEachText(forEach) }),
    ...(budget !== undefined && { budget: budgetText(budget) }),
    runsMost: runsOf(skill, passes),
  };
}

function runsOf({ by, repeat, forEach, budget }: Skill, passes: number): number {
  if (by.kind === 'deliver') return 1;
  const agents = by.kind === 'agent' ? by.agents.length : 1;
  const runs = passes * agents * (repeat?.most ?? 1) * itemsMost(forEach);
  return Math.min(runs, budget?.attempts ?? Number.MAX_SAFE_INTEGER);
}

const itemsMost = (forEach: ForEach | undefined): number => {
  if (forEach === undefined) return 1;
  return 'list' in forEach.in ? forEach.in.list.length : LIMITS.forEachItemsMax;
};

const plannedGate = (gate: LoopGate): PlannedGate => ({
  ...{ id: gate.id, kind: gate.kind, required: gate.required, ...titled(gate.title) },
  ...(gate.when !== undefined && { when: gate.when.text }),
  guarantees: gate.guarantees.map(plannedGuarantee),
  ...(gate.onReject !== undefined && { onReject: { ...gate.onReject } }),
  ...(gate.kind === 'check'
    ? {
        ...(gate.checks !== undefined && { checks: namesOf(gate.checks) }),
        ...(gate.passesIf !== undefined && { passesIf: gate.passesIf.text }),
      }
    : { by: { ...gate.by }, ...(gate.expires !== undefined && { expires: spanText(gate.expires) }) }),
});

const plannedGuarantee = (guarantee: Guarantee) => ({
  id: guarantee.id,
  required: guarantee.required,
  text: guaranteeText(guarantee),
});

/** What is known is filled in; a value is not looked at for `{{` again. */
const previewOf = ({ parts }: Brief, values: Values): string =>
  parts.map((part) => ('text' in part ? part.text : previewed(part.fill, values))).join('');

function previewed(fill: Given, values: Values): string {
  if ('literal' in fill) return valueText(fill.literal);
  const { reference } = fill;
  const value = reference.of === 'inputs' ? values[reference.name] : undefined;
  return value === undefined ? `{{ ${referenceText(reference)} }}` : valueText(value);
}

const valueText = (value: Value): string => (typeof value === 'object' ? value.join(', ') : String(value));

const givenText = (given: Given): string => {
  if ('reference' in given) return referenceText(given.reference);
  const { literal } = given;
  return typeof literal === 'object' ? JSON.stringify(literal) : operandText({ literal });
};

const namesOf = (checks: CheckNames): string[] => (checks === 'all' ? ['all'] : [...checks]);

const forEachText = ({ in: items, as, atMost, join }: ForEach): NonNullable<PlannedSkill['forEach']> => ({
  ...{ as, atMost, join },
  in: 'list' in items ? [...items.list] : referenceText(items.reference),
});

const timeoutText = ({ idle, total, then: outcome }: NonNullable<Skill['timeout']>) => ({
  outcome,
  ...(idle !== undefined && { idle: spanText(idle) }),
  ...(total !== undefined && { total: spanText(total) }),
});

const budgetText = ({ usd, wall, attempts }: Budget): NonNullable<LoopPlan['budget']> => ({
  ...(usd !== undefined && { usd }),
  ...(wall !== undefined && { wall: spanText(wall) }),
  ...(attempts !== undefined && { attempts }),
});

const mapped = <V>(record: Readonly<Record<string, V>>, text: (value: V) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, text(value)]));
