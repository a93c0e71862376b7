/** How every workflow of Pawl's is started: once by its id, with the first workflow task, and with what lists show of it. */
import type { Client, WorkflowStartOptions } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import type { WorkflowId } from '../domain/ids.ts';
import { type Beginning, begunAs } from '../workflows/begun.ts';

/** The queue of workflow tasks; steps go to the queue of the host that holds the workspace. */
export const TASK_QUEUE = 'pawl';
/** A server that has not taken a start by then hangs; a client that asks again finds the same workflow. */
const START_MS_MAX = 10_000;

export interface Begun<W extends Workflow> extends Beginning {
  readonly id: WorkflowId;
  readonly args: Parameters<W>;
  readonly workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY';
}

export interface BeginBy {
  readonly client: Client;
  /** True where the client shares the worker's connection: the first workflow task then needs no poll. */
  readonly eager: boolean;
}

/** @throws WorkflowExecutionAlreadyStartedError */
export async function startWorkflow<W extends Workflow>(
  { client, eager }: BeginBy,
  begun: Begun<W>,
): Promise<void> {
  const { type, id, args, workflowIdReusePolicy } = begun;
  const options: WorkflowStartOptions = {
    ...begunAs(begun),
    workflowId: id,
    taskQueue: TASK_QUEUE,
    args,
    workflowIdReusePolicy,
    workflowIdConflictPolicy: 'FAIL',
    requestEagerStart: eager,
  };
  await client.withDeadline(Date.now() + START_MS_MAX, () => client.workflow.start(type, options));
}
