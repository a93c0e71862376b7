/**
 * Tells the worker's process how a workflow is, at the end of each activation that has changed it: also where a message moved
 * nothing that lists or the Temporal Web UI show. Readers are answered from what was told, so none of it may be missing.
 */
import { type WorkflowInternalsInterceptor, workflowInfo } from '@temporalio/workflow';

interface Told {
  /** As JSON, by which a change is known. */
  readonly text: string;
  tell(): void;
}

let now: (() => Told) | undefined;
let last = '';

/**
 * From now on what `view` says is told.
 * @param tell hears each state that differs from the one before. Of one workflow: each has a copy of this module
 */
export function tellStateBy<S>(view: () => S, tell: (state: S) => void): void {
  now = () => {
    const state = view();
    return { text: JSON.stringify(state), tell: () => tell(state) };
  };
}

export const tellState: WorkflowInternalsInterceptor = {
  concludeActivation(input, next) {
    // Nobody hears a sink while history is replayed. What the workflow came to by then is told once it lives: it may be another run
    // than the one that was told of, begun anew from an earlier event.
    const told = workflowInfo().unsafe.isReplaying ? undefined : now?.();
    if (told !== undefined && told.text !== last) told.tell();
    last = told?.text ?? last;
    return next(input);
  },
};
