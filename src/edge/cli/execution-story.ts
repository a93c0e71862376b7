/**
 * What has happened in an execution, as lines for a person: a pure function of one state. Each line has a key that stays, so that a
 * reader who follows it is told every line once.
 */
import type { ExecutionState, GateView, SkillView } from '../../domain/executions/execution-state.ts';
import { lookedAtIn, skillsIn } from '../../domain/executions/state-parts.ts';
import { goesOn } from './execution-next.ts';
import type { Line, Mark } from './line.ts';
import type { Doing } from './sign.ts';
import { seconds } from './story.ts';
import { safeLine } from './telling.ts';
import type { CliWorld } from './world.ts';

type Part = Omit<SkillView, 'id' | 'doer' | 'round' | 'guarantees'>;

/** Everything settled about it, phase by phase. */
export function executionStory(state: ExecutionState): Line[] {
  const { id, title, loop, notes, phases } = state;
  return [
    {
      ...{ key: 'title', mark: 'title', label: '', text: safeLine(title) },
      note: safeLine(`loop ${loop} · execution ${id}`),
    },
    ...notes.map(
      (note): Line => ({ key: `note:${note}`, mark: 'done', label: 'note', text: safeLine(note) }),
    ),
    ...phases.flatMap(({ skills, gates }) => [...skills.flatMap(skillLines), ...gates.flatMap(gateLines)]),
    ...blockLines(state),
    ...endLines(state),
  ];
}

function skillLines(skill: SkillView): Line[] {
  const { id, round, items } = skill;
  if (items === undefined) return partLines(`${id}:${round}`, id, skill);
  return items.flatMap((item) => partLines(`${id}:${round}:${item.item}`, `${id} ${item.item}`, item));
}

function partLines(key: string, label: string, part: Part): Line[] {
  const { state, taskStatus, waitingFor } = part;
  if (state === 'in-progress')
    return taskStatus === 'awaiting_gate'
      ? [
          {
            ...{ key: `asks:${key}:${waitingFor}`, mark: 'waiting', label: safeLine(label) },
            text: 'waits for a person',
          },
        ]
      : [];
  if (state === 'pending') return [];
  const { by, summary, why } = part;
  const words = [why ?? summary ?? state, ...(by === undefined ? [] : [`by ${by}`])];
  const took = tookMs(part);
  return [
    {
      ...{
        key: `skill:${key}:${state}`,
        mark: state === 'failed' ? 'failed' : 'done',
        label: safeLine(label),
      },
      text: safeLine(state === 'skipped' ? `skipped: ${words.join(' ')}` : words.join(' · ')),
      ...(took !== undefined && { note: seconds(took) }),
    },
  ];
}

const tookMs = ({ startedAt, endedAt }: Pick<Part, 'startedAt' | 'endedAt'>): number | undefined =>
  startedAt === undefined || endedAt === undefined ? undefined : Date.parse(endedAt) - Date.parse(startedAt);

const GATE_MARKS: Partial<Record<GateView['status'], Mark>> = {
  open: 'waiting',
  approved: 'done',
  rejected: 'failed',
  failed: 'failed',
};

const gateLines = (gate: GateView): Line[] => [...sentBackLines(gate), ...decidedLines(gate)];

/** Why what stands before the gate is done again. */
function sentBackLines({ id, reworks, sentBack }: GateView): Line[] {
  if (reworks === 0 || sentBack === undefined) return [];
  const { by, reason } = sentBack;
  const times = reworks === 1 ? '' : `, ${reworks} times now`;
  const text = `sent the work back${times} · by ${by} · ${reason.split('\n')[0]}`;
  const label = safeLine(`gate ${id}`);
  return [{ key: `gate:${id}:sent-back:${reworks}`, mark: 'failed', label, text: safeLine(text) }];
}

function decidedLines(gate: GateView): Line[] {
  const { id, status, by, why, reworks, title, evidence = [] } = gate;
  const mark = GATE_MARKS[status];
  if (mark === undefined) return [];
  const seen = evidence
    .map(({ name, passed }) => `${name} ${passed ? 'passed' : 'failed'}`)
    .filter((text) => text !== why);
  const words = [
    status === 'open' ? `waits for a person: ${title ?? 'approve or reject'}` : status,
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(why === undefined ? [] : [why]),
    ...seen,
  ];
  const key = `gate:${id}:${reworks}:${status}`;
  return [{ key, mark, label: safeLine(`gate ${id}`), text: safeLine(words.join(' · ')) }];
}

function blockLines({ blockedBy, ...state }: ExecutionState): Line[] {
  if (blockedBy === undefined) return [];
  // The line of the skill has told it.
  const whys = skillsIn(state).flatMap((skill) => (skill.state === 'failed' ? (skill.why ?? []) : []));
  const text = whys.reduce((words, why) => words.replace(`: ${why}`, ''), blockedBy);
  return [{ key: `blocked:${blockedBy}`, mark: 'waiting', label: 'blocked', text: safeLine(text) }];
}

function endLines({ status, why, startedAt, endedAt }: ExecutionState): Line[] {
  if (endedAt === undefined) return [];
  const note = `total ${seconds(Date.parse(endedAt) - Date.parse(startedAt))}`;
  const mark = status === 'completed' ? 'done' : 'failed';
  return [{ key: 'end', mark, label: status, text: safeLine(why ?? ''), note }];
}

function atWorkText({ task, waitingFor }: Part): string {
  if (task === undefined) return 'whoever drives it works on it';
  return waitingFor === undefined ? `task ${task}` : `task ${task} waits for ${waitingFor}`;
}

/** What runs now: the skill that was begun last, or what the engine looks at; since when by the clock of `now`. */
export function doingIn(
  state: ExecutionState,
  { now, date }: Pick<CliWorld, 'now' | 'date'>,
  before: Doing | undefined,
): Doing | undefined {
  const since = (key: string): number => (before?.key === key ? before.sinceMs : now());
  if (state.status !== 'active' && state.status !== 'blocked') return undefined;
  const parts = skillsIn(state).flatMap((skill) =>
    (skill.items ?? [skill]).map((part): Part & { label: string } => ({
      ...part,
      label: 'item' in part ? `${skill.id} ${part.item}` : skill.id,
    })),
  );
  const atWork = parts.filter(
    (part) =>
      part.state === 'in-progress' &&
      (part.task === undefined ? state.branch === undefined : goesOn(state, part)),
  );
  const last = atWork.at(-1);
  if (last !== undefined) {
    const others = atWork.length - 1;
    const text = `${atWorkText(last)}${others === 0 ? '' : `, and ${others} more`}`;
    const key = `skill:${last.label}:${last.task}`;
    const { startedAt } = last;
    // An engine on another host has a clock of its own.
    const elapsedMs = startedAt === undefined ? undefined : Math.max(0, date() - Date.parse(startedAt));
    const sinceMs = elapsedMs === undefined ? since(key) : now() - elapsedMs;
    return { key, label: safeLine(last.label), text: safeLine(text), sinceMs };
  }
  const looked = lookedAtIn(state);
  if (looked.length === 0) return undefined;
  const key = `look:${looked.join(',')}`;
  return {
    key,
    label: 'check',
    text: safeLine(`the engine looks at ${looked.join(', ')}`),
    sinceMs: since(key),
  };
}
