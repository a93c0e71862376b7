/** An execution for people: what it is, how it stands, phases with their skills and gates, and what is to do next. Pure. */

import { counted } from '../../domain/counted.ts';
import type { ExecutionRow } from '../../domain/executions/execution-rows.ts';
import {
  type ExecutionState,
  type GateView,
  isOver,
  type SkillView,
} from '../../domain/executions/execution-state.ts';
import { clip } from '../../domain/limits.ts';
import { spanText } from '../../domain/loops/spans.ts';
import { type Value, valueText } from '../../domain/loops/value-types.ts';
import { nextLines } from './execution-next.ts';
import { seconds } from './story.ts';
import { safeLine } from './telling.ts';

const MARKS: Readonly<Record<string, string>> = {
  pending: '·',
  'in-progress': '●',
  looking: '●',
  completed: '✔',
  approved: '✔',
  skipped: '–',
  none: '–',
  open: '?',
  failed: '✖',
  rejected: '✖',
};

export interface TextOptions {
  /** For how long what is under way has taken. */
  readonly nowMs: number;
  /** How long a line of what a skill was given or has made may be. */
  readonly width: number;
}

export function executionText(state: ExecutionState, { nowMs, width }: TextOptions): string {
  const { id, title, status, loop, project, branch, spent, requester, blockedBy, why, phases, notes } = state;
  const { inputs, priority, endedAt } = state;
  const untilMs = endedAt === undefined ? nowMs : Date.parse(endedAt);
  const shown: Shown = { untilMs, width, isLeft: isOver(status) };
  return [
    `${id}  ${safeLine(title)}`,
    detail('status', why === undefined ? status : `${status}: ${why}`),
    ...(blockedBy === undefined ? [] : [detail('blocked', blockedBy)]),
    detail('loop', `${loop} in ${project}, asked for by ${requester}`),
    ...valueTexts(inputs).map((one, index) => clip(detail(index === 0 ? 'inputs' : '', one), width)),
    ...(branch === undefined ? [] : [detail('branch', branch)]),
    ...(priority === undefined ? [] : [detail('priority', priority)]),
    ...(spent === undefined ? [] : [detail('spent', spentText(spent))]),
    ...notes.map((note, index) => detail(index === 0 ? 'notes' : '', note)),
    ...phases.flatMap((phase) => ['', ...phaseLines(phase, shown)]),
    ...nextLines(state),
  ].join('\n');
}

/** What a person decides on at a gate: what its phase has come to, and what the engine saw. */
export const gateText = (
  { phases, status }: ExecutionState,
  { afterPhase }: GateView,
  { nowMs, width }: TextOptions,
): string =>
  phases
    .filter(({ id }) => id === afterPhase)
    .flatMap((phase) => phaseLines(phase, { untilMs: nowMs, width, isLeft: isOver(status) }))
    .join('\n');

const phaseLines = (
  { id, status, skills, gates }: ExecutionState['phases'][number],
  shown: Shown,
): string[] => [
  `${id}  ${standing(status, shown)}`,
  ...skills.flatMap((skill) => skillLines(skill, shown)),
  ...gates.flatMap((gate) => gateLines(gate, shown)),
];

interface Shown {
  readonly untilMs: number;
  readonly width: number;
  /** The execution is over, and what was under way or waited was left so. */
  readonly isLeft: boolean;
}

const UNDER_WAY: readonly string[] = ['in-progress', 'looking', 'open'];
const standing = (status: string, { isLeft }: Shown): string =>
  isLeft && UNDER_WAY.includes(status) ? `left ${status}` : status;
const markOf = (status: string, { isLeft }: Shown): string =>
  isLeft && UNDER_WAY.includes(status) ? '–' : (MARKS[status] ?? status);

/** One line each. */
const valueTexts = (values: Readonly<Record<string, Value>> = {}): string[] =>
  Object.entries(values).map(([name, value]) => `${name}: ${valueText(value)}`);

function spentText({ attempts, attemptsMax, usd, usdMax, workedMs, wallMsMax }: Spent): string {
  const of = (max: number | undefined, text: (value: number) => string) =>
    max === undefined ? '' : ` of ${text(max)}`;
  return [
    attemptsMax === undefined
      ? counted(attempts, 'attempt')
      : `${attempts} of ${counted(attemptsMax, 'attempt')}`,
    `${usd}${of(usdMax, String)} USD`,
    `${spanText(Math.round(workedMs / 1_000) * 1_000)}${of(wallMsMax, spanText)} of work`,
  ].join(', ');
}
type Spent = NonNullable<ExecutionState['spent']>;

const detail = (label: string, text: string): string => `  ${label.padEnd(8)} ${safeLine(text)}`;

const line = (mark: string, id: string, text: string): string =>
  `  ${mark} ${id.padEnd(20)} ${safeLine(text)}`.trimEnd();
const under = (text: string): string => `${' '.repeat(25)}${safeLine(text)}`;

