/** Waiting for a task from a tool: by looking now and then, which any engine can answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskId } from '../../domain/ids.ts';
import { invoke } from '../../domain/invoke.ts';
import type { Calls } from '../../domain/operations.ts';
import { isClosed, type TaskState } from '../../domain/task-state.ts';
import type { ToolContext } from './tool.ts';

const PAUSE_MS = 1_000;
/** Clients give a call a minute, unless progress shows that it is alive. */
const SILENT_MS_MAX = 50_000;
const REPORTED_MS_MAX = 60 * 60_000;

/** Nothing moves by itself any more: the task is over, or a person has to decide. */
export const isAtRest = ({ status }: TaskState): boolean => isClosed(status) || status === 'awaiting_gate';

/** The state in which the task rests, or the one it is in when a call has lasted as long as it may. */
export async function waitFor(engine: Calls, id: TaskId, context: ToolContext): Promise<TaskState> {
  const { signal, report } = context;
  const until = performance.now() + (report === undefined ? SILENT_MS_MAX : REPORTED_MS_MAX);
  for (;;) {
    const state = await invoke(engine, 'show', { id });
    if (isAtRest(state) || performance.now() >= until) return state;
    report?.(lineOf(state));
    await sleep(PAUSE_MS, undefined, { signal });
  }
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
