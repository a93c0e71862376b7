/**
 * Which tasks do the skills of an execution that has a branch of its own: those of agents and of commands, and the delivery. A task
 * is named by what it is for, so that what has begun is found again and what is done once more is another task. Pure.
 */
import { digestOf } from '../digest.ts';
import type { TaskId } from '../ids.ts';
import { branchOf } from '../ids.ts';
import { clip, LIMITS } from '../limits.ts';
import { variablesFor } from '../loops/command-variables.ts';
import type { Known } from '../loops/evaluate.ts';
import type { Skill } from '../loops/skill.ts';
import { typeText } from '../loops/value-types.ts';
import type { RunInput } from '../operation-schemas.ts';
import { unusualIn } from '../priority.ts';
import type { SkillTask } from '../skill-task.ts';
import type { AgentChoice, CheckDefinition } from '../task-spec.ts';
import { type Allowance, allowancesFor, problemWithBudget, within } from './budget-spent.ts';
import {
  findSkill,
  knownIn,
  type PhaseParts,
  phaseAt,
  type SkillParts,
  skillsOf,
} from './execution-parts.ts';
import type { Execution, ItemRecord } from './execution-record.ts';
import type { ExecutionSpec } from './execution-spec.ts';
import { withItem } from './filled-brief.ts';
import { isAtWork, isMergedByItems, itemToMerge } from './item-merges.ts';
import { namedChecks } from './looks.ts';
import { isMendedByPeople, mendingAgent, policyFor } from './skill-policy.ts';
import { fill, type GuideText, guidesFor, requirementOf } from './task-requirement.ts';

/** A run of the engine's as a workflow asks for it (`run-pin.ts`). */
export type SkillRun = Omit<RunInput, 'id'> & {
  readonly id: TaskId;
  readonly title: string;
  readonly skill: SkillTask;
  readonly guides?: readonly GuideText[];
};

/** One that is to be done, or under way. */
export interface WantedTask {
  readonly id: TaskId;
  readonly skill: string;
  readonly item?: string;
  /** It merges what another task has made. */
  readonly merges?: true;
  /** A delivery: its time is not that of work. */
  readonly waitsForPeople: boolean;
  /** What it is started with. @param allowance what it may spend of the loop's budget; without one all that is left */
  run(allowance?: Allowance): SkillRun;
}

/** Whether there are any, that is whether the engine does what is not `manual`. */
export const hasTasks = (spec: ExecutionSpec): boolean => spec.base !== undefined;

/** Those of the phase under way, in the order of the loop. What is under way and not among them is nobody's wish any more. */
export function tasksWanted(execution: Execution): readonly WantedTask[] {
  const parts = phaseAt(execution);
  if (parts.phase.status !== 'in-progress') return [];
  return skillsOf(parts)
    .filter(({ byEngine, skill }) => byEngine && skill.state === 'in-progress' && skill.report === undefined)
    .flatMap((one) => wantedOf(execution, parts, one));
}

function wantedOf(execution: Execution, parts: PhaseParts, one: SkillParts): readonly WantedTask[] {
  const { definition, skill } = one;
  if (skill.items === undefined) return [wanted(execution, parts, one)];
  const next = isMergedByItems(execution.spec, definition) ? itemToMerge(definition, skill) : undefined;
  return [
    ...skill.items.filter(isAtWork).map((item) => wanted(execution, parts, one, item)),
    ...(next === undefined ? [] : [wanted(execution, parts, one, next)]),
  ];
}

function wanted(execution: Execution, parts: PhaseParts, one: SkillParts, item?: ItemRecord): WantedTask {
  const id = idOf(execution, one, item);
  return {
    id,
    skill: one.skill.id,
    waitsForPeople: one.definition.by.kind === 'deliver',
    ...(item !== undefined && { item: item.item }),
    ...(item?.made !== undefined && { merges: true }),
    run: (allowance) => runOf(execution, parts, one, { id, item, allowance }),
  };
}

/** Whether it is under way, or was: a skill knows the last of its tasks. */
export function isBegun(execution: Execution, { id, skill, item }: WantedTask): boolean {
  const found = findSkill(execution, skill)?.skill;
  const one = item === undefined ? found : found?.items?.find((other) => other.item === item);
  return one?.task === id;
}

export interface DueTask {
  readonly task: WantedTask;
  readonly allowance?: Allowance;
}

/** Those that are to be begun, with what each may spend; none where the budget of the loop is spent, or allowed to others. */
export function tasksDue(execution: Execution, isBegun: (id: TaskId) => boolean): readonly DueTask[] {
  if (execution.record.status !== 'active' || problemWithBudget(execution) !== undefined) return [];
  const tasks = tasksWanted(execution).filter(({ id }) => !isBegun(id));
  if (execution.spec.sharesBudget !== true) return tasks.map((task) => ({ task }));
  // What merges or delivers costs nothing but for a conflict: nobody waits with it for what others may spend.
  const free = tasks.filter(({ merges, waitsForPeople }) => merges === true || waitsForPeople);
  const sharing = tasks.filter((task) => !free.includes(task));
  const allowances = allowancesFor(execution, sharing.length);
  return [
    ...free.map((task) => ({ task })),
    ...sharing.flatMap((task, at) => {
      const allowance = allowances[at];
      return allowance === undefined ? [] : [{ task, allowance }];
    }),
  ];
}

