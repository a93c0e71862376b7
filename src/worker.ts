/**
 * The worker: one for workflow tasks, one for the steps of this host. It settles what a killed predecessor left before
 * it polls. Runs inside the engine, or alone (`node src/worker.ts`) beside one that has none, then also more than once.
 */
import { existsSync, realpathSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { Client } from '@temporalio/client';
import { type InjectedSinks, Worker } from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import { createRunActivities } from './activities/pinned-run.ts';
import { recoverLeftOvers } from './activities/recovery.ts';
import { createTaskActivities } from './activities/task-activities.ts';
import { createWorkers, type Membership, type Workers } from './adapters/files/workers.ts';
import { startGitBy } from './adapters/git/git-starter.ts';
import { createForkClient } from './adapters/programs/fork-client.ts';
import type { TaskObserver } from './client/live-tasks.ts';
import { nounOf, runOf } from './client/run-of.ts';
import { TASK_QUEUE } from './client/starting.ts';
import { statusOf } from './client/visibility.ts';
import { placesIn } from './config.ts';
import type { ExecutionState } from './domain/executions/execution-state.ts';
import { activityDeps, localRuns } from './local.ts';
import { modulePath } from './module-path.ts';
import { settleLost, watchPeers } from './worker/peers.ts';
import { answersBy, runningActivities } from './worker/running-activities.ts';
import type { RunningWorker, WorkerOptions } from './worker/running-worker.ts';
import { workflowBundle } from './workflow-bundle.ts';
import type { StateSinks } from './workflows/sinks.ts';

/** Megabytes for new objects, per thread: workflows make much garbage, which V8 would otherwise let grow to 48 MB. */
const SMALL_NURSERY = '--max-semi-space-size=4';

/**
 * How workflow tasks are run; the bench gives the workflow it compares with the same.
 * @param cachedMax a cached workflow costs two thirds of a megabyte; one that is not is replayed from its short history
 */
export const taskWorkerOptions = (cachedMax: number) => ({
  // A killed worker's sticky queue holds the next workflow task for this long; the default of 10 s is felt.
  stickyQueueScheduleToStartTimeout: '1 s' as const,
  workflowThreadPoolSize: 1,
  maxCachedWorkflows: cachedMax,
});

export async function createWorker(options: WorkerOptions): Promise<RunningWorker> {
  setFlagsFromString(SMALL_NURSERY);
  const workers = createWorkers(placesIn(options.config.home));
  const joined = await workers.join();
  const left = new AbortController();
  const membership = {
    ...joined,
    leave() {
      left.abort();
      joined.leave();
    },
  };
  try {
    return await createMember(options, workers, membership, left.signal);
  } catch (error) {
    membership.leave();
    throw error;
  }
}

async function createMember(
  { connection, namespace, client, config, hostQueue, onPeerLost, observerOf, repairs }: WorkerOptions,
  workers: Workers,
  membership: Membership,
  left: AbortSignal,
): Promise<RunningWorker> {
  const observer = observerOf(membership.id, left);
  const deps = activityDeps(config, workers, membership.id, observer);
  const recovery = {
    ...deps,
    activities: runningActivities(client),
    exclusively: workers.exclusively,
  };
  await settleLost(workers, recovery);
  const dataConverter = { payloadConverterPath: modulePath('workflows/payload-converter') };
  const tasks = await Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: await workflowBundle(),
    activities: createTaskActivities({ statusOf: (id) => statusIn(client, id) }),
    sinks: stateSinks(
      (state, startedAt, moment) => {
        repairs.moved(state.id);
        observer.changed(state, startedAt, moment);
      },
      (state) => {
        repairs.moved(state.id);
        observer.executionChanged(state);
      },
    ),
    dataConverter,
    ...taskWorkerOptions(config.workflowsCachedMax),
  });
  const steps = await Worker.create({
    connection,
    namespace,
    taskQueue: hostQueue,
    activities: {
      ...createActivities(deps, answersBy(client), (workflowId) => recoverLeftOvers(recovery, workflowId)),
      ...createRunActivities(localRuns(config)),
    },
    dataConverter,
    // Not the number of agents, which slots limit: a step that waits for a slot must not keep a merge from running.
    maxConcurrentActivityTaskExecutions: 200,
    // A cancel reaches a step with its next heartbeat.
    maxHeartbeatThrottleInterval: '1 s',
    defaultHeartbeatThrottleInterval: '1 s',
    // Agents are ended at once on shutdown; 10 s is what ending a stubborn one may take.
    shutdownGraceTime: '0 s',
    shutdownForceTime: '20 s',
  });
  const both = [tasks, steps];
  return {
    run: async () => {
      const unwatch = onPeerLost === undefined ? () => undefined : watchPeers(workers, recovery, onPeerLost);
      const startGitHere = startGitByServer(config.home);
      const runs = both.map((worker) => worker.run());
      // One that cannot go on takes the other along, so that the supervisor starts both anew.
      for (const run of runs) run.catch(() => shutdownAll(both));
      // Not before both have ended: whoever has left runs no step any more.
      await Promise.allSettled(runs);
      await unwatch();
      await startGitHere();
      membership.leave();
      await Promise.all(runs);
    },
    shutdown: () => shutdownAll(both),
  };
}

/** A worker is large, and most of what its steps do is git. @returns what ends it again */
function startGitByServer(home: string): () => Promise<void> {
  const server = createForkClient(modulePath('adapters/programs/fork-server'), home);
  const startHere = startGitBy(server);
  return () => {
    startHere();
    return server.close();
  };
}

const stateSinks = (
  onTask: TaskObserver['changed'],
  onExecution: (state: ExecutionState) => void,
): InjectedSinks<StateSinks> => ({
  tasks: {
    changed: {
      fn: ({ startTime, runStartTime, historyLength }, state) =>
        onTask(state, state.plannedAt ?? startTime.toISOString(), {
          run: runStartTime.toISOString(),
          events: historyLength,
        }),
      callDuringReplay: false,
    },
  },
  executions: { changed: { fn: (_, state) => onExecution(state), callDuringReplay: false } },
});

/** How a task stands, by Temporal's word; undefined where there is none. */
async function statusIn(client: Client, id: string): Promise<string | undefined> {
  const run = await runOf(client, id);
  return run === undefined || nounOf(id) !== 'task' ? undefined : statusOf(run);
}

function shutdownAll(workers: readonly Worker[]): void {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}

/** Whether this file is what Node was told to run. */
function isProgram(): boolean {
  const program = process.argv[1] ?? '';
  return existsSync(program) && realpathSync(program) === import.meta.filename;
}

if (isProgram()) {
  const { runWorkerAlone } = await import('./worker/alone.ts');
  process.exitCode = await runWorkerAlone(createWorker);
}
