/**
 * What a killed worker left is settled by one that comes back, before it polls, or by another one of the home: it ends
 * the processes, resets the workflow's sticky queue (or the next workflow task waits for the dead worker), and only then
 * completes or fails the activity, so that the task goes on at once instead of after a heartbeat timeout.
 */
import type { AttemptInput } from '../domain/steps.ts';
import { checkpointNow } from './checkpoint.ts';
import type { ActivityDeps } from './deps.ts';
import { endPrograms } from './end-programs.ts';
import { lostWorker } from './failure.ts';
import type { LeftOver } from './ports/journal-port.ts';
import { settleAttempt } from './settle-attempt.ts';

/** What recovery asks of Temporal. Calls about an activity that is not running any more do nothing. */
export interface RunningActivities {
  resetSticky(step: Pick<RunningStep, 'workflowId' | 'runId'>): Promise<void>;
  complete(leftOver: LeftOver, result: unknown): Promise<void>;
  fail(step: RunningStep, error: unknown): Promise<void>;
  /** Those that were given to one of these workers, as Temporal knows, and have not come to an end. */
  givenTo(workers: readonly string[]): Promise<readonly RunningStep[]>;
}

/** A step as Temporal names it; with a task token that try of it alone. */
export type RunningStep = Pick<LeftOver, 'workflowId' | 'runId' | 'activityId' | 'taskToken'>;

export interface RecoveryDeps extends Pick<ActivityDeps, 'workspaces' | 'journal' | 'endMarked'> {
  readonly activities: RunningActivities;
  /** Two workers that settled the same entry would end what the next try of its activity has started meanwhile. */
  readonly exclusively: <T>(act: () => Promise<T>) => Promise<T>;
}

/**
 * Settles what dead workers left of one workflow, or of all. Where there is nothing, nobody is waited for. Safe to be
 * killed and run again at any point.
 * @returns how many left-overs were settled
 */
export async function recoverLeftOvers(deps: RecoveryDeps, workflowId?: string): Promise<number> {
  const seen = await deps.journal.leftOvers(workflowId);
  if (seen.length === 0) return 0;
  return deps.exclusively(async () => {
    const leftOvers = await deps.journal.leftOvers(workflowId);
    await Promise.all(leftOvers.map((leftOver) => recover(deps, leftOver)));
    return leftOvers.length;
  });
}

/**
 * Steps that dead workers were given and did not live to note. None of them has begun, and nothing but Temporal knows of them. Call
 * once what they have noted is settled. Safe to be killed and run again at any point.
 * @returns how many there were
 */
export const recoverUnnoted = (
  { activities, exclusively }: Pick<RecoveryDeps, 'activities' | 'exclusively'>,
  workers: readonly string[],
): Promise<number> =>
  // Only one at a time looks: what it fails is given to another worker at once, and is named alike.
  exclusively(async () => {
    const steps = await activities.givenTo(workers);
    for (const step of steps) {
      await activities.resetSticky(step);
      await activities.fail(step, lostWorker('the worker was killed before the step', { neverBegun: true }));
    }
    return steps.length;
  });

async function recover(deps: RecoveryDeps, leftOver: LeftOver): Promise<void> {
  await endPrograms(leftOver, deps.endMarked);
  await deps.activities.resetSticky(leftOver);
  if (leftOver.activityType === 'runAttempt') await settle(deps, leftOver);
  else await deps.activities.fail(leftOver, lostWorker('the worker was killed during the step'));
  await deps.journal.discard(leftOver.id);
}

/** An attempt whose agent had ended well is finished here; any other one fails with all that is known of it. */
async function settle(deps: RecoveryDeps, leftOver: LeftOver): Promise<void> {
  // Written by `running` from this very type; a journal of another version is refused by its reader.
  const input = leftOver.input as AttemptInput;
  if (leftOver.report !== undefined) {
    const settled = await settleAttempt(deps, input, leftOver.report).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    if ('result' in settled) return deps.activities.complete(leftOver, settled.result);
    return deps.activities.fail(leftOver, settled.error);
  }
  if (leftOver.waits === true) {
    const message = 'the worker was killed before the attempt had begun';
    return deps.activities.fail(leftOver, lostWorker(message, { neverBegun: true }));
  }
  const last = leftOver.checkpoint ?? input.attempt.checkpoint;
  const hasWorkspace = await deps.workspaces.exists(input.task);
  const checkpoint = hasWorkspace ? await checkpointNow(deps, input, last) : last;
  const { usage } = leftOver;
  const details = {
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(usage === undefined ? {} : { usage }),
  };
  await deps.activities.fail(leftOver, lostWorker('the worker was killed during the attempt', details));
}
