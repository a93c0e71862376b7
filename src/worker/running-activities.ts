/** What recovery asks of Temporal, in Temporal's words. */
import { ActivityNotFoundError, type Client } from '@temporalio/client';
import type { JournalRecord } from '../activities/ports.ts';
import type { RunningActivities } from '../activities/recovery.ts';

export function runningActivities(client: Client): RunningActivities {
  return {
    async resetSticky({ workflowId, runId }) {
      const { namespace } = client.options;
      await unlessGone(
        client.workflowService.resetStickyTaskQueue({ namespace, execution: { workflowId, runId } }),
      );
    },
    complete: (record, result) => unlessGone(client.activity.complete(idOf(record), result)),
    fail: (record, error) => unlessGone(client.activity.fail(idOf(record), error)),
  };
}

const idOf = ({ workflowId, runId, activityId }: JournalRecord) => ({ workflowId, runId, activityId });

/** The step or its workflow ended in the meantime, by itself or by a timeout: there is nothing to settle. */
async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ActivityNotFoundError) return;
    // gRPC's NOT_FOUND: the raw service has no error class of its own for a workflow that is gone.
    if (error instanceof Error && 'code' in error && error.code === 5) return;
    throw error;
  }
}
