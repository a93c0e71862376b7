/** What the engine knows of executions without asking Temporal, together with how the tasks of their skills stand. */
import type { Client } from '@temporalio/client';
import {
  type ExecutionRow,
  oldestFirst,
  rowOfExecution,
  selectExecutions,
} from '../domain/executions/execution-rows.ts';
import { type ExecutionState, isOver } from '../domain/executions/execution-state.ts';
import { tasksUnderWay, withTasks } from '../domain/executions/with-tasks.ts';
import { PawlError } from '../domain/failures.ts';
import { type ExecutionId, TaskId } from '../domain/ids.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import type { TaskState } from '../domain/task-state.ts';
import {
  executionStatusIn,
  readExecutionRowNow,
  readExecutionRows,
  readExecutionRowsSince,
} from './execution-visibility.ts';
import { createLiveStates, type LiveStates } from './live-states.ts';
import { readStateOf, type Statuses } from './read-state.ts';
import type { RowChange } from './row-index.ts';
import type { Tellers } from './tellers.ts';
import { untoldExecutionNews } from './untold-news.ts';

type Told = LiveStates<ExecutionId, ExecutionState, ExecutionRow>;

export interface LiveExecutions extends Pick<Told, 'index' | 'changed' | 'changedBy' | 'renew'> {
  /** @throws PawlError `not_found`, `unavailable` */
  state(id: ExecutionId): Promise<ExecutionState>;
  /** Now and after each change, until it is over or `signal` aborts. */
  news(id: ExecutionId, signal: AbortSignal): AsyncGenerator<ExecutionState>;
  rows(): Promise<readonly ExecutionRow[]>;
  list(filter: InputOf<'executions'>): Promise<OutputOf<'executions'>>;
  /** Something else is known of a task that does a skill of this one. */
  taskMoved(id: ExecutionId): void;
}

export interface LiveExecutionsOptions {
  readonly client: Client;
  readonly tellers: Tellers;
  readonly isFailing: (id: string) => boolean;
  /** How a task is now. @throws PawlError */
  readonly taskState: (id: TaskId) => Promise<TaskState>;
  readonly onChange: (change: RowChange<ExecutionRow>) => void;
}

const STATUSES: Statuses<ExecutionState> = { isClosed: isOver, statusOf: executionStatusIn };

export function createLiveExecutions(options: LiveExecutionsOptions): LiveExecutions {
  const { client, tellers, isFailing, taskState, onChange } = options;
  const ask = (id: ExecutionId) => readStateOf(client, id, STATUSES);
  const live = createLiveStates<ExecutionId, ExecutionState, ExecutionRow>({
    order: oldestFirst,
    namesIn: () => [],
    load: () => readExecutionRows(client),
    loadSince: (since) => readExecutionRowsSince(client, since),
    loadOne: (id) => readExecutionRowNow(client, id),
    tellers,
    onChange,
    isOver,
    rowOf: rowOfExecution,
    ask,
    untold: (id, signal) => untoldExecutionNews(client, id, () => state(id), signal),
  });
  const { index, states } = live;
  const joined = createJoining(taskState);
  const state = async (id: ExecutionId): Promise<ExecutionState> => {
    const isTold = (await index.looked()) && !isFailing(id);
    return joined(await (isTold ? states.read(id, () => ask(id)) : ask(id)));
  };
  return {
    ...live,
    state,
    async *news(id, signal) {
      for await (const one of live.news(id, state, signal)) if (one.type === 'state') yield one.state;
    },
    rows: index.rows,
    list: async (filter) => selectExecutions(await index.rows(), filter),
    taskMoved: live.wake,
  };
}

/** Answers the same object for the same states, so that it is rendered once for all who are told it. */
function createJoining(
  taskState: LiveExecutionsOptions['taskState'],
): (state: ExecutionState) => Promise<ExecutionState> {
  const last = new WeakMap<ExecutionState, { tasks: readonly TaskState[]; shown: ExecutionState }>();
  return async (state) => {
    const read = tasksUnderWay(state).map((id) => taskState(TaskId.parse(id)).catch(unlessUnknown));
    const tasks = (await Promise.all(read)).filter((task) => task !== undefined);
    const before = last.get(state);
    if (before !== undefined && isEqual(before.tasks, tasks)) return before.shown;
    const shown = withTasks(state, new Map(tasks.map((task) => [task.id, task])));
    last.set(state, { tasks, shown });
    return shown;
  };
}

const isEqual = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((one, index) => one === others[index]);

/** One that was named a moment before it begins, or that does not answer, is shown by its id alone. */
function unlessUnknown(error: unknown): undefined {
  if (error instanceof PawlError && (error.code === 'not_found' || error.code === 'unavailable')) return;
  throw error;
}
