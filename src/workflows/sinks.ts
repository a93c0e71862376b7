/** What leaves a workflow without an event: where the worker runs, every change is told as it happens, and once. */
import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { TaskState } from '../domain/task-state.ts';

export interface TaskSinks extends Sinks {
  readonly tasks: { changed(state: TaskState): void };
}

export const { tasks } = proxySinks<TaskSinks>();
