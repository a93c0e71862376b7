/** The plan of a loop for people: phases in order, who does what, what is asked, and what bounds it. Pure. */
import type { LoopPlan, PlannedGate, PlannedSkill } from '../../domain/loops/loop-plan.ts';
import type { OutputOf } from '../../domain/operations.ts';
import { LABEL_WIDTH } from './render.ts';
import { safeLine } from './telling.ts';

/** Marks of who has to do something: the engine and agents by themselves, people. */
const SKILL = '●';
const CHECK = '✔';
const APPROVAL = '?';

export function planText({ plan, file, digest, shadows, guides }: OutputOf<'loop'>): string {
  const from = [
    file,
    digest,
    ...(shadows.length === 0 ? [] : [`hides ${shadows.map((one) => one.file).join(', ')}`]),
  ];
  return [
    [plan.loop, ...(plan.title === undefined ? [] : [safeLine(plan.title)])].join('  '),
    ...(plan.description === undefined ? [] : [`  ${safeLine(plan.description)}`]),
    detail('from', from.map(safeLine).join(', ')),
    ...plan.inputs.map((input, index) => detail(index === 0 ? 'inputs' : '', inputText(input))),
    ...guides.map(({ name, folder }, index) =>
      detail(index === 0 ? 'guides' : '', safeLine(`${name} in ${folder}`)),
    ),
    detail('at most', boundsText(plan)),
    ...plan.phases.flatMap(({ id, title, required, skills, gates }) => [
      '',
      [id, titleOf(id, title), required ? '' : '(may be left out)'].filter((part) => part !== '').join('  '),
      ...skills.flatMap(skillLines),
      ...gates.flatMap(gateLines),
    ]),
  ].join('\n');
}

const detail = (label: string, text: string): string => `  ${label.padEnd(8)} ${text}`;

/** Not what the id says already. */
const titleOf = (id: string, title: string | undefined): string =>
  title === undefined || title.toLowerCase() === id ? '' : safeLine(title);

function inputText({ name, type, required, value, description }: LoopPlan['inputs'][number]): string {
  const fallback = value === undefined ? '' : `, default ${JSON.stringify(value)}`;
  return safeLine(
    `${name}: ${type}${required ? ', required' : fallback}${description === undefined ? '' : ` (${description})`}`,
  );
}

function boundsText({ budget, agentRunsMost, approvalsMost }: LoopPlan): string {
  return [
    ...(budget?.usd === undefined ? [] : [`${budget.usd} USD`]),
    ...(budget?.wall === undefined ? [] : [`${budget.wall} by the clock`]),
    counted(agentRunsMost, 'run of an agent', 'runs of agents'),
    counted(approvalsMost, 'approval', 'approvals'),
  ].join(', ');
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function lines(
  mark: string,
  id: string,
  title: string | undefined,
  texts: readonly string[],
): readonly string[] {
  const [first = '', ...rest] = [titleOf(id, title), ...texts].filter((text) => text !== '').map(safeLine);
  const width = Math.max(LABEL_WIDTH + 4, id.length + 1);
  return [
    `  ${mark} ${id.padEnd(width)}${first}`,
    ...rest.map((text) => `    ${' '.repeat(width)}${text}`),
  ].map((line) => line.trimEnd());
}

const listed = (record: Readonly<Record<string, string>>, joint: string): string =>
  Object.entries(record)
    .map(([name, text]) => `${name}${joint}${text}`)
    .join(', ');

function skillLines(skill: PlannedSkill): readonly string[] {
  const { id, title, when, guides, guarantees, timeout, repeat, forEach, budget, runsMost, by } = skill;
  const returns = listed(skill.returns, ': ');
  const given = listed(skill.with, ' = ');
  return lines(SKILL, id, title, [
    `${whoText(skill)}${by === 'agent' && !skill.writes ? ', what it changes is discarded' : ''}`,
    when === undefined ? '' : `when ${when}`,
    forEach === undefined ? '' : forEachText(forEach),
    given === '' ? '' : `with ${given}`,
    guides.length === 0 ? '' : `guides ${guides.join(', ')}`,
    returns === '' ? '' : `returns ${returns}`,
    repeat === undefined
      ? ''
      : `at most ${counted(repeat.most, 'round', 'rounds')}, until checks pass: ${repeat.checks.join(', ')}`,
    ...guarantees.map(guaranteeLine),
    timeout === undefined ? '' : timeoutText(timeout),
    budget === undefined
      ? ''
      : `budget ${listed(Object.fromEntries(Object.entries(budget).map(([key, value]) => [key, String(value)])), ' ')}`,
    runsMost === 1 ? '' : `at most ${runsMost} runs`,
  ]);
}

function whoText({ by, agents, command }: PlannedSkill): string {
  if (by === 'agent') return `agent ${agents?.join(', then ') ?? ''}`;
  if (by === 'run') return `runs ${command ?? ''}`;
  return by === 'deliver' ? 'pull request, approval and merge' : 'by hand';
}

const forEachText = ({ as, in: items, atMost, join }: NonNullable<PlannedSkill['forEach']>): string =>
  `for each ${as} in ${typeof items === 'string' ? items : items.join(', ')}; ${atMost} at once; ${join.replace('_', ' ')}`;

function timeoutText({ idle, total, outcome }: NonNullable<PlannedSkill['timeout']>): string {
  const bounds = [
    ...(idle === undefined ? [] : [`${idle} without a sign of life`]),
    ...(total === undefined ? [] : [`${total} in all`]),
  ];
  return `after ${bounds.join(' or ')}: ${outcome === 'fail' ? 'failed' : 'skipped'}`;
}

const guaranteeLine = ({ text, required }: PlannedSkill['guarantees'][number]): string =>
  `guarantees ${text}${required ? '' : ' (not required)'}`;

function gateLines(gate: PlannedGate): readonly string[] {
  const { id, title, kind, required, when, checks, passesIf, guarantees, by, expires, onReject } = gate;
  const people =
    by === undefined ? '' : `approval by ${by.count}${by.not === undefined ? '' : `, not the ${by.not}`}`;
  return lines(kind === 'approval' ? APPROVAL : CHECK, id, title, [
    `${people === '' ? 'check by the engine' : people}${required ? '' : ' (not required)'}`,
    when === undefined ? '' : `when ${when}`,
    checks === undefined ? '' : `checks pass: ${checks.join(', ')}`,
    passesIf === undefined ? '' : `passes if ${passesIf}`,
    ...guarantees.map(guaranteeLine),
    onReject === undefined
      ? ''
      : `refused: back to ${onReject.goTo}, at most ${counted(onReject.most, 'time', 'times')}`,
    expires === undefined ? '' : `expires after ${expires}`,
  ]);
}
