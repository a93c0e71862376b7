/** What an adapter's error becomes: final, tried again by the step's policy, or when the far side said so. */
import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import { asStepFailure } from '../../src/activities/failure.ts';
import { PawlError } from '../../src/domain/failures.ts';
import { LIMITS } from '../../src/domain/limits.ts';

const failureOf = (error: unknown) => {
  const failure = asStepFailure(error, 'git');
  if (!(failure instanceof ApplicationFailure))
    throw new Error('expected a failure of a step', { cause: failure });
  const { type, nonRetryable, nextRetryDelay } = failure;
  return { type, nonRetryable, nextRetryDelay };
};
const limited = (retryAfterMs: unknown) =>
  new PawlError('unavailable', 'GitHub limits requests', { details: { retryAfterMs } });

it.each([
  [
    'an answer is final',
    new PawlError('conflict', 'not so'),
    { nonRetryable: true, nextRetryDelay: undefined },
  ],
  [
    'an outage is retried',
    new PawlError('unavailable', 'down'),
    { nonRetryable: false, nextRetryDelay: undefined },
  ],
  ['a limit is retried when it says', limited(90_000), { nonRetryable: false, nextRetryDelay: 90_000 }],
  [
    'but not in a year',
    limited(365 * 86_400_000),
    { nonRetryable: false, nextRetryDelay: LIMITS.stepPauseMsMax },
  ],
  ['nor at a time that is none', limited('soon'), { nonRetryable: false, nextRetryDelay: undefined }],
])('%s', (_, error, expected) => {
  expect(failureOf(error)).toEqual({ type: 'git', ...expected });
});

it('leaves what it does not know to the retry policy', () => {
  const error = new Error('socket hang up');
  expect(asStepFailure(error, 'git')).toBe(error);
});
