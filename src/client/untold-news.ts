/** What happens to one task or execution, for who follows it, where no worker tells it: Temporal is asked. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { StateNews, TaskNews } from '../domain/events.ts';
import { type ExecutionState, isOver } from '../domain/executions/execution-state.ts';
import type { ExecutionId, TaskId } from '../domain/ids.ts';
import type { TaskState } from '../domain/task-state.ts';
import { followHistory, followTask } from './follow-history.ts';

/** How often the length of the log is read, a local file. */
const LOG_MS = 500;

interface Untold {
  readonly client: Client;
  readonly logBytes: (state: TaskState) => Promise<number>;
}

export async function* untoldNews(
  { client, logBytes }: Untold,
  id: TaskId,
  signal: AbortSignal,
): AsyncGenerator<TaskNews> {
  const leaving = new AbortController();
  const states = followTask(client, id, AbortSignal.any([signal, leaving.signal]));
  let last: TaskState | undefined;
  let bytes = 0;
  try {
    for (let next = states.next(); ; ) {
      const isRunning = last?.attempts.at(-1)?.outcome === 'running';
      const moved = await (isRunning
        ? Promise.race([next, sleep(LOG_MS, undefined, { signal }).catch(() => undefined)])
        : next);
      if (moved?.done === true) return;
      if (moved !== undefined) {
        last = moved.value;
        yield { type: 'state', state: moved.value };
        next = states.next();
        // Thrown by the next race.
        next.catch(() => undefined);
        continue;
      }
      if (signal.aborted || last === undefined) return;
      const now = await logBytes(last);
      if (now !== bytes) yield { type: 'output', id, attempt: last.attempts.length, bytes: now };
      bytes = now;
    }
  } finally {
    leaving.abort();
    await states.return(undefined);
  }
}

/** How the tasks of its skills stand is looked for at times: only their own histories tell it. */
const LOOK_FOR_TASKS_MS = 5_000;

/** @param read how it is now */
export async function* untoldExecutionNews(
  client: Client,
  id: ExecutionId,
  read: () => Promise<ExecutionState>,
  signal: AbortSignal,
): AsyncGenerator<StateNews<ExecutionState>> {
  const followed = {
    read,
    isClosed: ({ status }: ExecutionState) => isOver(status),
    lookMs: ({ branch }: ExecutionState) => (branch === undefined ? undefined : LOOK_FOR_TASKS_MS),
  };
  for await (const state of followHistory(client, id, followed, signal)) yield { type: 'state', state };
}