/** By everything that makes it another task: round, refusals, and how many of its agents have failed. */
function idOf({ spec: { id: execution } }: Execution, { skill }: SkillParts, item?: ItemRecord): TaskId {
  const { id, round, refusals } = skill;
  const { tries = 0 } = item ?? skill;
  const made = item?.made === undefined ? [] : [item.made];
  const suffix = digestOf([execution, id, item?.item ?? null, round, refusals, tries, ...made]).slice(-8);
  return `${word(execution.slice('x_'.length), 32)}-${word(id, 20)}-${suffix}` as TaskId; // made of such words
}

const word = (text: string, max: number): string => text.slice(0, max).replace(/-+$/, '');

/** Why it cannot even begin, in words; undefined where it can. Nobody is paid for half a brief. */
export function problemWithTask(
  execution: Execution,
  { definition, skill }: SkillParts,
  item?: string,
): string | undefined {
  const known = withItem(knownIn(execution), definition, item);
  const { by, brief, guides } = definition;
  if (by.kind === 'run') {
    const variables = variablesFor(definition, known);
    return variables.ok ? undefined : variables.problems.join('; ');
  }
  const agents = by.kind === 'agent' ? by.agents.slice(0, (skill.tries ?? 0) + 1) : [];
  const texts = [...(brief === undefined ? [] : [brief]), ...guides, ...agents];
  const missing = texts.flatMap((text) => {
    const filled = fill(text, known);
    return filled.ok ? [] : filled.missing;
  });
  return missing.length === 0 ? undefined : `there is no ${[...new Set(missing)].join(', ')}`;
}

interface RunOf {
  readonly id: TaskId;
  readonly item: ItemRecord | undefined;
  readonly allowance: Allowance | undefined;
}

function runOf(
  execution: Execution,
  parts: PhaseParts,
  { definition, skill }: SkillParts,
  { id, item, allowance }: RunOf,
): SkillRun {
  const { spec } = execution;
  const known = withItem(knownIn(execution), definition, item?.item);
  const work = workOf(spec, definition, item);
  const { tries = 0 } = item ?? skill;
  const agent = agentOf(execution, definition, known, tries);
  const returns = Object.entries(definition.returns).map(([name, type]) => [name, typeText(type)]);
  const variables = definition.by.kind === 'run' ? variablesFor(definition, known) : undefined;
  return {
    id,
    title: titleOf(spec, definition, item?.item),
    requirement: requirementOf(execution, parts, { definition, item: item?.item }),
    ...guidesFor(spec, definition, known),
    repository: spec.project,
    base: work === 'delivery' ? (spec.base ?? '') : branchOf(spec.id),
    ...(work !== 'delivery' && { forge: 'local' as const, checks: checksOf(spec, definition) }),
    ...(agent !== undefined && { agent }),
    ...unusualIn(spec.priority),
    policy: within(
      execution,
      policyFor(execution, definition, { hasNext: hasNextAgent(definition, tries) }),
      allowance,
    ),
    skill: {
      ...{ execution: spec.id, skill: skill.id, work },
      ...(item?.made !== undefined && { from: item.made }),
      ...(work !== 'delivery' && { trunk: { branch: spec.base ?? '', commit: spec.baseCommit } }),
      ...(item !== undefined && { item: item.item }),
      ...(isMendedByPeople(execution, definition) && { mendedByPeople: true }),
      ...(returns.length > 0 && item?.made === undefined && { returns: Object.fromEntries(returns) }),
      ...(isDeclaredOnly(definition) && { declaredOnly: true }),
      ...(variables?.ok === true && { variables: variables.variables }),
    },
  };
}

/** A command is no agent: nobody sets it up but the repository. */
const isDeclaredOnly = ({ by, settings }: Skill): boolean => by.kind !== 'run' && settings !== 'own';

function workOf(spec: ExecutionSpec, skill: Skill, item?: ItemRecord): SkillTask['work'] {
  if (skill.by.kind === 'deliver') return 'delivery';
  if (skill.writes === 'none') return 'none';
  return isMergedByItems(spec, skill) && item?.made === undefined ? 'kept' : 'branch';
}

/** Those that it is repeated for, by the engine's attempts; a skill that is done once is judged by the gates after it. */
const checksOf = ({ checks }: ExecutionSpec, { repeat }: Skill): CheckDefinition[] => [
  ...namedChecks(checks, repeat?.until.checks),
];

/** Whether another agent stands by where this one fails. */
export const hasNextAgent = ({ by }: Skill, tries: number): boolean =>
  by.kind === 'agent' && tries + 1 < by.agents.length;

function agentOf(execution: Execution, { by }: Skill, known: Known, tries: number): AgentChoice | undefined {
  switch (by.kind) {
    case 'run':
      return { name: 'command', command: [...by.command] };
    case 'agent': {
      const name = by.agents[Math.min(tries, by.agents.length - 1)];
      const filled = name === undefined ? undefined : fill(name, known);
      return filled?.ok === true ? { name: filled.text } : undefined;
    }
    case 'deliver':
      return mendingAgent(execution);
    case 'manual':
      return undefined;
    default:
      return by satisfies never;
  }
}

const titleOf = ({ title }: ExecutionSpec, { id, title: own }: Skill, item: string | undefined): string =>
  clip(`${own ?? id}${item === undefined ? '' : ` (${item})`}: ${title}`, LIMITS.titleShownCharsMax);

/** All programs that its runs may bring, as a run of each would bring them. @see `programDigestsIn` */
export const programsOf = (spec: ExecutionSpec): readonly Pick<RunInput, 'agent' | 'checks'>[] =>
  spec.loop.phases.flatMap(({ skills }) =>
    skills.map((definition) => ({
      ...(definition.by.kind === 'run' && {
        agent: { name: 'command', command: [...definition.by.command] },
      }),
      ...(definition.by.kind !== 'deliver' && { checks: checksOf(spec, definition) }),
    })),
  );
