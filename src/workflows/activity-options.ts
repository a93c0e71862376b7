/**
 * Every timeout and retry of the steps, each with its reason. All steps of a task go to the queue of the host that
 * holds its workspace. The heartbeat timeout finds a worker that is gone for good; one that comes back says so itself
 * at once (`activities/recovery.ts`), so these may be generous.
 */
import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { BranchActivities } from '../activities/branch-activities.ts';
import type { Activities } from '../activities/index.ts';
import type { LookActivities } from '../activities/look-activities.ts';
import type { RunActivities } from '../activities/pinned-run.ts';

/** A failed step is looked at again soon, then ever more slowly; what can never succeed says so itself. */
const retry = {
  initialInterval: '200 ms',
  backoffCoefficient: 2,
  maximumInterval: '30 s',
  maximumAttempts: 12,
} as const;

/** A step is over when it has really stopped: clean-up must not race it. */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

/** Beats every 2 s; 30 s bridges a stalled disk or a laptop that swaps. */
const heartbeatTimeout = '30 s';

/** Looks of the engine at the project of an execution, and what is left of them once it is over. */
export function looksOn(taskQueue: string) {
  const common = { taskQueue, heartbeatTimeout, cancellationType, retry } as const;
  // Each check, and each command of a guarantee, has its own limit of at most a day; this one bounds them together, and the wait
  // for looks of the same execution, of which one is made at a time.
  const { look } = proxyActivities<LookActivities>({ ...common, startToCloseTimeout: '48 hours' });
  // Git and the removal of a folder: seconds, or minutes where set-up has left very many files.
  const { endLooks } = proxyActivities<LookActivities>({ ...common, startToCloseTimeout: '10 minutes' });
  return { look, endLooks };
}

/** What the tasks of an execution need before they begin: git and the reading of files. */
export function childrenOn(taskQueue: string) {
  const common = { taskQueue, heartbeatTimeout, cancellationType, retry } as const;
  return proxyActivities<BranchActivities & RunActivities>({ ...common, startToCloseTimeout: '10 minutes' });
}

export function stepsOn(taskQueue: string) {
  const common = { taskQueue, heartbeatTimeout, cancellationType, retry } as const;
  // Fetching a large repository and `npm ci` on a cold cache take minutes; over an hour is a hang.
  const { prepareWorkspace } = proxyActivities<Activities>({ ...common, startToCloseTimeout: '1 hour' });
  // Tried once: attempts are a loop in the workflow, so that number, token and reason of each are in history. The
  // attempt ends itself by its own limits; a day more bounds the wait for a free slot of the host.
  const { runAttempt } = proxyActivities<Activities>({
    ...common,
    startToCloseTimeout: '48 hours',
    retry: { maximumAttempts: 1 },
  });
  // Each check has its own limit of at most a day; this one bounds them together.
  const { runChecks } = proxyActivities<Activities>({ ...common, startToCloseTimeout: '48 hours' });
  // Git and a forge's API as well, and the checks of those whose turn comes before.
  const { merge } = proxyActivities<Activities>({ ...common, startToCloseTimeout: '48 hours' });
  // Git and a forge's API: seconds, or minutes on a slow link.
  const { publish, takeUp, cleanUp } = proxyActivities<Activities>({
    ...common,
    startToCloseTimeout: '10 minutes',
  });
  // Lasts as long as people take. No heartbeat: nothing moves, so nothing is sent; a worker that comes back starts it
  // anew. Not waited for when it is cancelled: it hears of that only from the next step of its task.
  const { watchPullRequest } = proxyActivities<Activities>({
    taskQueue,
    retry: { ...retry, maximumAttempts: Number.POSITIVE_INFINITY },
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    startToCloseTimeout: '365 days',
  });
  return { prepareWorkspace, runAttempt, runChecks, publish, merge, takeUp, cleanUp, watchPullRequest };
}
export type Steps = ReturnType<typeof stepsOn>;
