/** How steps and recovery complete or fail their activities through Temporal's client. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ActivityCompletionError, ActivityNotFoundError, type Client } from '@temporalio/client';
import type { LeftOver } from '../activities/ports/journal-port.ts';
import type { RunningActivities } from '../activities/recovery.ts';
import type { Answers } from '../activities/running.ts';
import { GRPC_STATUS } from '../client/grpc-status.ts';

/** A Temporal that was killed is back within a second or two. */
const RETRY_MS = 200;

export function runningActivities(client: Client): RunningActivities {
  return {
    async resetSticky({ workflowId, runId }) {
      const { namespace } = client.options;
      await unlessGone(
        client.workflowService.resetStickyTaskQueue({ namespace, execution: { workflowId, runId } }),
      );
    },
    complete: (leftOver, result) => {
      const token = tokenOf(leftOver);
      const { activity } = client;
      return unlessGone(
        token === undefined ? activity.complete(idOf(leftOver), result) : activity.complete(token, result),
      );
    },
    fail: (leftOver, error) => {
      const token = tokenOf(leftOver);
      const { activity } = client;
      return unlessGone(
        token === undefined ? activity.fail(idOf(leftOver), error) : activity.fail(token, error),
      );
    },
  };
}

export const answersBy = (client: Client): Answers => ({
  async complete(taskToken, result, signal) {
    for (;;) {
      try {
        await unlessGone(client.activity.complete(taskToken, result));
        return true;
      } catch (error) {
        // Any other error is the server's refusal for good; this one says that it could not be reached.
        if (!(error instanceof ActivityCompletionError)) throw error;
        if (signal.aborted) return false;
      }
      await sleep(RETRY_MS);
    }
  },
});

/** The task token names this try alone: a later try, which may run on another worker by now, is left alone. */
const tokenOf = ({ taskToken }: LeftOver): Uint8Array | undefined =>
  taskToken === undefined ? undefined : Buffer.from(taskToken, 'base64');

/** In a journal of an older version there is no token. */
const idOf = ({ workflowId, runId, activityId }: LeftOver) => ({ workflowId, runId, activityId });

/** The step or its workflow ended in the meantime, by itself or by a timeout: there is nothing to settle. */
async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ActivityNotFoundError) return;
    // The raw service has no error class of its own for a workflow that is gone.
    if (error instanceof Error && 'code' in error && error.code === GRPC_STATUS.NOT_FOUND) return;
    throw error;
  }
}
