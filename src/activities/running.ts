/**
 * What every step runs inside: a journal entry on disk before it acts, heartbeats that carry cancellation to it, and
 * the same translation of errors. A step is thereby cancellable and recoverable by construction, not by discipline.
 */
import { CompleteAsyncError, Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { FailureClass } from '../domain/failures.ts';
import type { Mask } from '../domain/mask.ts';
import { asStepFailure } from './failure.ts';
import { maskError } from './masking.ts';
import type { Journal, JournalEntry, JournalHeader } from './ports/journal-port.ts';

const BEAT_EVERY_MS = 2_000;

export interface Running {
  /** Aborts on a cancel request, on the worker's shutdown and when the server gave the step up. */
  readonly signal: AbortSignal;
  readonly entry: JournalEntry;
  /** Sets what each heartbeat carries from now on. One without details would erase the last ones. */
  readonly carry: (details: unknown) => void;
  /** While true no heartbeat is sent, so that a stalled step is found by its timeout. */
  readonly hush: (stalled: boolean) => void;
}

export interface RunningOptions {
  readonly journal: Journal;
  readonly owner: JournalHeader['owner'];
  /** The mark of the processes this step starts. */
  readonly mark: string;
  readonly input: unknown;
  /** For what it throws: as it is then. */
  readonly mask: () => Mask;
  /** Class of a failure that has none of its own. */
  readonly failureClass: FailureClass;
  readonly answers: Answers;
  /** Settles what dead workers left of this workflow: nothing of theirs may run beside this step. */
  readonly settled: (workflowId: string) => Promise<unknown>;
  /** Sends no heartbeats: for a step that waits for people, where nothing moves and nothing is to be called. */
  readonly silent?: boolean;
}

/** Tells the server what a step came to. */
export interface Answers {
  /**
   * Settles when the server knows it, or has given the step up; tries for as long as the server is away.
   * @returns false when `signal` aborted before that
   */
  complete(taskToken: Uint8Array, result: unknown, signal: AbortSignal): Promise<boolean>;
}

export async function running<T>(
  options: RunningOptions,
  work: (running: Running) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  const { activityId, activityType, workflowExecution, attempt, taskToken } = context.info;
  const { workflowId, runId } = workflowExecution ?? { workflowId: 'none', runId: 'none' };
  await options.settled(workflowId);
  const entry = await openEntry(options, {
    id: `${workflowId}.${runId}.${activityId}.${attempt}`,
    workflowId,
    runId,
    activityId,
    activityType,
    mark: options.mark,
    input: options.input,
    taskToken: Buffer.from(taskToken).toString('base64'),
    owner: options.owner,
  });
  let details: unknown = {};
  let hushed = options.silent ?? false;
  const beat = () => (hushed ? undefined : context.heartbeat(details));
  const timer = options.silent === true ? undefined : setInterval(beat, BEAT_EVERY_MS);
  beat();
  let settled = true;
  try {
    const result = await work({
      signal: context.cancellationSignal,
      entry,
      carry: (next) => {
        details = next;
        beat();
      },
      hush: (stalled) => {
        hushed = stalled;
      },
    });
    // Not by returning it: then the entry would be gone before the server knows, and a kill in between would lose a
    // finished step. Of what is told here and not heard, the entry stays.
    settled = await options.answers.complete(taskToken, result, context.cancellationSignal);
  } catch (thrown) {
    const error = maskError(options.mask(), thrown);
    // One that says so itself says also how far it was. What waits ends by the signal's own reason, on a shutdown too.
    if (error instanceof CancelledFailure && !isShutdown()) throw error;
    if (context.cancellationSignal.aborted && !(error instanceof ApplicationFailure))
      throw await ending(context);
    throw asStepFailure(error, options.failureClass);
  } finally {
    clearInterval(timer);
    if (settled) await entry.close();
  }
  throw new CompleteAsyncError();
}

const openEntry = ({ journal, failureClass }: RunningOptions, header: JournalHeader): Promise<JournalEntry> =>
  journal.open(header).catch((error: unknown) => {
    throw asStepFailure(error, failureClass);
  });

/** A user's cancel is a cancellation; a worker that shuts down is a step to be done again by the next one. */
async function ending(context: Context): Promise<unknown> {
  if (context.cancellationDetails?.workerShutdown === true) return interruptedByShutdown();
  return context.cancelled.catch((cancelled: unknown) => cancelled);
}

export const isShutdown = (): boolean => Context.current().cancellationDetails?.workerShutdown === true;

const interruptedByShutdown = (): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'interrupted',
    message: 'the worker shut down before the step had ended',
    nonRetryable: false,
    details: [{}],
  });
