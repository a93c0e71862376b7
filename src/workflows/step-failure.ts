/** Turns what a step threw into the failure of an attempt or of the task. Facts first: the class is the type. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { FAILURE_CLASSES, type Failure, type FailureClass } from '../domain/failures.ts';
import type { AttemptFailureDetails } from '../domain/steps.ts';
import type { Checkpoint, Usage } from '../domain/task-state.ts';

/** Ends the task as failed. The only error besides cancellation that the main loop catches. */
export class TaskFailed extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'TaskFailed';
    this.failure = failure;
  }
}

/** How far an attempt had got that did not end well. */
export interface Reached {
  readonly checkpoint?: Checkpoint;
  readonly session?: string;
  readonly usage?: Usage;
}

export interface StepFailure extends Reached {
  readonly failure: Failure;
  /** Another attempt would end the same way. */
  readonly final?: true;
  /** It was still waiting for its turn. */
  readonly neverBegun?: true;
}

/** How far an attempt had got that was cancelled. */
export function cancelledAt(error: unknown): Reached {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const [details] = cause instanceof CancelledFailure ? cause.details : [];
  // Written by our own activity; one that never began has none.
  return reachedIn((details ?? {}) as AttemptFailureDetails);
}

/** @throws the error itself when it is no failure of an activity: then it is a bug or a cancellation. */
export function stepFailureOf(error: unknown): StepFailure {
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) return fromApplication(cause);
  if (cause instanceof TimeoutFailure) return fromTimeout(cause);
  throw error;
}

function fromApplication(cause: ApplicationFailure): StepFailure {
  // Written by our own activities and recovery; an older or foreign failure has no details.
  const details = (cause.details?.[0] ?? {}) as AttemptFailureDetails;
  const { output, httpStatus, retryAfterMs, permission, final, neverBegun } = details;
  const failure: Failure = {
    class: classOf(cause.type),
    message: cause.message,
    ...(output === undefined ? {} : { output }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(permission === undefined ? {} : { permission }),
  };
  return {
    failure,
    ...reachedIn(details),
    ...(final === undefined ? {} : { final }),
    ...(neverBegun === undefined ? {} : { neverBegun }),
  };
}

function fromTimeout(cause: TimeoutFailure): StepFailure {
  if (cause.timeoutType !== TimeoutType.HEARTBEAT) {
    return { failure: { class: 'timeout', message: 'the step did not end within its limit' } };
  }
  // What an attempt heartbeats is its latest checkpoint.
  const checkpoint = cause.lastHeartbeatDetails as Checkpoint | undefined;
  return {
    failure: { class: 'worker_lost', message: 'the worker that ran this step is gone' },
    ...(checkpoint?.number === undefined ? {} : reachedIn({ checkpoint })),
  };
}

function reachedIn({
  checkpoint,
  session = checkpoint?.agentSession,
  usage,
}: AttemptFailureDetails): Reached {
  return {
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(session === undefined ? {} : { session }),
    ...(usage === undefined ? {} : { usage }),
  };
}

const classOf = (type: string | null | undefined): FailureClass =>
  FAILURE_CLASSES.find((one) => one === type) ?? 'unknown';
