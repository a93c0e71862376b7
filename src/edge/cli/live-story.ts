/**
 * Live progress as a fold: successive states in, new lines out. Pure, so that a table of states tests it; the clock
 * is an argument.
 */
import type { TaskState } from '../../domain/task-state.ts';
import type { Line } from './line.ts';
import type { Doing } from './sign.ts';
import { seconds, storyOf } from './story.ts';
import { safeLine } from './telling.ts';

/** What a reader knows already. */
export interface Seen {
  readonly keys: ReadonlySet<string>;
  readonly doing?: Doing | undefined;
  /** When the task was started, if the reader was there. */
  readonly startedAtMs?: number | undefined;
  readonly agent?: string | undefined;
}

export const nothingSeen = (
  known: { readonly startedAtMs?: number; readonly agent?: string } = {},
): Seen => ({
  keys: new Set(),
  ...known,
});

/** The lines that this state adds to what was seen. The same state again adds none. */
export function advance(
  seen: Seen,
  state: TaskState,
  nowMs: number,
): { readonly lines: readonly Line[]; readonly seen: Seen } {
  const fresh = storyOf(state, seen.agent).filter(({ key }) => !seen.keys.has(key));
  const lines = fresh.map((line) => withDuration(line, seen, fresh, nowMs));
  const keys = new Set([...seen.keys, ...fresh.map(({ key }) => key)]);
  return { lines, seen: { ...seen, keys, doing: doingOf(state, seen.doing, nowMs) } };
}

/** A step's duration is known to whoever saw it begin; of two that ended unseen between two states, neither's is. */
function withDuration(line: Line, { doing, startedAtMs }: Seen, fresh: readonly Line[], nowMs: number): Line {
  if (line.note !== undefined) return line;
  if (line.key === 'end')
    return startedAtMs === undefined ? line : { ...line, note: `total ${seconds(nowMs - startedAtMs)}` };
  const steps = fresh.filter(({ key }) => key === 'workspace' || key.startsWith('attempt:'));
  if (doing?.key !== line.key || steps.length > 1) return line;
  return { ...line, note: seconds(nowMs - doing.sinceMs) };
}

function doingOf(state: TaskState, before: Doing | undefined, nowMs: number): Doing | undefined {
  const now = nowDoing(state);
  if (now === undefined) return undefined;
  return { ...now, sinceMs: before?.key === now.key ? before.sinceMs : nowMs };
}

function nowDoing({ status, waitingFor, step, attempts }: TaskState): Omit<Doing, 'sinceMs'> | undefined {
  if (status === 'pending') return { key: 'workspace', label: 'pending', text: 'waits to be started' };
  if (status === 'blocked' || (status === 'in_progress' && waitingFor !== undefined)) {
    return { key: 'blocked', label: 'waiting', text: safeLine(`for ${waitingFor ?? 'something outside'}`) };
  }
  if (status !== 'in_progress') return undefined;
  switch (step) {
    case undefined:
      return { key: 'in_progress', label: 'in progress', text: '' };
    case 'workspace':
      return { key: 'workspace', label: 'workspace', text: 'is made' };
    case 'attempt':
      return doingAttempt(attempts);
    case 'check':
      return { key: 'check', label: 'check', text: 'runs' };
    case 'pull_request':
      return { key: 'pull_request', label: 'pull request', text: 'is made' };
    case 'approval':
      return { key: 'approval', label: 'approval', text: 'was decided' };
    case 'merge':
      return { key: 'merge', label: 'merge', text: 'runs' };
    default:
      return step satisfies never;
  }
}

/** Between an attempt that has ended and what follows, the engine decides and tidies up. */
function doingAttempt(attempts: TaskState['attempts']): Omit<Doing, 'sinceMs'> {
  const last = attempts.at(-1);
  const number = attempts.length;
  if (last !== undefined && last.outcome !== 'running')
    return { key: `after:${number}`, label: '', text: 'goes on' };
  const text = safeLine(`${last?.agent ?? 'the agent'} works`);
  return { key: `attempt:${Math.max(1, number)}`, label: `attempt ${Math.max(1, number)}`, text };
}
