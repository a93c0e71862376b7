/** What is said about a pull request: on its forge, as work for the agent; by the engine, for people to look at. Pure. */
import { clipAll, LIMITS } from './limits.ts';
import type { FeedbackItem } from './pull-request-news.ts';
import type { Policy } from './task-spec.ts';
import type { Attempt } from './task-state.ts';

const ROUNDS_DEFAULT = 5;

/** Rounds are bounded: two robots that review each other would go on for ever. */
export const mayReview = (
  attempts: readonly Attempt[],
  { reviewRoundsMax = ROUNDS_DEFAULT }: Policy,
): boolean => attempts.filter(({ reason }) => reason === 'review').length < reviewRoundsMax;

/** For the agent to read: where, who and what, one item after the other; each is there, if cut. */
export function feedbackOf(
  items: readonly FeedbackItem[],
  charsMax: number = LIMITS.feedbackCharsMax,
): string {
  const texts = items.map(({ kind, text, author, path, line }) => {
    if (kind === 'check') return `A check of the pull request failed. ${text}`;
    const where = path === undefined ? '' : ` on ${path}${line === undefined ? '' : `:${line}`}`;
    return `${author ?? 'A reviewer'} wrote${where}:\n${text}`;
  });
  const head = 'This was said about your change:';
  const room = charsMax - head.length - SEPARATOR.length * texts.length;
  return [head, ...clipAll(texts, room)].join(SEPARATOR);
}

const SEPARATOR = '\n\n';

/** For people: the failed checks among them, in one line; undefined when there are none. */
export function failedChecksIn(items: readonly FeedbackItem[]): string | undefined {
  const checks = items.filter(({ kind }) => kind === 'check').map(({ text }) => text.split('\n', 1)[0] ?? '');
  return checks.length === 0 ? undefined : `checks failed on the forge: ${checks.join('; ')}`;
}

/** For people who decide: what became of the change when the base lost a commit that it stood on. */
export const rewrittenWords = (base: string): string =>
  `${base} was rewritten since the task began: only the task's own change was carried over to it`;
