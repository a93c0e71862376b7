/** Reads of tasks: lists from Temporal's visibility, one task by its `state` query. Changes: `following.ts`. */
import {
  type Client,
  isGrpcServiceError,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { PawlError } from '../domain/failures.ts';
import { TaskId } from '../domain/ids.ts';
import type { InputOf, TaskRow } from '../domain/operations.ts';
import type { QueuePlace } from '../domain/steps.ts';
import { isClosed, type TaskState, TaskStatus } from '../domain/task.ts';
import { payloadConverter } from '../workflows/payload-converter.ts';
import {
  PawlAttempt,
  PawlGate,
  PawlKind,
  PawlRepository,
  PawlStatus,
  PawlTitle,
} from '../workflows/search-attributes.ts';
import { unknownTask } from './starting.ts';

const QUERY_DEADLINE_MS = 10_000;

/** @throws PawlError `not_found`, or `unavailable` when no worker answers */
export async function readState(client: Client, id: TaskId): Promise<TaskState> {
  try {
    const handle = client.workflow.getHandle(id);
    return await client.withDeadline(Date.now() + QUERY_DEADLINE_MS, async () => {
      const state = await handle.query<TaskState>('state');
      if (isClosed(state.status)) return state;
      const described = await handle.describe();
      const status = statusOf(described);
      if (!isClosed(status)) return withPlace(state, described);
      // It ended between the two questions: asked again it says how. One that was terminated could not say so itself.
      return { ...(await handle.query<TaskState>('state')), status };
    });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw unknownTask(id);
    if (!isGrpcServiceError(error)) throw error;
    throw new PawlError('unavailable', `no worker answered for task ${id}: is the engine up? (\`pawl up\`)`, {
      cause: error,
    });
  }
}

/** A step that waits for a slot tells only its heartbeats. */
function withPlace(state: TaskState, described: WorkflowExecutionDescription): TaskState {
  const [beat] = described.raw.pendingActivities?.[0]?.heartbeatDetails?.payloads ?? [];
  const place = beat && payloadConverter.fromPayload<Partial<QueuePlace>>(beat).queue;
  if (place === undefined) return state;
  return { ...state, waitingFor: `a free agent: place ${place} in the queue` };
}

/** Newest first, as visibility gives them; a task shows here a moment after it was written. */
export async function readRows(
  client: Client,
  { status, repository, limit }: InputOf<'list'>,
): Promise<TaskRow[]> {
  const parts = [`WorkflowType = 'task'`];
  if (status !== undefined && status.length > 0) {
    parts.push(`PawlStatus IN (${status.map(quoted).join(', ')})`);
  }
  if (repository !== undefined) parts.push(`PawlRepository = ${quoted(repository)}`);
  const rows: TaskRow[] = [];
  for await (const info of client.workflow.list({
    query: parts.join(' AND '),
    pageSize: Math.min(limit, 500),
  })) {
    const row = rowOf(info);
    if (row !== undefined) rows.push(row);
    if (rows.length >= limit) break;
  }
  return rows;
}

/** A task's status as Temporal knows it: how the execution ended, else what the task says of itself. */
export function statusOf(info: WorkflowExecutionInfo | WorkflowExecutionDescription): TaskStatus {
  switch (info.status.name) {
    case 'COMPLETED':
      return 'completed';
    case 'CANCELLED':
    case 'TERMINATED':
      return 'cancelled';
    case 'FAILED':
    case 'TIMED_OUT':
      return 'failed';
    default:
      return TaskStatus.catch('pending').parse(info.typedSearchAttributes.get(PawlStatus));
  }
}

/** A workflow that somebody started by hand under a foreign id is no task of ours. */
function rowOf(info: WorkflowExecutionInfo): TaskRow | undefined {
  const id = TaskId.safeParse(info.workflowId);
  if (!id.success) return undefined;
  const attributes = info.typedSearchAttributes;
  const repository = attributes.get(PawlRepository);
  const attempt = attributes.get(PawlAttempt);
  const gate = attributes.get(PawlGate);
  return {
    id: id.data,
    title: attributes.get(PawlTitle) ?? '',
    status: statusOf(info),
    kind: attributes.get(PawlKind) === 'agent_run' ? 'agent_run' : 'client_driven',
    ...(repository === undefined ? {} : { repository }),
    ...(attempt === undefined ? {} : { attempt }),
    ...(gate === undefined ? {} : { gate }),
    startedAt: info.startTime.toISOString(),
    ...(info.closeTime === undefined ? {} : { closedAt: info.closeTime.toISOString() }),
  };
}

/** A text in a visibility query. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
