/** One function makes the failures of steps. Their type is a class of `domain/failures.ts`, which the ladder reads. */
import { ApplicationFailure } from '@temporalio/common';
import { isDiskFull } from '../domain/disk-full.ts';
import { type FailureClass, PawlError, pauseMsOf } from '../domain/failures.ts';
import type { AttemptFailureDetails } from '../domain/steps.ts';

/** A failure that doing the same again does not cure. */
export function stepFailure(
  type: FailureClass,
  message: string,
  details: AttemptFailureDetails = {},
  cause?: unknown,
): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    details: [details],
    nonRetryable: true,
    ...(cause instanceof Error ? { cause } : {}),
  });
}

/**
 * What an adapter threw, as a failure of a step of class `type`: a `PawlError` is an answer and final, but for
 * `unavailable`; anything else may be a passing fault and is tried again by the step's retry policy, or when the far side
 * said that it may be asked again.
 */
export function asStepFailure(error: unknown, type: FailureClass): unknown {
  if (isDiskFull(error))
    return ApplicationFailure.create({
      type: 'disk_full',
      message: DISK_FULL,
      details: [{}],
      nonRetryable: false,
    });
  if (!(error instanceof PawlError)) return error;
  const pauseMs = pauseMsOf(error);
  return ApplicationFailure.create({
    type,
    message: error.message,
    ...(pauseMs === undefined ? {} : { nextRetryDelay: pauseMs }),
    nonRetryable: error.code !== 'unavailable',
    details: [{}],
  });
}

const DISK_FULL = 'no disk space left where the engine works: make room, then retry';

/** The worker of a step was killed: a step is tried again by the server, an attempt climbs the ladder. */
export const lostWorker = (message: string, details: AttemptFailureDetails = {}): ApplicationFailure =>
  ApplicationFailure.create({ type: 'worker_lost', message, details: [details], nextRetryDelay: '1 ms' });
