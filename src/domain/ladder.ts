/**
 * The recovery ladder: what happens after an attempt failed. A pure function of the failure, the attempts so far and
 * the policy. Rungs: resume the agent's session from the checkpoint → restart fresh with a hand-over → escalate to a
 * person, or fail with what is known. Waiting for a quota or a person never uses up attempts.
 */
import { byAgents } from './by-hand.ts';
import { failureText } from './failure-words.ts';
import type { Failure, FailureClass } from './failures.ts';
import { LIMITS, tail } from './limits.ts';
import { BOUNDED_WAIT_SINCE, EDITION, type NextAttempt } from './task-record.ts';
import type { Policy } from './task-spec.ts';
import type { Attempt, Checkpoint } from './task-state.ts';

export type Rung =
  | { readonly kind: 'attempt'; readonly next: NextAttempt }
  | { readonly kind: 'escalate'; readonly question: string }
  | { readonly kind: 'fail'; readonly failure: Failure };

/** What the ladder does with each class, and how long it waits before the n-th try in a row (n from 1). */
interface Strategy {
  /** Tries in a row of `resume`, then of `restart`, before it ends. */
  readonly resumes: number;
  readonly restarts: number;
  readonly waitMs: (inARow: number) => number;
  readonly end: 'escalate' | 'fail';
}

const now = () => 0;
const SECOND = 1_000;
/** 5 s doubling to 5 minutes: a provider that answers errors is not helped by being asked faster. */
const backOff = (inARow: number) => Math.min(5 * SECOND * 2 ** (inARow - 1), 300 * SECOND);
/** A quota without a stated reset: a minute, doubling to an hour. */
const quota = (inARow: number) => Math.min(60 * SECOND * 2 ** (inARow - 1), 3_600 * SECOND);

const STRATEGIES: Readonly<Record<FailureClass, Strategy>> = {
  // Killed from outside: the work is fine, go on where it stopped.
  interrupted: { resumes: 5, restarts: 1, waitMs: now, end: 'fail' },
  worker_lost: { resumes: 10, restarts: 1, waitMs: now, end: 'fail' },
  // The same session would most likely hang again, so one resume only.
  timeout: { resumes: 1, restarts: 1, waitMs: now, end: 'fail' },
  stalled: { resumes: 1, restarts: 1, waitMs: now, end: 'fail' },
  rate_limited: { resumes: Number.POSITIVE_INFINITY, restarts: 0, waitMs: quota, end: 'escalate' },
  api_error: { resumes: 4, restarts: 1, waitMs: backOff, end: 'fail' },
  // No retry makes a credential valid or a permission granted.
  auth: { resumes: 0, restarts: 0, waitMs: now, end: 'escalate' },
  permission: { resumes: 0, restarts: 0, waitMs: now, end: 'escalate' },
  blocked: { resumes: 0, restarts: 0, waitMs: now, end: 'escalate' },
  conflict: { resumes: 0, restarts: 0, waitMs: now, end: 'escalate' },
  // Only a person can make room.
  disk_full: { resumes: 0, restarts: 0, waitMs: now, end: 'escalate' },
  // The conversation is full: only a fresh one with a hand-over can go on.
  context_overflow: { resumes: 0, restarts: 2, waitMs: now, end: 'fail' },
  invalid_output: { resumes: 0, restarts: 1, waitMs: now, end: 'fail' },
  unknown: { resumes: 0, restarts: 1, waitMs: now, end: 'fail' },
  git: { resumes: 0, restarts: 1, waitMs: now, end: 'fail' },
  // The agent was there, ended well and left nothing: saying so beats paying again.
  no_change: { resumes: 0, restarts: 0, waitMs: now, end: 'fail' },
  check_failed: { resumes: 0, restarts: 0, waitMs: now, end: 'fail' },
  rejected: { resumes: 0, restarts: 0, waitMs: now, end: 'fail' },
  setup_failed: { resumes: 0, restarts: 0, waitMs: now, end: 'fail' },
};

/** What ended an attempt and was nobody's try: a quota, a lost worker, a question to a person. */
const UNCOUNTED: ReadonlySet<FailureClass> = new Set<FailureClass>([
  'rate_limited',
  'worker_lost',
  'permission',
  'disk_full',
]);

/** Attempts that count against the policy. One that was cut short to be told something does not, nor one by a person's hand. */
export const spentAttempts = (attempts: readonly Attempt[]): number =>
  byAgents(attempts).filter(
    ({ failure, outcome }) =>
      outcome !== 'cancelled' && (failure === undefined || !UNCOUNTED.has(failure.class)),
  ).length;

