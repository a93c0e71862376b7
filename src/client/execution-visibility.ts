/** Executions as Temporal's visibility has them: one shows there a moment after it was written. */
import type { Client, WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import {
  ExecutionFacts,
  ExecutionMemo,
  type ExecutionRow,
  progressOf,
} from '../domain/executions/execution-rows.ts';
import { ExecutionStatus, isOver } from '../domain/executions/execution-state.ts';
import { ExecutionId, type WorkflowType } from '../domain/ids.ts';
import { JsonText } from '../domain/json-text.ts';
import {
  PawlChanged,
  PawlFacts,
  PawlRepository,
  PawlStatus,
  PawlTitle,
} from '../workflows/search-attributes.ts';
import { endOf, runOf } from './run-of.ts';
import { changedSince, readLatestRuns } from './visibility.ts';

const EXECUTION: WorkflowType = 'execution';

type Described = WorkflowExecutionInfo | WorkflowExecutionDescription;

/** @param only a further condition in Temporal's list filter language */
export async function readExecutionRows(client: Client, only?: string): Promise<ExecutionRow[]> {
  const runs = await readLatestRuns(client, EXECUTION, only);
  return [...runs.values()].flatMap((info) => executionRowIn(info) ?? []);
}

export const readExecutionRowsSince = (client: Client, since: Date): Promise<ExecutionRow[]> =>
  readExecutionRows(client, changedSince(since));

/** By Temporal's own word; undefined where there is no such execution. */
export async function readExecutionRowNow(
  client: Client,
  id: ExecutionId,
): Promise<ExecutionRow | undefined> {
  const run = await runOf(client, id);
  return run && executionRowIn(run);
}

/** One that could not say so itself was ended past the engine, or by a fault of it. */
export function executionStatusIn(info: Described): ExecutionStatus {
  const said = ExecutionStatus.catch('active').parse(info.typedSearchAttributes.get(PawlStatus));
  const end = endOf(info);
  if (end === undefined || isOver(said)) return said;
  return end === 'cancelled' ? 'aborted' : end;
}

/** A server or a person may have changed them. */
const KeptFacts = JsonText.pipe(ExecutionFacts).catch({ phase: '', done: [0, 0, 0, 0] });

function executionRowIn(info: Described): ExecutionRow | undefined {
  const id = ExecutionId.safeParse(info.workflowId);
  const memo = ExecutionMemo.safeParse(info.memo?.execution);
  // Started by hand, which its workflow refuses.
  if (!id.success || info.type !== EXECUTION || !memo.success) return undefined;
  const attributes = info.typedSearchAttributes;
  const facts = KeptFacts.parse(attributes.get(PawlFacts));
  const status = executionStatusIn(info);
  const { startedAt, title, ...words } = memo.data;
  const closedAt = info.closeTime?.toISOString();
  // It tells that a moment before Temporal closes it, unless it could not tell.
  const told = attributes.get(PawlChanged)?.toISOString();
  const changedAt = info.status.name === 'TERMINATED' ? closedAt : (told ?? closedAt);
  return {
    ...{ id: id.data, status, currentPhase: facts.phase, progress: progressOf(facts) },
    ...words,
    title: title || (attributes.get(PawlTitle) ?? ''),
    project: attributes.get(PawlRepository) ?? '',
    ...(facts.gates !== undefined && !isOver(status) && { gates: facts.gates }),
    startedAt: startedAt ?? info.startTime.toISOString(),
    ...(changedAt !== undefined && { changedAt }),
    ...(closedAt !== undefined && { closedAt: changedAt ?? closedAt }),
  };
}
