/** Waiting for a task from a tool. */
import { statesIn } from '../../domain/events.ts';
import { PawlError } from '../../domain/failures.ts';
import type { TaskId } from '../../domain/ids.ts';
import { isClosed, type TaskState } from '../../domain/task-state.ts';
import type { ToolCalls, ToolContext } from './tool.ts';

/** Clients give a call a minute, unless progress shows that it is alive. */
const SILENT_MS_MAX = 50_000;
const REPORTED_MS_MAX = 60 * 60_000;

/** Nothing moves by itself any more: the task is over, or a person has to decide. */
export const isAtRest = ({ status }: TaskState): boolean => isClosed(status) || status === 'awaiting_gate';

/** The call has lasted as long as it may already, so only its client can make it again. */
export class ToldNothing extends PawlError {
  constructor(id: TaskId) {
    super('unavailable', `the engine told nothing of task ${id} in time: ask again`);
  }
}

/** The state in which the task rests, or the one it is in when a call has lasted as long as it may. */
export async function waitFor(
  engine: ToolCalls,
  id: TaskId,
  { signal, report }: ToolContext,
): Promise<TaskState> {
  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(), report === undefined ? SILENT_MS_MAX : REPORTED_MS_MAX);
  let last: TaskState | undefined;
  try {
    for await (const state of statesIn(engine.news(id, AbortSignal.any([signal, enough.signal])))) {
      last = state;
      if (isAtRest(state)) return state;
      report?.(lineOf(state));
    }
  } finally {
    clearTimeout(timer);
  }
  signal.throwIfAborted();
  if (last !== undefined) return last;
  throw new ToldNothing(id);
}

/** For people: where the task is. */
export function lineOf({ title, status, step, attempts, waitingFor }: TaskState): string {
  const attempt = attempts.at(-1);
  const parts = [
    status,
    ...(step === undefined || isClosed(status) ? [] : [step]),
    ...(attempt === undefined ? [] : [`attempt ${attempt.number} ${attempt.outcome}`]),
    ...(waitingFor === undefined ? [] : [`waits for ${waitingFor}`]),
  ];
  return `${title}: ${parts.join(', ')}`;
}
