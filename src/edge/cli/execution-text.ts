/** An execution for people: what it is, how it stands, phases with their skills and gates, and what is to do next. Pure. */
import type { ExecutionRow } from '../../domain/executions/execution-rows.ts';
import type { ExecutionState, GateView, SkillView } from '../../domain/executions/execution-state.ts';
import { openGatesIn, skillsIn } from '../../domain/executions/state-parts.ts';
import { spanText } from '../../domain/loops/spans.ts';
import { safeLine, safeText } from './telling.ts';

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

export function executionText(state: ExecutionState): string {
  const { id, title, status, loop, project, branch, spent, requester, blockedBy, why, phases, notes } = state;
  return [
    `${id}  ${safeLine(title)}`,
    detail('status', why === undefined ? status : `${status}: ${why}`),
    ...(blockedBy === undefined ? [] : [detail('blocked', blockedBy)]),
    detail('loop', `${loop} in ${project}, asked for by ${requester}`),
    ...(branch === undefined ? [] : [detail('branch', branch)]),
    ...(spent === undefined ? [] : [detail('spent', spentText(spent))]),
    ...notes.map((note, index) => detail(index === 0 ? 'notes' : '', note)),
    ...phases.flatMap(({ id: phase, status: stands, skills, gates }) => [
      '',
      `${phase}  ${stands}`,
      ...skills.flatMap(skillLines),
      ...gates.flatMap(gateLines),
    ]),
    ...nextLines(state),
  ].join('\n');
}

function spentText({ attempts, attemptsMax, usd, usdMax, workedMs, wallMsMax }: Spent): string {
  const of = (max: number | undefined, text: (value: number) => string) =>
    max === undefined ? '' : ` of ${text(max)}`;
  return [
    `${attempts}${of(attemptsMax, String)} attempts`,
    `${usd}${of(usdMax, String)} USD`,
    `${spanText(Math.round(workedMs / 1_000) * 1_000)}${of(wallMsMax, spanText)} of work`,
  ].join(', ');
}
type Spent = NonNullable<ExecutionState['spent']>;

const detail = (label: string, text: string): string => `  ${label.padEnd(8)} ${safeLine(text)}`;

const line = (mark: string, id: string, text: string): string =>
  `  ${MARKS[mark] ?? mark} ${id.padEnd(20)} ${safeLine(text)}`.trimEnd();
const under = (text: string): string => `${' '.repeat(25)}${safeLine(text)}`;

function skillLines({
  id,
  state,
  round,
  by,
  why,
  items,
  guarantees,
  evidence,
  isLookedAt,
  task,
}: SkillView): string[] {
  const words = [
    isLookedAt === true ? 'the engine looks' : state,
    ...(round > 1 ? [`round ${round}`] : []),
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(why === undefined ? [] : [why]),
  ];
  return [
    line(state, id, words.join(', ')),
    ...(task === undefined ? [] : [under(`task ${task}`)]),
    ...(items ?? []).map((one) => under(itemText(one))),
    ...seenLines(guarantees, evidence),
  ];
}

const itemText = ({ item, state, task }: NonNullable<SkillView['items']>[number]): string =>
  `${MARKS[state] ?? ''} ${item}: ${state}${task === undefined ? '' : `, task ${task}`}`;

function gateLines(gate: GateView): string[] {
  const { id, status, kind, enabled, by, why, approvals, needs, reworks, guarantees, evidence } = gate;
  const words = [
    enabled ? status : 'disabled',
    ...(kind === 'approval' && needs !== undefined && needs > 1 ? [`${approvals.length} of ${needs}`] : []),
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(why === undefined ? [] : [why]),
    ...(reworks === 0 ? [] : [`sent back ${reworks} times`]),
  ];
  return [line(status, id, `gate: ${words.join(', ')}`), ...seenLines(guarantees, evidence)];
}

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

/** What to do, and the command that says it is done. */
function nextLines(state: ExecutionState): string[] {
  const { id, status, branch } = state;
  if (status !== 'active' && status !== 'blocked') return [];
  const underWay = skillsIn(state).filter((one) => one.state === 'in-progress');
  const byEngine = branch === undefined ? [] : underWay.filter(({ doer }) => doer !== 'manual');
  const skills = underWay.filter((one) => !byEngine.includes(one));
  const tasks = byEngine.flatMap(({ task, items = [] }) => [task, ...items.map((item) => item.task)]);
  const gates = openGatesIn(state);
  return [
    ...skills.flatMap((skill) => {
      const returns = Object.entries(skill.returns ?? {}).map(
        ([name, type]) => ` --output ${name}=<${type}>`,
      );
      const done = `pawl execution done ${id} ${skill.id}${skill.items === undefined ? '' : ' --item <item>'}${returns.join('')}`;
      return ['', `next: ${skill.id}`, ...indented(skill.brief), `  ${done}`];
    }),
    ...tasks.flatMap((task) => (task === undefined ? [] : ['', `at work: pawl show ${task}`])),
    ...gates.flatMap((gate) => [
      '',
      `next: ${safeLine(gate.title ?? gate.id)}`,
      `  pawl execution approve ${id} ${gate.id}`,
      `  pawl execution reject ${id} ${gate.id} --reason <why>`,
    ]),
  ];
}

const indented = (brief: string | undefined): string[] =>
  brief === undefined
    ? []
    : safeText(brief)
        .split('\n')
        .map((one) => `  ${one}`.trimEnd());

export const executionRowText = ({
  id,
  title,
  status,
  loop,
  currentPhase,
  progress,
  gates,
}: ExecutionRow): string => {
  const { skillsCompleted, skillsTotal } = progress;
  const waits = gates === undefined ? '' : `, waits at ${gates.join(', ')}`;
  return `${id}  ${status}  ${safeLine(loop)} ${safeLine(currentPhase)} ${skillsCompleted}/${skillsTotal}${waits}  ${safeLine(title)}`;
};