/**
 * What to do after the last of `attempts` failed with `failure`.
 * @param checkpoint where that attempt had got to, if it said so
 * @param edition of the task: what an older one waited for is part of its history
 */
export function nextRung(
  failure: Failure,
  attempts: readonly Attempt[],
  policy: Policy,
  checkpoint?: Checkpoint,
  edition: number = EDITION,
): Rung {
  // Another agent stands by.
  if (failure.class === 'rate_limited' && policy.onQuota === 'fail') return { kind: 'fail', failure };
  const strategy = STRATEGIES[failure.class];
  const inARow = failuresInARow(attempts, failure.class);
  const waitMs =
    failure.retryAfterMs === undefined
      ? strategy.waitMs(inARow)
      : statedWaitMs(failure.retryAfterMs, inARow, edition);
  const within = spentAttempts(attempts) < policy.attemptsMax;
  if (within && inARow <= strategy.resumes) {
    return attempt({ reason: 'resume', waitMs, ...(checkpoint === undefined ? {} : { checkpoint }) });
  }
  if (within && inARow <= strategy.resumes + strategy.restarts) {
    return attempt({ reason: 'restart', waitMs, feedback: handOver(failure, checkpoint) });
  }
  if (strategy.end === 'escalate') return { kind: 'escalate', question: failure.message };
  return { kind: 'fail', failure };
}

/** What a provider states is kept to, but not faster than one that answers errors is asked, and for no longer than a day. */
function statedWaitMs(retryAfterMs: number, inARow: number, edition: number): number {
  if (edition < BOUNDED_WAIT_SINCE) return retryAfterMs;
  return Math.max(backOff(inARow), Math.min(retryAfterMs, LIMITS.retryAfterMsMax));
}

/** What follows a failed check, a rejection or a conflict: a fix attempt while the policy has some left. */
export function nextFix(
  reason: 'fix' | 'conflict',
  failure: Failure,
  attempts: readonly Attempt[],
  policy: Policy,
  feedback: string,
): Rung {
  const fixes = attempts.filter((one) => one.reason === 'fix' || one.reason === 'conflict').length;
  if (fixes < policy.fixAttemptsMax && spentAttempts(attempts) < policy.attemptsMax) {
    return attempt({ reason, feedback });
  }
  return reason === 'conflict' ? { kind: 'escalate', question: failure.message } : { kind: 'fail', failure };
}

/** For the agent: what a conflict asks of it. */
export const solveConflicts = ({ message }: Failure): string =>
  `${message}: solve the conflict markers, none may be left`;

/**
 * What ends a task whose attempts got no further. While a check fails, every attempt is there to mend that: for a person
 * the failing check is why the task ended, however the last of them did.
 * @param unfixed the failed check that the attempts were to mend
 */
export function endingOf(failure: Failure, unfixed: Failure | undefined): Failure {
  if (unfixed === undefined) return failure;
  const how =
    failure.class === 'no_change'
      ? 'the fix attempt changed nothing'
      : `the fix attempt failed: ${failureText(failure)}`;
  return { ...unfixed, message: `${unfixed.message}; ${how}` };
}

/** What the agent is to read, with something more to read after it. */
export const feedbackWith = (before: string | undefined, more: string | undefined): string =>
  tail([before, more].filter((part) => part !== undefined).join('\n\n'), LIMITS.feedbackCharsMax);

const attempt = (next: NextAttempt): Rung => ({ kind: 'attempt', next });

function failuresInARow(attempts: readonly Attempt[], failureClass: FailureClass): number {
  const lastOther = attempts.findLastIndex((one) => one.failure?.class !== failureClass);
  return Math.max(1, attempts.length - 1 - lastOther);
}

function handOver(failure: Failure, checkpoint: Checkpoint | undefined): string {
  const lines = [`The attempt before this one ended (${failure.class}): ${failure.message}`];
  if (checkpoint !== undefined && checkpoint.completed.length > 0)
    lines.push(`Done so far: ${checkpoint.completed.join('; ')}`);
  if (checkpoint !== undefined && checkpoint.next.length > 0)
    lines.push(`Planned next: ${checkpoint.next.join('; ')}`);
  if (failure.output !== undefined) lines.push(`Last output:\n${failure.output}`);
  return lines.join('\n');
}
