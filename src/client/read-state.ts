/** The state of one task, by its `state` query. What is known of it without asking: `live-tasks.ts`. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { PawlError } from '../domain/failures.ts';
import type { TaskId } from '../domain/ids.ts';
import { isClosed, type TaskState } from '../domain/task-state.ts';
import { queryTask } from './querying.ts';
import { describe, unknown } from './run-of.ts';
import { waitOf } from './step-wait.ts';
import { isUnanswered } from './temporal-errors.ts';
import { statusOf } from './visibility.ts';

const QUERY_DEADLINE_MS = 10_000;

/**
 * With what its step waits for, which passes by without a word of the workflow.
 * @throws PawlError `not_found`, or `unavailable` when no worker answers
 */
export async function readState(client: Client, id: TaskId, now = Date.now): Promise<TaskState> {
  const { state, wait } = await answered(client, id, () => askForState(client, id, now));
  return wait === undefined ? state : { ...state, waitingFor: wait };
}

/** The state as the workflow tells it. @throws PawlError as `readState` */
export const readNow = async (client: Client, id: TaskId): Promise<TaskState> =>
  (await answered(client, id, () => askForState(client, id, Date.now))).state;

async function answered<T>(client: Client, id: TaskId, ask: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + QUERY_DEADLINE_MS, async () => {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        // The server was seen to say so, once, of the query of a task that was there.
        return ask();
      }
    });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw unknown(id);
    if (!isUnanswered(error)) throw error;
    throw new PawlError('unavailable', `no worker answered for task ${id}: is the engine up? (\`pawl up\`)`, {
      cause: error,
    });
  }
}

interface Asked {
  readonly state: TaskState;
  readonly wait?: string | undefined;
}

async function askForState(client: Client, id: TaskId, now: () => number): Promise<Asked> {
  const handle = client.workflow.getHandle(id);
  // What is no task may answer the query with anything.
  await describe(client, id);
  const state = await queryTask<TaskState, []>(client, handle, 'state');
  if (isClosed(state.status)) return { state };
  // Again, because the answer may have taken its time.
  const described = await describe(client, id);
  const status = statusOf(described);
  if (!isClosed(status)) return { state, wait: waitOf(described, now()) };
  // It ended between the two questions: asked again it says how. One that was terminated could not say so itself.
  const { waitingFor: _, ...ended } = await queryTask<TaskState, []>(client, handle, 'state');
  return { state: { ...ended, status } };
}
