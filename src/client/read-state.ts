/** The state of a task or an execution, by its `state` query. What is known of tasks without asking: `live-tasks.ts`. */
import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { PawlError } from '../domain/failures.ts';
import type { TaskId, WorkflowId } from '../domain/ids.ts';
import { isClosed, type TaskState } from '../domain/task-state.ts';
import { queryTask } from './querying.ts';
import { describe, nounOf, unknown } from './run-of.ts';
import { waitOf } from './step-wait.ts';
import { isUnanswered } from './temporal-errors.ts';
import { statusOf } from './visibility.ts';

const QUERY_DEADLINE_MS = 10_000;

/** A state as the query answers it, as far as it is looked at here. */
export interface Readable {
  readonly status: string;
  readonly waitingFor?: string | undefined;
}

/** What the statuses of a type of workflow mean. */
export interface Statuses<S extends Readable> {
  readonly isClosed: (status: S['status']) => boolean;
  /** By Temporal's word, for one that could not say so itself. */
  readonly statusOf: (described: WorkflowExecutionDescription) => S['status'];
}

const TASK: Statuses<TaskState> = { isClosed, statusOf };

/**
 * With what its step waits for, which passes by without a word of the workflow.
 * @throws PawlError `not_found`, or `unavailable` when no worker answers
 */
export const readState = (client: Client, id: TaskId, now = Date.now): Promise<TaskState> =>
  readStateOf(client, id, TASK, now);

/** The state as the workflow tells it. @throws PawlError as `readState` */
export const readNow = async (client: Client, id: TaskId): Promise<TaskState> =>
  (await answered(client, id, () => askForState(client, id, TASK, Date.now))).state;

/** As `readState`, of whatever has such states. @throws PawlError as `readState` */
export async function readStateOf<S extends Readable>(
  client: Client,
  id: WorkflowId,
  statuses: Statuses<S>,
  now = Date.now,
): Promise<S> {
  const { state, wait } = await answered(client, id, () => askForState(client, id, statuses, now));
  return wait === undefined ? state : { ...state, waitingFor: wait };
}

async function answered<T>(client: Client, id: WorkflowId, ask: () => Promise<T>): Promise<T> {
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
    throw new PawlError(
      'unavailable',
      `no worker answered for ${nounOf(id)} ${id}: is the engine up? (\`pawl up\`)`,
      {
        cause: error,
      },
    );
  }
}

interface Asked<S> {
  readonly state: S;
  readonly wait?: string | undefined;
}

async function askForState<S extends Readable>(
  client: Client,
  id: WorkflowId,
  { isClosed, statusOf }: Statuses<S>,
  now: () => number,
): Promise<Asked<S>> {
  const handle = client.workflow.getHandle(id);
  // What only has the id may answer the query with anything.
  await describe(client, id);
  const state = await queryTask<S, []>(client, handle, 'state');
  if (isClosed(state.status)) return { state };
  // Again, because the answer may have taken its time.
  const described = await describe(client, id);
  const status = statusOf(described);
  if (!isClosed(status)) return { state, wait: waitOf(described, now()) };
  // It ended between the two questions: asked again it says how. One that was terminated could not say so itself.
  const ended = await queryTask<S, []>(client, handle, 'state');
  return { state: { ...ended, status, waitingFor: undefined } };
}
