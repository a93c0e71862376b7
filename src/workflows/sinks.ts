/** A sink: the workflow tells the worker's process of every change as it happens, once and without an event in history. */
import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { ExecutionState } from '../domain/executions/execution-state.ts';
import type { TaskState } from '../domain/task-state.ts';

export interface StateSinks extends Sinks {
  readonly tasks: { changed(state: TaskState): void };
  readonly executions: { changed(state: ExecutionState): void };
}

export const { tasks, executions } = proxySinks<StateSinks>();
