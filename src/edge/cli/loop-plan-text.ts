/** The plan of a loop for people: phases in order, who does what, what is asked, and what bounds it. Pure. */
import type { LoopPlan, PlannedGate, PlannedSkill } from '../../domain/loops/loop-plan.ts';
import {
  DELIVERY,
  type Given,
  gateTexts,
  guaranteeLine,
  inputText,
  repeatText,
  workBounds,
} from '../../domain/loops/plan-words.ts';
import type { OutputOf } from '../../domain/operations.ts';
import { checkText } from './preview-text.ts';
import { LABEL_WIDTH } from './render.ts';
import { safeLine } from './telling.ts';

/** Marks of who has to do something: the engine and agents by themselves, people. */
const SKILL = '●';
const CHECK = '✔';
const APPROVAL = '?';

export function planText(shown: OutputOf<'loop'>, given?: Given): string {
  const { plan, file, digest, shadows, includes, guides, checks } = shown;
  const from = [
    file,
    digest,
    ...(includes.length === 0 ? [] : [`includes ${includes.map((one) => one.file).join(', ')}`]),
    ...(shadows.length === 0 ? [] : [`hides ${shadows.map((one) => one.file).join(', ')}`]),
  ];
  return [
    [plan.loop, ...(plan.title === undefined ? [] : [safeLine(plan.title)])].join('  '),
    ...(plan.description === undefined ? [] : [`  ${safeLine(plan.description)}`]),
    detail('from', from.map(safeLine).join(', ')),
    ...plan.inputs.map((input, index) =>
      detail(index === 0 ? 'inputs' : '', safeLine(inputText(input, given))),
    ),
    ...guides.map(({ name, folder }, index) =>
      detail(index === 0 ? 'guides' : '', safeLine(`${name} in ${folder}`)),
    ),
    ...checks.map(({ name, run }, index) =>
      detail(index === 0 ? 'checks' : '', safeLine(checkText(name, run.join(' ')))),
    ),
    detail('at most', boundsText(plan)),
    ...(given?.priority === undefined ? [] : [detail('priority', given.priority)]),
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

const boundsText = (plan: LoopPlan): string =>
  [...(plan.budget?.usd === undefined ? [] : [`${plan.budget.usd} USD`]), ...workBounds(plan)].join(', ');

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
    `${whoText(skill)}${skill.writes ? '' : READS[by]}`,
    when === undefined ? '' : `when ${when}`,
    forEach === undefined ? '' : forEachText(forEach),
    given === '' ? '' : `with ${given}`,
    guides.length === 0 ? '' : `guides ${guides.join(', ')}`,
    returns === '' ? '' : `returns ${returns}`,
    repeat === undefined ? '' : repeatText(repeat),
    ...guarantees.map(guaranteeLine),
    timeout === undefined ? '' : timeoutText(timeout),
    budget === undefined
      ? ''
      : `budget ${listed(Object.fromEntries(Object.entries(budget).map(([key, value]) => [key, String(value)])), ' ')}`,
    runsMost <= 1 ? '' : `at most ${runsMost} runs`,
  ]);
}

/** Of those that are to write nothing. */
const READS: Readonly<Record<PlannedSkill['by'], string>> = {
  agent: ', what it changes is discarded',
  run: ', what it changes is discarded',
  manual: ', and changes nothing',
  deliver: '',
};

function whoText({ by, agents, settings, command }: PlannedSkill): string {
  const own = settings === undefined ? '' : ', with the set-up of its user';
  if (by === 'agent') return `agent ${agents?.join(', then ') ?? ''}${own}`;
  if (by === 'run') return `runs ${command ?? ''}`;
  return by === 'deliver' ? DELIVERY : 'by hand';
}

const JOIN_TEXTS: Readonly<Record<NonNullable<PlannedSkill['forEach']>['join'], string>> = {
  all_completed: 'one that fails fails the skill',
  all_done: 'completed when all have ended, also where some failed',
  pick: 'a person picks the one that counts',
};

const forEachText = ({ as, in: items, atMost, join }: NonNullable<PlannedSkill['forEach']>): string =>
  items.length === 0
    ? `for each ${as} in an empty list: nobody is set to work`
    : `for each ${as} in ${typeof items === 'string' ? items : items.join(', ')}; ${atMost} at once; ${JOIN_TEXTS[join]}`;

function timeoutText({ idle, total, outcome }: NonNullable<PlannedSkill['timeout']>): string {
  const bounds = [
    ...(idle === undefined ? [] : [`${idle} without a sign of life`]),
    ...(total === undefined ? [] : [`${total} in all`]),
  ];
  return `after ${bounds.join(' or ')}: ${outcome === 'fail' ? 'failed' : 'skipped'}`;
}

const gateLines = (gate: PlannedGate): readonly string[] =>
  lines(gate.kind === 'approval' ? APPROVAL : CHECK, gate.id, gate.title, gateTexts(gate));
