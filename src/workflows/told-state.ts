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

interface Teller {
  now(): Told;
  /** What was told last, as JSON. */
  last: string;
}

/** The globals of a workflow are its own, its modules are shared by all of them (`workflow-bundle.ts`). */
const own = globalThis as { pawlTeller?: Teller };

/**
 * From now on what `view` says is told.
 * @param tell hears each state of this workflow that differs from the one before
 */
export function tellStateBy<S>(view: () => S, tell: (state: S) => void): void {
  const now = () => {
    const state = view();
    return { text: JSON.stringify(state), tell: () => tell(state) };
  };
  own.pawlTeller = { now, last: '' };
}

export const tellState: WorkflowInternalsInterceptor = {
  concludeActivation(input, next) {
    // Nobody hears a sink while history is replayed. What the workflow came to by then is told once it lives: it may be another run
    // than the one that was told of, begun anew from an earlier event.
    if (own.pawlTeller !== undefined && !workflowInfo().unsafe.isReplaying) tellChange(own.pawlTeller);
    return next(input);
  },
};

function tellChange(teller: Teller): void {
  const { text, tell } = teller.now();
  if (text !== teller.last) tell();
  teller.last = text;
}
