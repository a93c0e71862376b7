/** How steps and recovery complete or fail their activities through Temporal's client. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ActivityCompletionError,
  ActivityNotFoundError,
  type Client,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { RunningActivities, RunningStep } from '../activities/recovery.ts';
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
    fail: (step, error) => {
      const token = tokenOf(step);
      const { activity } = client;
      return unlessGone(token === undefined ? activity.fail(idOf(step), error) : activity.fail(token, error));
    },
    async givenTo(workers) {
      const identities = workers.map(identityOf);
      const runs: Run[] = [];
      for await (const run of client.workflow.list({ query: HAS_STEPS })) runs.push(run);
      const steps: RunningStep[] = [];
      for (let at = 0; at < runs.length; at += ASKED_AT_ONCE) {
        const some = runs.slice(at, at + ASKED_AT_ONCE);
        steps.push(...(await Promise.all(some.map((run) => givenOf(client, run, identities)))).flat());
      }
      return steps;
    },
  };
}

/** By which Temporal knows to which worker of the home it gave a step. */
export const identityOf = (worker: string): string => `pawl/${worker}`;

/** Temporal's number for a step that a worker has taken and not ended. */
const STARTED = 2;
/** Others have no steps on the queue of a host. */
const HAS_STEPS = "ExecutionStatus = 'Running' AND PawlKind IN ('agent_run', 'execution')";

const ASKED_AT_ONCE = 20;

type Run = Pick<RunningStep, 'workflowId' | 'runId'>;

async function givenOf(
  { workflow }: Client,
  { workflowId, runId }: Run,
  identities: readonly string[],
): Promise<RunningStep[]> {
  try {
    const { raw } = await workflow.getHandle(workflowId, runId).describe();
    return (raw.pendingActivities ?? [])
      .filter(
        ({ state, lastWorkerIdentity }) => state === STARTED && identities.includes(lastWorkerIdentity ?? ''),
      )
      .map(({ activityId }) => ({ workflowId, runId, activityId: activityId ?? '' }));
  } catch (error) {
    // It was removed since it was listed.
    if (error instanceof WorkflowNotFoundError) return [];
    throw error;
  }
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
const tokenOf = ({ taskToken }: RunningStep): Uint8Array | undefined =>
  taskToken === undefined ? undefined : Buffer.from(taskToken, 'base64');

/** In a journal of an older version there is no token. */
const idOf = ({ workflowId, runId, activityId }: RunningStep) => ({ workflowId, runId, activityId });

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
