/** An attempt of a task, as people read it in the terminal and on the live page. Pure, and without schemas: the page loads it. */
import { failureText } from './failure-words.ts';
import type { Attempt } from './task-state.ts';

const WHY: Readonly<Record<Attempt['reason'], string>> = {
  first: 'first',
  resume: 'gone on',
  restart: 'begun anew',
  fix: 'to mend it',
  reassign: 'given to another agent',
  conflict: 'to solve conflicts',
  retry: 'run again',
  told: 'told by a person',
  review: 'for what reviewers said',
  permission: 'after its wish was decided',
  by_hand: 'by hand',
};

/** `told by a person, from checkpoint 1.1`. */
export function whyText({ reason, resumedFrom }: Attempt): string {
  // A newer engine may have reasons that there are no words for.
  const why = WHY[reason] ?? String(reason).replaceAll('_', ' ');
  return resumedFrom === undefined ? why : `${why}, from checkpoint ${resumedFrom}`;
}

export type Outcome = Attempt['outcome'] | 'told' | 'asked';

/**
 * @param next the attempt after it: one that was ended so that its agent hears something has not failed, and neither has one that
 *   was ended so that a person is asked
 */
export function outcomeOf({ outcome, failure }: Attempt, next: Attempt | undefined): Outcome {
  if (outcome === 'failed' && failure?.class === 'permission') return 'asked';
  return outcome === 'cancelled' && next?.reason === 'told' ? 'told' : outcome;
}

/** What came of it, besides its outcome; nothing where there is no more to say. */
export function outcomeText(attempt: Attempt, next: Attempt | undefined): string | undefined {
  const { failure, summary } = attempt;
  // What it wanted stands at the gate that it led to.
  if (outcomeOf(attempt, next) === 'asked') return 'ended to ask a person';
  if (failure !== undefined) return failureText(failure);
  if (outcomeOf(attempt, next) === 'told') return `told something: attempt ${next?.number} goes on with it`;
  return summary;
}
