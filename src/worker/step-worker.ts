/** The steps of this host, with all that they need: most of what an engine loads. */
import { Worker } from '@temporalio/worker';
import { createBranchActivities } from '../activities/branch-activities.ts';
import { executionSteps } from '../activities/execution-step.ts';
import { createActivities } from '../activities/index.ts';
import { createLookActivities } from '../activities/look-activities.ts';
import { createRunActivities } from '../activities/pinned-run.ts';
import { recoverLeftOvers } from '../activities/recovery.ts';
import type { Workers } from '../adapters/files/workers.ts';
import { startGitBy } from '../adapters/git/git-starter.ts';
import { createForkClient } from '../adapters/programs/fork-client.ts';
import type { TaskObserver } from '../client/live-tasks.ts';
import { countAtWork } from '../client/visibility.ts';
import { activityDeps, localRuns } from '../local.ts';
import { modulePath } from '../module-path.ts';
import { settleLost, watchPeers } from './peers.ts';
import { answersBy, identityOf, runningActivities } from './running-activities.ts';
import type { WorkerOptions } from './running-worker.ts';
import { dataConverter } from './task-worker.ts';

export interface Steps {
  /** Settles what killed workers have left. */
  settleLost(): Promise<unknown>;
  createWorker(): Promise<Worker>;
  /** Begins what goes on beside the worker while it runs. @returns what ends that */
  beside(): () => Promise<void>;
}

/** @param member the worker among those of the home */
export function stepsOf(
  { connection, namespace, client, config, hostQueue, onPeerLost }: WorkerOptions,
  member: { readonly id: string; readonly workers: Workers; readonly observer: TaskObserver },
): Steps {
  const { workers } = member;
  const deps = activityDeps(config, workers, member.id, member.observer);
  const recovery = {
    ...deps,
    activities: runningActivities(client),
    exclusively: workers.exclusively,
  };
  const answers = answersBy(client);
  // Whoever asks first is served first where that is not known: no reason not to begin.
  const atWork = countAtWork(client).catch(() => 0);
  const settled = (workflowId: string) => recoverLeftOvers(recovery, workflowId);
  const step = executionSteps(deps, answers, settled);
  return {
    settleLost: () => settleLost(workers, recovery),
    async createWorker() {
      deps.slots.gather(await atWork, SILENT_MS_MAX);
      return Worker.create({
        connection,
        namespace,
        taskQueue: hostQueue,
        identity: identityOf(member.id),
        activities: {
          ...createActivities(deps, answers, settled),
          ...createLookActivities(deps, step),
          ...createBranchActivities(deps, step),
          ...createRunActivities(localRuns(config), deps.projects, step),
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
    },
    beside() {
      const unwatch = onPeerLost === undefined ? () => undefined : watchPeers(workers, recovery, onPeerLost);
      const startGitHere = startGitByServer(config.home);
      return async () => {
        await unwatch();
        await startGitHere();
      };
    },
  };
}

/** Tasks that are at something else than an attempt do not ask, and must not keep the others waiting. Asking may take seconds on a busy machine. */
const SILENT_MS_MAX = 3_000;

/** A worker is large, and most of what its steps do is git. @returns what ends it again */
function startGitByServer(home: string): () => Promise<void> {
  const server = createForkClient(modulePath('adapters/programs/fork-server'), home);
  const startHere = startGitBy(server);
  return () => {
    startHere();
    return server.close();
  };
}
