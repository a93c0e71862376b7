/** The worker for workflow tasks. What it is made of loads quickly; its thread of workflows takes half of a start. */
import type { Client } from '@temporalio/client';
import { type InjectedSinks, Worker } from '@temporalio/worker';
import type { WorkflowInfo } from '@temporalio/workflow';
import { createTaskActivities } from '../activities/task-activities.ts';
import type { TaskObserver } from '../client/live-tasks.ts';
import { nounOf, runOf } from '../client/run-of.ts';
import { TASK_QUEUE } from '../client/start-workflow.ts';
import type { Moment } from '../client/told-order.ts';
import { statusOf } from '../client/visibility.ts';
import { modulePath } from '../module-path.ts';
import { workflowBundle } from '../workflow-bundle.ts';
import type { StateSinks } from '../workflows/sinks.ts';
import type { WorkerOptions } from './running-worker.ts';

/**
 * How workflow tasks are run; the bench gives the workflow it compares with the same.
 * @param cachedMax a cached workflow costs about a fifth of a megabyte; one that is not is replayed from its short history
 */
export const taskWorkerOptions = (cachedMax: number) => ({
  // A killed worker's sticky queue holds the next workflow task for this long; the default of 10 s is felt.
  stickyQueueScheduleToStartTimeout: '1 s' as const,
  workflowThreadPoolSize: 1,
  maxCachedWorkflows: cachedMax,
});

export const dataConverter = { payloadConverterPath: modulePath('workflows/payload-converter') };

export async function createTaskWorker(
  { connection, namespace, client, config, repairs }: WorkerOptions,
  observer: Pick<TaskObserver, 'changed' | 'executionChanged'>,
): Promise<Worker> {
  return Worker.create({
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
      (state, moment) => {
        repairs.moved(state.id);
        observer.executionChanged(state, moment);
      },
    ),
    dataConverter,
    ...taskWorkerOptions(config.workflowsCachedMax),
  });
}

const stateSinks = (
  onTask: TaskObserver['changed'],
  onExecution: TaskObserver['executionChanged'],
): InjectedSinks<StateSinks> => ({
  tasks: {
    changed: {
      fn: (info, state) => onTask(state, state.plannedAt ?? info.startTime.toISOString(), momentOf(info)),
      callDuringReplay: false,
    },
  },
  executions: {
    changed: {
      fn: (info, state) => onExecution(state, momentOf(info)),
      callDuringReplay: false,
    },
  },
});

const momentOf = ({ runStartTime, historyLength }: WorkflowInfo): Moment => ({
  run: runStartTime.toISOString(),
  events: historyLength,
});

/** How a task stands, by Temporal's word; undefined where there is none. */
async function statusIn(client: Client, id: string): Promise<string | undefined> {
  const run = await runOf(client, id);
  return run === undefined || nounOf(id) !== 'task' ? undefined : statusOf(run);
}
