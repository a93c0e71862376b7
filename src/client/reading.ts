/** Reads of tasks: lists from Temporal's visibility, one task by its `state` query, changes by one long poll. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  isGrpcCancelledError,
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
const RECONNECT_MS = 500;
/** How late a follower may learn of its place in the queue. */
const LOOK_AGAIN_MS = 1_000;

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

/**
 * The state now and after each change until the task is closed. While nothing moves it costs one long poll (while an
 * attempt runs, one look a second); while Temporal or the worker is away it waits for them.
 */
export async function* followTask(
  client: Client,
  id: TaskId,
  signal: AbortSignal,
): AsyncGenerator<TaskState> {
  let last = '';
  let token: Uint8Array | undefined;
  for (;;) {
    const state = await patiently(signal, () => readState(client, id));
    if (state === undefined) return;
    const text = JSON.stringify(state);
    if (text !== last) yield state;
    last = text;
    if (isClosed(state.status)) return;
    const from = token;
    const look = untilNextLook(state, signal);
    const next = await patiently(look, () => nextEvents(client, id, from, look));
    if (signal.aborted) return;
    token = look.aborted ? from : next;
  }
}

/** A place in the queue for an agent is told in heartbeats, which no event announces: it has to be looked for. */
function untilNextLook({ attempts }: TaskState, signal: AbortSignal): AbortSignal {
  if (attempts.at(-1)?.outcome !== 'running') return signal;
  return AbortSignal.any([signal, AbortSignal.timeout(LOOK_AGAIN_MS)]);
}

/** Settles when the history has grown; answers where to wait from next time. */
async function nextEvents(
  client: Client,
  id: TaskId,
  nextPageToken: Uint8Array | undefined,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const request = {
    namespace: client.options.namespace,
    execution: { workflowId: id },
    waitNewEvent: true,
    historyEventFilterType: 1,
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
  };
  const { nextPageToken: next } = await client.withAbortSignal(signal, () =>
    client.workflowService.getWorkflowExecutionHistory(request),
  );
  return next === null || next === undefined || next.length === 0 ? undefined : next;
}

/** Repeats a read while Temporal or its worker is away; undefined once the signal aborts. */
async function patiently<T>(signal: AbortSignal, read: () => Promise<T>): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await read();
    } catch (error) {
      if (isGrpcCancelledError(error) || signal.aborted) return undefined;
      const away = isGrpcServiceError(error) || (error instanceof PawlError && error.code === 'unavailable');
      if (!away) throw error;
      await sleep(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

/** A text in a visibility query. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
