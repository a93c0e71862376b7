/**
 * A worker that comes back after a kill settles what its predecessor left, before it polls: ends the processes, resets
 * the workflow's sticky queue (or the next workflow task waits for the dead worker), and only then completes or fails
 * the activity, so that the task goes on at once instead of after a heartbeat timeout.
 */
import type { AttemptInput } from '../domain/steps.ts';
import { settleAttempt } from './attempt.ts';
import { checkpointNow } from './checkpoint.ts';
import { lostWorker } from './failure.ts';
import type { ActivityDeps } from './index.ts';
import type { JournalRecord } from './ports.ts';

/** What recovery asks of Temporal. Calls about an activity that is not running any more do nothing. */
export interface RunningActivities {
  resetSticky(record: JournalRecord): Promise<void>;
  complete(record: JournalRecord, result: unknown): Promise<void>;
  fail(record: JournalRecord, error: unknown): Promise<void>;
}

export interface RecoveryDeps extends Pick<ActivityDeps, 'workspaces' | 'journal' | 'endMarked'> {
  readonly activities: RunningActivities;
}

/** Answers how many left-overs were settled. Safe to be killed and run again at any point. */
export async function recoverLeftOvers(deps: RecoveryDeps): Promise<number> {
  const records = await deps.journal.leftOvers();
  await Promise.all(records.map((record) => recover(deps, record)));
  return records.length;
}

async function recover(deps: RecoveryDeps, record: JournalRecord): Promise<void> {
  await deps.endMarked(record.mark);
  await deps.activities.resetSticky(record);
  if (record.activityType === 'runAttempt') await settle(deps, record);
  else await deps.activities.fail(record, lostWorker('the worker was killed during the step'));
  await deps.journal.discard(record.id);
}

/** An attempt whose agent had ended well is finished here; any other one fails with all that is known of it. */
async function settle(deps: RecoveryDeps, record: JournalRecord): Promise<void> {
  // Written by `running` from this very type; a journal of another version is refused by its reader.
  const input = record.input as AttemptInput;
  if (record.report !== undefined) {
    const settled = await settleAttempt(deps, input, record.report).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    if ('result' in settled) return deps.activities.complete(record, settled.result);
    return deps.activities.fail(record, settled.error);
  }
  const last = record.checkpoint ?? input.attempt.checkpoint;
  const hasWorkspace = await deps.workspaces.exists(input.task);
  const checkpoint = hasWorkspace ? await checkpointNow(deps, input, last) : last;
  const details = checkpoint === undefined ? {} : { checkpoint };
  await deps.activities.fail(record, lostWorker('the worker was killed during the attempt', details));
}
