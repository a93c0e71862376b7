/** How every workflow of Pawl's is started: once by its id, with the first workflow task, and with what lists show of it. */
import type { Client, WorkflowStartOptions } from '@temporalio/client';
import { TypedSearchAttributes, type Workflow } from '@temporalio/common';
import type { Keyed } from '../domain/idempotency-key.ts';
import type { WorkflowId, WorkflowType } from '../domain/ids.ts';
import { clip, LIMITS } from '../domain/limits.ts';
import { EDITION } from '../domain/task-record.ts';
import { PawlKind, PawlRepository, PawlStatus, PawlTitle } from '../workflows/search-attributes.ts';

/** The queue of workflow tasks; steps go to the queue of the host that holds the workspace. */
export const TASK_QUEUE = 'pawl';
/** A server that has not taken a start by then hangs; a client that asks again finds the same workflow. */
const START_MS_MAX = 10_000;

/**
 * The first workflow task comes with the answer to an eager start: where that answer is lost (a client that is killed, a
 * broken connection), and where a worker dies at a task, nobody does it until this has passed. Temporal's default of
 * 10 s is as long as a caller waits for an answer (`sending.ts`), so the first message would find nobody at home. A
 * history is bounded and its replay takes a fraction of a second.
 */
const WORKFLOW_TASK_TIMEOUT = '5 s';

export interface Begun<W extends Workflow> {
  readonly type: WorkflowType;
  readonly id: WorkflowId;
  readonly args: Parameters<W>;
  /** Of what the caller asked for. */
  readonly digest: string;
  readonly keyed: Keyed | undefined;
  readonly title: string;
  readonly status: string;
  readonly kind: string;
  /** Where it has one. */
  readonly repository?: string;
  /** What lists show of it in words, in the memo under its type. */
  readonly words: object;
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
  const { type, id, args, digest, keyed, title, status, kind, repository, words } = begun;
  const options: WorkflowStartOptions = {
    workflowId: id,
    taskQueue: TASK_QUEUE,
    args,
    workflowIdReusePolicy: begun.workflowIdReusePolicy,
    workflowIdConflictPolicy: 'FAIL',
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
    requestEagerStart: eager,
    memo: {
      digest,
      edition: EDITION,
      ...(keyed === undefined ? {} : { key: keyed.id }),
      [type]: words,
    },
    typedSearchAttributes: new TypedSearchAttributes([
      { key: PawlStatus, value: status },
      { key: PawlKind, value: kind },
      { key: PawlTitle, value: clip(title, LIMITS.titleAttributeCharsMax) },
      ...(repository === undefined ? [] : [{ key: PawlRepository, value: repository }]),
    ]),
    staticSummary: clip(title, LIMITS.titleShownCharsMax),
  };
  await client.withDeadline(Date.now() + START_MS_MAX, () => client.workflow.start(type, options));
}
