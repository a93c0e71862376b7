/** What is said about a pull request on its forge, as work for the agent. Pure. */
import { clip, LIMITS } from './limits.ts';
import type { FeedbackItem } from './steps.ts';
import type { Policy } from './task-spec.ts';
import type { Attempt } from './task-state.ts';

const ROUNDS_DEFAULT = 5;

/** Rounds are bounded: two robots that review each other would go on for ever. */
export const mayReview = (
  attempts: readonly Attempt[],
  { reviewRoundsMax = ROUNDS_DEFAULT }: Policy,
): boolean => attempts.filter(({ reason }) => reason === 'review').length < reviewRoundsMax;

/** For the agent to read: where, who and what, one item after the other. */
export function feedbackOf(items: readonly FeedbackItem[]): string {
  const texts = items.map(({ kind, text, author, path, line }) => {
    if (kind === 'check') return `A check of the pull request failed. ${text}`;
    const where = path === undefined ? '' : ` on ${path}${line === undefined ? '' : `:${line}`}`;
    return `${author ?? 'A reviewer'} wrote${where}:\n${text}`;
  });
  return clip(['This was said about your change:', ...texts].join('\n\n'), LIMITS.feedbackCharsMax);
}