function skillLines(skill: SkillView, shown: Shown): string[] {
  const { id, state, round, by, why, items, guarantees, evidence, isRefused } = skill;
  const words = [
    skillStanding(skill, shown),
    // Nobody is at work on what was reported and did not count.
    ...(isRefused === true ? [] : timeOf(skill, shown)),
    ...(round > 1 ? [`round ${round}`] : []),
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(why === undefined ? [] : [why]),
  ];
  return [
    line(markOf(state, shown), id, words.join(', ')),
    ...taskWords(skill).map(under),
    ...madeLines(skill, shown),
    ...(items ?? []).flatMap((one) => [under(itemText(one, shown)), ...madeLines(one, shown)]),
    ...seenLines(guarantees, evidence),
  ];
}

function skillStanding({ state, isLookedAt, isRefused }: SkillView, shown: Shown): string {
  if (isLookedAt === true && !shown.isLeft) return 'the engine looks';
  return isRefused === true ? 'reported, and did not count' : standing(state, shown);
}

/** What a person decides on at a gate. */
const madeLines = ({ state, summary, outputs }: Made, { width }: Shown): string[] =>
  state === 'completed'
    ? [...(summary === undefined ? [] : [summary]), ...valueTexts(outputs)].map((one) =>
        clip(under(one), width),
      )
    : [];
type Made = Pick<SkillView, 'state' | 'summary' | 'outputs'>;

type Part = Pick<SkillView, 'state' | 'task' | 'taskStatus' | 'waitingFor' | 'startedAt' | 'endedAt'>;

const itemText = (item: Item, shown: Shown): string =>
  [
    `${markOf(item.state, shown)} ${item.item}: ${standing(item.state, shown)}`,
    ...timeOf(item, shown),
    ...taskWords(item),
  ].join(', ');
type Item = NonNullable<SkillView['items']>[number];

const taskWords = ({ task, taskStatus, waitingFor }: Part): readonly string[] =>
  task === undefined
    ? []
    : [
        `task ${task}${taskStatus === undefined ? '' : ` ${taskStatus}`}${waitingFor === undefined ? '' : `: ${waitingFor}`}`,
      ];

/** How long it took, or has taken by now. */
const timeOf = ({ state, startedAt, endedAt }: Part, { untilMs }: Shown): readonly string[] =>
  startedAt === undefined || (endedAt === undefined && state !== 'in-progress')
    ? []
    : [seconds(Math.max(0, (endedAt === undefined ? untilMs : Date.parse(endedAt)) - Date.parse(startedAt)))];

function gateLines(gate: GateView, shown: Shown): string[] {
  const { id, status, enabled, by, why, reworks, guarantees, evidence } = gate;
  const { approvalTypeOverride: type, setBy } = gate;
  const words = [
    enabled ? standing(status, shown) : `disabled${setWords(setBy?.enabled)}`,
    ...(type === undefined ? [] : [`${type}${setWords(setBy?.override)}`]),
    ...approvalWords(gate),
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(why === undefined || (status === 'none' && !enabled) ? [] : [why]),
    ...(reworks === 0 ? [] : [`sent back ${reworks === 1 ? 'once' : `${reworks} times`}`]),
  ];
  return [line(markOf(status, shown), id, `gate: ${words.join(', ')}`), ...seenLines(guarantees, evidence)];
}

/** Who has approved, of those who have to. */
function approvalWords({ approvals, needs = 1, ...gate }: GateView): readonly string[] {
  const isAsked = gate.approvalTypeOverride !== 'auto' || approvals.length > 0;
  if (needs <= 1 || !gate.enabled || !isAsked) return [];
  const names = approvals.length === 0 ? '' : `: ${approvals.map(({ by }) => by).join(', ')}`;
  return [`${approvals.length} of ${needs}${names}`];
}

type Setting = NonNullable<GateView['setBy']>['enabled'];

const setWords = (setting: Setting): string =>
  setting === undefined
    ? ''
    : ` by ${setting.by}${setting.reason === undefined ? '' : `: ${setting.reason}`}`;

function seenLines(guarantees: GateView['guarantees'], evidence: GateView['evidence']): string[] {
  return [
    ...guarantees
      .filter(({ passed, resolution }) => passed !== undefined || resolution !== undefined)
      .map(({ id, passed, errors = [], resolution }) =>
        under(
          resolution === undefined
            ? `${passed === true ? '✔' : '✖'} ${[id, ...errors].join(': ')}`
            : `– ${id}: ${resolution.type} by ${resolution.by}: ${resolution.evidence}`,
        ),
      ),
    ...(evidence ?? []).map(({ name, passed, commit }) =>
      under(`${passed ? '✔' : '✖'} ${name} @ ${commit.slice(0, 7)}`),
    ),
  ];
}

export const executionRowText = ({
  id,
  title,
  status,
  loop,
  currentPhase,
  progress,
  gates,
  priority,
}: ExecutionRow): string => {
  const { skillsCompleted, skillsTotal } = progress;
  const waits = gates === undefined ? '' : `, waits at ${gates.join(', ')}`;
  const urgency = priority === undefined ? '' : `, ${priority} priority`;
  return `${id}  ${status}  ${safeLine(loop)} ${safeLine(currentPhase)} ${skillsCompleted}/${skillsTotal}${waits}${urgency}  ${safeLine(title)}`;
};
