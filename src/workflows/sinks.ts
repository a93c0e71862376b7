/** A sink: the workflow tells the worker's process of every change as it happens, once and without an event in history. */
import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { TaskState } from '../domain/task-state.ts';

export interface TaskSinks extends Sinks {
  readonly tasks: { changed(state: TaskState): void };
}

export const { tasks } = proxySinks<TaskSinks>();
