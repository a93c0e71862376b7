/** Tasks as Temporal's visibility has them: a task shows there a moment after it was written. */
import type { Client, WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import type { Archived, DocumentStore } from '../domain/documents.ts';
import { TaskId, type WorkflowType } from '../domain/ids.ts';
import { factsFrom } from '../domain/row-facts.ts';
import { RowMemo, type TaskRow } from '../domain/rows.ts';
import { isClosed, TaskStatus } from '../domain/task-state.ts';
import {
  PawlAttempt,
  PawlChanged,
  PawlFacts,
  PawlGate,
  PawlKind,
  PawlRepository,
  PawlStatus,
  PawlTitle,
} from '../workflows/search-attributes.ts';
import { isBegunSince } from './removal-notes.ts';
import { endOf, runOf } from './run-of.ts';

const TASK: WorkflowType = 'task';

/** What visibility and the archive have. */
export async function readAllRows(client: Client, archive: DocumentStore<Archived>): Promise<TaskRow[]> {
  const runs = await readLatestRuns(client, TASK);
  const rows = new Map(rowsOf(runs).map((row) => [row.id as string, row]));
  for (const kept of await archive.list()) {
    const { row } = kept;
    const run = runs.get(row.id);
    const isAnother = run !== undefined && isBegunSince(run, kept);
    if (row.removedAt !== undefined) {
      // The note itself goes once all runs are gone that it means (`removing.ts`).
      if (!isAnother) rows.delete(row.id);
      continue;
    }
    // Whoever started it again was killed before the task was taken out.
    if (isAnother) await archive.remove(row.id);
    else rows.set(row.id, row);
  }
  return [...rows.values()];
}

/** How many tasks agents of the engine are at, or are to be. */
export async function countAtWork(client: Client): Promise<number> {
  const query = `WorkflowType = '${TASK}' AND ExecutionStatus = 'Running' AND PawlKind = 'agent_run' AND PawlStatus = 'in_progress'`;
  return (await client.workflow.count(query)).count;
}

/** By Temporal's own word; undefined where there is no such task. */
export async function readRowNow(client: Client, id: TaskId): Promise<TaskRow | undefined> {
  const run = await runOf(client, id);
  return run && rowOf(run);
}

/** Tasks that have begun, changed or ended since. */
export const readRowsSince = (client: Client, since: Date): Promise<TaskRow[]> =>
  readRows(client, changedSince(since));

/** A condition in Temporal's list filter language: whatever has begun, changed or ended since. */
export function changedSince(since: Date): string {
  const at = `'${since.toISOString()}'`;
  return `(StartTime > ${at} OR CloseTime > ${at} OR PawlChanged > ${at})`;
}

/**
 * Each task as its latest run knows it: one that was run again, or went on in another run, has several.
 * @param only a further condition in Temporal's list filter language
 */
export const readRows = async (client: Client, only?: string): Promise<TaskRow[]> =>
  rowsOf(await readLatestRuns(client, TASK, only));

const rowsOf = (runs: ReadonlyMap<string, WorkflowExecutionInfo>): TaskRow[] =>
  [...runs.values()].map(rowOf).filter((row) => row !== undefined);

/** Of each workflow of a type its latest run, by its id. @param only as `readRows` */
export async function readLatestRuns(
  client: Client,
  type: WorkflowType,
  only?: string,
): Promise<Map<string, WorkflowExecutionInfo>> {
  const latest = new Map<string, WorkflowExecutionInfo>();
  const query = [`WorkflowType = '${type}'`, ...(only === undefined ? [] : [only])].join(' AND ');
  for await (const info of client.workflow.list({ query, pageSize: 500 })) {
    const known = latest.get(info.workflowId);
    if (known === undefined || known.startTime < info.startTime) latest.set(info.workflowId, info);
  }
  return latest;
}

/** A task's status as Temporal knows it: how the execution ended, else what the task says of itself. */
export const statusOf = (info: WorkflowExecutionInfo | WorkflowExecutionDescription): TaskStatus =>
  endOf(info) ?? TaskStatus.catch('pending').parse(info.typedSearchAttributes.get(PawlStatus));

/** A workflow of another type, or whose id is no task id, was started by hand by somebody else: Pawl does not list it as a task. */
export function rowOf(info: WorkflowExecutionInfo | WorkflowExecutionDescription): TaskRow | undefined {
  const id = TaskId.safeParse(info.workflowId);
  if (!id.success || info.type !== TASK) return undefined;
  const attributes = info.typedSearchAttributes;
  const repository = attributes.get(PawlRepository);
  const attempt = attributes.get(PawlAttempt);
  const status = statusOf(info);
  // Nobody waits at a gate of a task that is over, also where it was terminated there.
  const gate = isClosed(status) ? undefined : attributes.get(PawlGate);
  const { gates, ...facts } = factsFrom(attributes.get(PawlFacts), gate);
  const { title, plannedAt, ...words } = RowMemo.catch({}).parse(info.memo?.task ?? {});
  const closedAt = info.closeTime?.toISOString();
  // The task tells it a moment before Temporal closes it, unless it could not tell.
  const told = attributes.get(PawlChanged)?.toISOString();
  const changedAt = info.status.name === 'TERMINATED' ? closedAt : (told ?? closedAt);
  return {
    id: id.data,
    title: title ?? attributes.get(PawlTitle) ?? '',
    ...words,
    status,
    kind: attributes.get(PawlKind) === 'agent_run' ? 'agent_run' : 'client_driven',
    ...(repository === undefined ? {} : { repository }),
    ...(attempt === undefined ? {} : { attempt }),
    ...facts,
    ...(gate === undefined || gates === undefined ? {} : { gates }),
    startedAt: plannedAt ?? info.startTime.toISOString(),
    ...(changedAt === undefined ? {} : { changedAt }),
    ...(closedAt === undefined ? {} : { closedAt: changedAt ?? closedAt }),
  };
}
