/** What an execution waits for, as commands that people can give; and whether it goes on by itself. Pure. */
import { quote } from 'shell-quote';
import { doneCommand, isByEngine } from '../../domain/executions/driven.ts';
import type { ExecutionState, SkillView } from '../../domain/executions/execution-state.ts';
import { lookedAtIn, openGatesIn, skillsIn } from '../../domain/executions/state-parts.ts';
import { waysOn } from '../../domain/executions/ways-on.ts';
import { isClosed } from '../../domain/task-state.ts';
import { safeLine, safeText } from './telling.ts';

type Part = Pick<SkillView, 'task' | 'taskStatus' | 'waitingFor'>;

const underWay = (state: ExecutionState): readonly SkillView[] =>
  skillsIn(state).filter((one) => one.state === 'in-progress');

/** What tasks do that are under way or about to begin, or have ended and are about to be taken up. */
const partsByEngine = (state: ExecutionState): readonly Part[] =>
  underWay(state)
    .filter((skill) => isByEngine(state, skill))
    .flatMap((skill): readonly Part[] => (skill.items === undefined ? [skill] : inTurn(skill.items)));

/** Those under way. What an item has made is merged after those before it in the list: until then it goes on as they do. */
function inTurn(items: NonNullable<SkillView['items']>): readonly Part[] {
  const open = items.filter(({ state }) => state === 'in-progress');
  return open.filter((item, index) => index === 0 || !hasEnded(item));
}

const isAsking = ({ taskStatus }: Part): boolean => taskStatus === 'awaiting_gate';
const hasEnded = ({ taskStatus }: Part): boolean => taskStatus !== undefined && isClosed(taskStatus);

/** The first task that asks a person, where one does. */
export const askingTask = (state: ExecutionState): string | undefined =>
  isOpen(state) ? partsByEngine(state).find((part) => isAsking(part))?.task : undefined;

/** Whether its task goes on, or is about to begin or to be taken up, which it is not where the execution is blocked. */
export const goesOn = ({ status }: Pick<ExecutionState, 'status'>, part: Part): boolean =>
  !isAsking(part) && (status === 'active' || (part.taskStatus !== undefined && !hasEnded(part)));

/** Whether somebody is at work: the engine, or the client that drives the execution. */
export const isMoving = (state: ExecutionState): boolean =>
  lookedAtIn(state).length > 0 ||
  partsByEngine(state).some((part) => goesOn(state, part)) ||
  (state.branch === undefined && state.status === 'active' && underWay(state).length > 0);

const isOpen = ({ status }: ExecutionState): boolean => status === 'active' || status === 'blocked';

/** What to do, and the command that says it is done, each behind an empty line; none where nobody can do anything. */
export const nextLines = (state: ExecutionState): string[] => [
  ...(isOpen(state) ? [...byHandLines(state), ...atWorkLines(state)] : []),
  ...askingLines(state),
];

/** Of that, what waits for a decision. */
export function askingLines(state: ExecutionState): string[] {
  const { id, status } = state;
  if (status === 'paused') return ['', `next: pawl execution resume ${id}`];
  if (!isOpen(state)) return [];
  return [
    ...partsByEngine(state)
      .filter(isAsking)
      .flatMap(({ task, waitingFor }) => [
        ...['', `next: ${task} asks`],
        ...(waitingFor === undefined ? [] : [`  ${safeLine(waitingFor)}`]),
      ]),
    ...skillsIn(state).flatMap((skill) => pickLines(id, skill)),
    ...waysOn(state).flatMap(({ what, commands }) => [
      ...['', `next: ${what}`],
      ...commands.map((command) => `  ${command}`),
    ]),
    ...openGatesIn(state).flatMap((gate) => [
      '',
      `next: ${safeLine(gate.title ?? gate.id)}`,
      `  pawl execution approve ${id} ${gate.id}`,
      `  pawl execution reject ${id} ${gate.id} --reason <why>`,
    ]),
  ];
}

/** What agents may have written stands in a command that is copied into a shell: it is one word there, whatever it holds. */
const pickLines = (id: string, { id: skill, isToPick, items = [] }: SkillView): string[] =>
  isToPick === true
    ? [
        '',
        `next: pick one of ${skill}`,
        ...items
          .filter(({ state }) => state === 'completed')
          .map(
            ({ item, task }) =>
              `  pawl execution pick ${id} ${skill} ${safeLine(quote([item]))}${task === undefined ? '' : ` (pawl diff ${task})`}`,
          ),
      ]
    : [];

/** Of that, what somebody has to do. */
export function byHandLines(state: ExecutionState): string[] {
  const { id } = state;
  return underWay(state)
    .filter((skill) => !isByEngine(state, skill))
    .flatMap((skill) => [
      ...['', `next: ${skill.id}`, ...indented(skill.brief)],
      `  ${doneCommand(id, skill)}`,
    ]);
}

const atWorkLines = (state: ExecutionState): string[] =>
  partsByEngine(state)
    .filter((part) => part.task !== undefined && !isAsking(part) && !hasEnded(part))
    .flatMap(({ task }) => ['', `at work: pawl show ${task}`]);

const indented = (brief: string | undefined): string[] =>
  brief === undefined
    ? []
    : safeText(brief)
        .split('\n')
        .map((one) => `  ${one}`.trimEnd());
