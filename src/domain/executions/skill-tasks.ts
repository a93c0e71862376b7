/**
 * Which tasks do the skills of an execution that has a branch of its own: those of agents and of commands, and the delivery. A task
 * is named by what it is for, so that what has begun is found again and what is done once more is another task. Pure.
 */
import { digestOf } from '../digest.ts';
import type { TaskId } from '../ids.ts';
import { branchOf } from '../ids.ts';
import { clip, LIMITS } from '../limits.ts';
import { type Filled, fillBrief } from '../loops/brief-template.ts';
import { variablesFor } from '../loops/command-variables.ts';
import { type Known, valueFor } from '../loops/evaluate.ts';
import { returnsText } from '../loops/returned.ts';
import type { Skill } from '../loops/skill.ts';
import { typeText } from '../loops/value-types.ts';
import type { RunInput } from '../operation-schemas.ts';
import type { SkillTask } from '../skill-task.ts';
import type { AgentChoice, CheckDefinition } from '../task-spec.ts';
import { problemWithBudget, within } from './budget-spent.ts';
import {
  findSkill,
  knownIn,
  type PhaseParts,
  phaseAt,
  type SkillParts,
  skillsOf,
} from './execution-parts.ts';
import type { Execution, ExecutionSpec, ItemRecord } from './execution-record.ts';
import { filledBrief } from './filled-brief.ts';
import { namedChecks } from './looks.ts';
import { deliveryAgent, policyFor } from './skill-policy.ts';

/** A run of the engine's as a workflow asks for it (`run-pin.ts`). */
export type SkillRun = Omit<RunInput, 'id'> & {
  readonly id: TaskId;
  readonly title: string;
  readonly skill: SkillTask;
};

/** One that is to be done, or under way. */
export interface WantedTask {
  readonly id: TaskId;
  readonly skill: string;
  readonly item?: string;
  /** A delivery: its time is not that of work. */
  readonly waitsForPeople: boolean;
  /** What it is started with. */
  run(): SkillRun;
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
  if (one.skill.items === undefined) return [wanted(execution, parts, one)];
  return one.skill.items
    .filter(({ state }) => state === 'in-progress')
    .map((item) => wanted(execution, parts, one, item));
}

function wanted(execution: Execution, parts: PhaseParts, one: SkillParts, item?: ItemRecord): WantedTask {
  const id = idOf(execution, one, item);
  return {
    id,
    skill: one.skill.id,
    waitsForPeople: one.definition.by.kind === 'deliver',
    ...(item !== undefined && { item: item.item }),
    run: () => runOf(execution, parts, one, { id, item }),
  };
}

/** Whether it is under way, or was: a skill knows the last of its tasks. */
export function isBegun(execution: Execution, { id, skill, item }: WantedTask): boolean {
  const found = findSkill(execution, skill)?.skill;
  const one = item === undefined ? found : found?.items?.find((other) => other.item === item);
  return one?.task === id;
}

/** Those that are to be begun; none where the budget of the loop is spent. */
export function tasksDue(execution: Execution, isBegun: (id: TaskId) => boolean): readonly WantedTask[] {
  if (execution.record.status !== 'active' || problemWithBudget(execution) !== undefined) return [];
  return tasksWanted(execution).filter(({ id }) => !isBegun(id));
}

