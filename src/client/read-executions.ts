/**
 * Executions as the engine knows them: their states as the worker in its process tells them, else as their workflows answer,
 * and their rows as Temporal's visibility has them, under what was told since.
 */
import type { Client, WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import {
  ExecutionFacts,
  ExecutionMemo,
  type ExecutionRow,
  progressOf,
  rowOfExecution,
} from '../domain/executions/execution-rows.ts';
import { type ExecutionState, ExecutionStatus, isOver } from '../domain/executions/execution-state.ts';
import { ExecutionId } from '../domain/ids.ts';
import { JsonText } from '../domain/json-text.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import {
  PawlChanged,
  PawlFacts,
  PawlRepository,
  PawlStatus,
  PawlTitle,
} from '../workflows/search-attributes.ts';
import { createKnownStates } from './known-states.ts';
import { readStateOf, type Statuses } from './read-state.ts';
import { endOf } from './run-of.ts';
import { createSubscriptions } from './subscriptions.ts';
import { newsWhereTold } from './task-news.ts';
import type { Tellers } from './tellers.ts';
import { readLatestRuns } from './visibility.ts';

export interface LiveExecutions {
  /** The worker in this process tells it. */
  changed(state: ExecutionState): void;
  /** @throws PawlError `not_found`, `unavailable` */
  state(id: ExecutionId): Promise<ExecutionState>;
  /** Now and after each change, until it is over or `signal` aborts. */
  news(id: ExecutionId, signal: AbortSignal): AsyncGenerator<ExecutionState>;
  list(filter: InputOf<'executions'>): Promise<OutputOf<'executions'>>;
  /** What is known is void. */
  renew(): void;
}

interface Options {
  readonly client: Client;
  /** Whether the worker in this process tells all. */
  readonly tellers: Tellers;
  readonly isFailing: (id: string) => boolean;
}

export function createLiveExecutions({ client, tellers, isFailing }: Options): LiveExecutions {
  const subscriptions = createSubscriptions();
  const known = createKnownStates<ExecutionState>(subscriptions.changed, { isClosed: isOver });
  /** What was told of each since visibility was read last, which shows a change a moment later. */
  const rows = new Map<string, ExecutionRow>();
  const ask = (id: ExecutionId) => readStateOf(client, id, STATUSES);
  const state = async (id: ExecutionId): Promise<ExecutionState> => {
    if (!tellers.isComplete() || isFailing(id)) return ask(id);
    return known.read(id, () => ask(id));
  };
  return {
    changed(now) {
      known.told(now);
      rows.delete(now.id);
      rows.set(now.id, rowOfExecution(now));
      for (const oldest of rows.keys()) {
        if (rows.size <= ROWS_MAX) break;
        rows.delete(oldest);
      }
    },
    state,
    async *news(id, signal) {
      for await (const one of newsWhereTold({ subscriptions, state, isClosed: isOver }, id, signal))
        if (one.type === 'state') yield one.state;
    },
    async list({ status, loop, limit, offset }) {
      const all = new Map((await readAll(client)).map((row) => [row.id as string, row]));
      if (tellers.isComplete())
        for (const [id, row] of rows) {
          const seen = all.get(id);
          // One that was ended past the worker could not say so.
          if (seen === undefined || !isOver(seen.status)) all.set(id, row);
        }
      const chosen = [...all.values()]
        .filter((row) => status === undefined || status.length === 0 || status.includes(row.status))
        .filter((row) => loop === undefined || row.loop === loop)
        .sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
      return { executions: chosen.slice(offset, offset + limit), total: chosen.length };
    },
    renew() {
      known.doubt();
      rows.clear();
    },
  };
}

const ROWS_MAX = 1_000;

type Described = WorkflowExecutionInfo | WorkflowExecutionDescription;

/** One that could not say so itself was ended past the engine, or by a fault of it. */
function statusIn(info: Described): ExecutionStatus {
  const said = ExecutionStatus.catch('active').parse(info.typedSearchAttributes.get(PawlStatus));
  const end = endOf(info);
  if (end === undefined || isOver(said)) return said;
  return end === 'cancelled' ? 'aborted' : end;
}

const STATUSES: Statuses<ExecutionState> = { isClosed: isOver, statusOf: statusIn };

async function readAll(client: Client): Promise<ExecutionRow[]> {
  const runs = await readLatestRuns(client, 'execution');
  return [...runs.values()].flatMap((info) => rowOf(info) ?? []);
}

/** A server or a person may have changed them. */
const KeptFacts = JsonText.pipe(ExecutionFacts).catch({ phase: '', done: [0, 0, 0, 0] });

function rowOf(info: Described): ExecutionRow | undefined {
  const id = ExecutionId.safeParse(info.workflowId);
  const memo = ExecutionMemo.safeParse(info.memo?.execution);
  // Started by hand, which its workflow refuses.
  if (!id.success || !memo.success) return undefined;
  const attributes = info.typedSearchAttributes;
  const facts = KeptFacts.parse(attributes.get(PawlFacts));
  const status = statusIn(info);
  const closedAt = info.closeTime?.toISOString();
  const changedAt = attributes.get(PawlChanged)?.toISOString() ?? closedAt;
  return {
    ...{ id: id.data, status, currentPhase: facts.phase, progress: progressOf(facts) },
    ...memo.data,
    title: memo.data.title || (attributes.get(PawlTitle) ?? ''),
    project: attributes.get(PawlRepository) ?? '',
    ...(facts.gates !== undefined && !isOver(status) && { gates: facts.gates }),
    startedAt: info.startTime.toISOString(),
    ...(changedAt !== undefined && { changedAt }),
    ...(closedAt !== undefined && { closedAt }),
  };
}
