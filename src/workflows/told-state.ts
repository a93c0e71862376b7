/**
 * Tells the worker's process how a task is, at the end of each activation that has changed it: also where a message moved
 * nothing that lists or the Temporal Web UI show. Readers are answered from what was told, so none of it may be missing.
 */
import { type WorkflowInternalsInterceptor, workflowInfo } from '@temporalio/workflow';
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
    // Nobody hears a sink while history is replayed. What the task came to by then is told once it lives: it may be another run
    // than the one that was told of, begun anew from an earlier event.
    const state = workflowInfo().unsafe.isReplaying ? undefined : view?.();
    const text = state === undefined ? last : JSON.stringify(state);
    if (state !== undefined && text !== last) tasks.changed(state);
    last = text;
    return next(input);
  },
};