/** By everything that makes it another task: round, refusals, and how many of its agents have failed. */
function idOf({ spec: { id: execution } }: Execution, { skill }: SkillParts, item?: ItemRecord): TaskId {
  const { id, round, refusals } = skill;
  const { tries = 0 } = item ?? skill;
  const suffix = digestOf([execution, id, item?.item ?? null, round, refusals, tries]).slice(-8);
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

const fill = (text: Parameters<typeof fillBrief>[0], known: Known): Filled =>
  fillBrief(text, (reference) => valueFor(reference, known));

const withItem = (known: Known, { forEach }: Skill, item: string | undefined): Known =>
  item === undefined || forEach === undefined ? known : { ...known, item: { name: forEach.as, value: item } };

function runOf(
  execution: Execution,
  parts: PhaseParts,
  { definition, skill }: SkillParts,
  { id, item }: { readonly id: TaskId; readonly item: ItemRecord | undefined },
): SkillRun {
  const { spec } = execution;
  const known = withItem(knownIn(execution), definition, item?.item);
  const work = workOf(definition);
  const { tries = 0 } = item ?? skill;
  const agent = agentOf(spec, definition, known, tries);
  const returns = Object.entries(definition.returns).map(([name, type]) => [name, typeText(type)]);
  const variables = definition.by.kind === 'run' ? variablesFor(definition, known) : undefined;
  return {
    id,
    title: titleOf(spec, definition, item?.item),
    requirement: clip(
      requirementOf(execution, parts, { definition, item: item?.item }),
      LIMITS.messageCharsMax,
    ),
    repository: spec.project,
    base: work === 'delivery' ? (spec.base ?? '') : branchOf(spec.id),
    ...(work !== 'delivery' && { forge: 'local' as const, checks: checksOf(spec, definition) }),
    ...(agent !== undefined && { agent }),
    policy: within(execution, policyFor(spec, definition, { hasNext: hasNextAgent(definition, tries) })),
    skill: {
      ...{ execution: spec.id, skill: skill.id, work },
      ...(item !== undefined && { item: item.item }),
      ...(returns.length > 0 && { returns: Object.fromEntries(returns) }),
      ...(variables?.ok === true && { variables: variables.variables }),
    },
  };
}

const workOf = ({ by, writes }: Skill): SkillTask['work'] => {
  if (by.kind === 'deliver') return 'delivery';
  return writes === 'none' ? 'none' : 'branch';
};

/** Those that it is repeated for, by the engine's attempts; a skill that is done once is judged by the gates after it. */
const checksOf = ({ checks }: ExecutionSpec, { repeat }: Skill): CheckDefinition[] => [
  ...namedChecks(checks, repeat?.until.checks),
];

/** Whether another agent stands by where this one fails. */
export const hasNextAgent = ({ by }: Skill, tries: number): boolean =>
  by.kind === 'agent' && tries + 1 < by.agents.length;

function agentOf(spec: ExecutionSpec, { by }: Skill, known: Known, tries: number): AgentChoice | undefined {
  switch (by.kind) {
    case 'run':
      return { name: 'command', command: [...by.command] };
    case 'agent': {
      const name = by.agents[Math.min(tries, by.agents.length - 1)];
      const filled = name === undefined ? undefined : fill(name, known);
      return filled?.ok === true ? { name: filled.text } : undefined;
    }
    case 'deliver':
      return deliveryAgent(spec);
    case 'manual':
      return undefined;
    default:
      return by satisfies never;
  }
}

const titleOf = ({ title }: ExecutionSpec, { id, title: own }: Skill, item: string | undefined): string =>
  clip(`${own ?? id}${item === undefined ? '' : ` (${item})`}: ${title}`, LIMITS.titleShownCharsMax);

function requirementOf(
  execution: Execution,
  parts: PhaseParts,
  { definition, item }: { readonly definition: Skill; readonly item: string | undefined },
): string {
  const { feedback } = parts.phase.skills.find(({ id }) => id === definition.id) ?? {};
  const said = [
    filledBrief(execution, parts, definition, item),
    ...definition.guides.map((guide) =>
      guideText(execution.spec, guide, withItem(knownIn(execution), definition, item)),
    ),
    ...(feedback === undefined ? [] : [`It was done before, and did not count: ${feedback}`]),
    ...(workOf(definition) === 'none' ? [NONE_STAYS] : []),
    returnsText(definition.returns),
  ];
  return said.filter((text) => text !== '').join('\n\n');
}

const NONE_STAYS =
  'Nothing that you change stays: the directory is thrown away, and only what you say in the end counts.';

function guideText({ guides = {} }: ExecutionSpec, guide: Skill['guides'][number], known: Known): string {
  const filled = fill(guide, known);
  if (!filled.ok) return '';
  const folder = Object.hasOwn(guides, filled.text) ? guides[filled.text] : undefined;
  const file = folder === undefined ? 'its SKILL.md' : `${folder}/SKILL.md`;
  return `Follow the guide ${filled.text}: read ${file} first.`;
}

/** All programs that its runs may bring, as a run of each would bring them. @see `programDigestsIn` */
export const programsOf = (spec: ExecutionSpec): readonly Pick<RunInput, 'agent' | 'checks'>[] =>
  spec.loop.phases.flatMap(({ skills }) =>
    skills.map((definition) => ({
      ...(definition.by.kind === 'run' && {
        agent: { name: 'command', command: [...definition.by.command] },
      }),
      ...(workOf(definition) !== 'delivery' && { checks: checksOf(spec, definition) }),
    })),
  );
