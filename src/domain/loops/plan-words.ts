/** What a plan of a loop says of inputs, bounds and judges, in words that the command line and the live page share. Pure. */
import { counted } from '../counted.ts';
import type { LoopPlan, PlannedGate, PlannedSkill } from './loop-plan.ts';
import type { Value } from './value-types.ts';

/** With what it would be begun. */
export interface Given {
  /** Those that are given by name; of the others the default counts. */
  readonly inputs: Readonly<Record<string, Value>>;
  readonly priority?: string | undefined;
}

/** @param given absent where nothing is about to be begun */
export function inputText(input: LoopPlan['inputs'][number], given?: Given): string {
  const { name, type, required, description } = input;
  const about = description === undefined ? '' : ` (${description})`;
  return `${name}: ${type}${required ? ', required' : ''}${saidOf(input, given)}${about}`;
}

function saidOf({ name, required, value }: LoopPlan['inputs'][number], given: Given | undefined): string {
  const said = given !== undefined && Object.hasOwn(given.inputs, name) ? given.inputs[name] : undefined;
  if (said !== undefined) return `, given ${JSON.stringify(said)}`;
  if (value !== undefined) return `, default ${JSON.stringify(value)}`;
  return required && given !== undefined ? ', still to be given' : '';
}

/** What it can come to at most, but for its cost. */
export function workBounds({ budget, agentRunsMost, approvalsMost, phases }: LoopPlan): readonly string[] {
  const delivers = phases.some(({ skills }) => skills.some(({ by }) => by === 'deliver'));
  const atGates = approvalsMost === 0 ? 'no approval' : counted(approvalsMost, 'approval');
  return [
    ...(budget?.wall === undefined ? [] : [`${budget.wall} by the clock`]),
    agentRunsMost === 0 ? 'no run of an agent' : counted(agentRunsMost, 'run of an agent', 'runs of agents'),
    ...(approvalsMost === 0 && delivers ? [] : [atGates]),
    ...(delivers ? ['the approval of the delivery'] : []),
  ];
}

export const repeatText = ({ most, checks }: NonNullable<PlannedSkill['repeat']>): string =>
  `at most ${counted(most, 'round')}, until checks pass: ${checks.join(', ')}`;

export const guaranteeLine = ({ text, required }: PlannedSkill['guarantees'][number]): string =>
  `guarantees ${text}${required ? '' : ' (not required)'}`;

/** Who judges at a gate, by what, and what follows. Some may be empty. */
export function gateTexts(gate: PlannedGate): readonly string[] {
  const { required, when, checks, passesIf, guarantees, by, expires, onReject } = gate;
  const people =
    by === undefined ? '' : `approval by ${by.count}${by.not === undefined ? '' : `, not the ${by.not}`}`;
  return [
    `${people === '' ? 'check by the engine' : people}${required ? '' : ' (not required)'}`,
    when === undefined ? '' : `when ${when}`,
    checks === undefined ? '' : `checks pass: ${checks.join(', ')}`,
    passesIf === undefined ? '' : `passes if ${passesIf}`,
    ...guarantees.map(guaranteeLine),
    onReject === undefined
      ? ''
      : `refused: back to ${onReject.goTo}, at most ${counted(onReject.most, 'time')}`,
    expires === undefined ? '' : `expires after ${expires}`,
  ];
}

export interface Judge {
  readonly id: string;
  /** What it goes by; the first part first. */
  readonly by: readonly string[];
}

/** What judges the work of a loop, in the order in which it comes to it: skills that are held to something, and gates. */
export const judgesOf = ({ phases }: LoopPlan): readonly Judge[] =>
  phases.flatMap(({ skills, gates }) => [
    ...skills.flatMap(({ id, by, repeat, guarantees }) => {
      const texts = [
        ...(repeat === undefined ? [] : [repeatText(repeat)]),
        ...guarantees.map(guaranteeLine),
        ...(by === 'deliver' ? [DELIVERY] : []),
      ];
      return texts.length === 0 ? [] : [{ id, by: texts }];
    }),
    ...gates.map((gate) => ({ id: gate.id, by: gateTexts(gate).filter((text) => text !== '') })),
  ]);

export const DELIVERY = 'pull request, approval and merge';
