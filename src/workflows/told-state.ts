/**
 * Tells the worker's process how a task is, at the end of each activation that has changed it: also where a message moved
 * nothing that lists or the Temporal Web UI show. Readers are answered from what was told, so none of it may be missing.
 */
import type { WorkflowInternalsInterceptor } from '@temporalio/workflow';
import type { TaskState } from '../domain/task-state.ts';
import { tasks } from './sinks.ts';

let view: (() => TaskState) | undefined;
let last = '';

/** From now on what `view` says is told. Of one workflow: each has a copy of this module. */
export function tellStateBy(current: () => TaskState): void {
  view = current;
}

export const tellState: WorkflowInternalsInterceptor = {
  concludeActivation(input, next) {
    const state = view?.();
    const text = JSON.stringify(state) ?? '';
    // A sink writes no history, and is not called while history is replayed: what it heard then it knows.
    if (state !== undefined && text !== last) tasks.changed(state);
    last = text;
    return next(input);
  },
};
