/** When a workflow hands over to another run of itself (continue-as-new): before its history is too long. */
import { workflowInfo } from '@temporalio/workflow';
import { isApart } from './activations.ts';

export interface FullHistory {
  /** Now, wherever the main loop is: to be asked there alone. */
  readonly isFull: () => boolean;
  /** The same for conditions, which are asked at each activation. */
  readonly hasFilled: () => boolean;
}

/**
 * @param taken what the workflow has taken so far, as values that differ once it has taken more
 * @param eventsMax hands over after so many events; tests set it, the server suggests otherwise
 */
export function watchHistory(taken: () => readonly unknown[], eventsMax?: number): FullHistory {
  const isFull = () => {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || (eventsMax !== undefined && historyLength > eventsMax);
  };
  return { isFull, hasFilled: isApart() ? askedWhenMoved(taken, isFull) : isFull };
}

/**
 * Whether the history is full, asked again only once the workflow has taken something: a workflow task that does no more than
 * refuse an update is a longer history to who lives it, and nothing to who replays it.
 */
function askedWhenMoved(taken: () => readonly unknown[], isFull: () => boolean): () => boolean {
  let asked: { readonly taken: string; readonly full: boolean } | undefined;
  return () => {
    const now = JSON.stringify(taken());
    if (asked?.taken !== now) asked = { taken: now, full: isFull() };
    return asked.full;
  };
}
