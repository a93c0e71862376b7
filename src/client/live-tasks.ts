/**
 * What the engine knows of tasks without asking Temporal, told by its workers as it happens: rows of lists, states, the feed, and
 * who follows what. As long as not every worker tells, Temporal is asked.
 */
import type { Client } from '@temporalio/client';
import type { StepObserver } from '../activities/ports/observer-port.ts';
import type { Archived, DocumentStore } from '../domain/documents.ts';
import type { Numbered, TaskNews } from '../domain/events.ts';
import type { ExecutionState } from '../domain/executions/execution-state.ts';
import type { TaskId } from '../domain/ids.ts';
import { namesIn, oldestFirst, rowOfState, type TaskRow } from '../domain/rows.ts';
import { isClosed, type TaskState } from '../domain/task-state.ts';
import { createConfirming } from './confirming.ts';
import { createFeed } from './feed.ts';
import { createKnownStates } from './known-states.ts';
import { createLiveExecutions, type LiveExecutions } from './read-executions.ts';
import { readNow, readState } from './read-state.ts';
import { createRowIndex, LOOK_MS, type RowIndex, STALE_MS } from './row-index.ts';
import { createSubscriptions } from './subscriptions.ts';
import { newsEitherWay, newsWhereTold, newsWhereUntold } from './task-news.ts';
import { NO_TELLER, OWN_WORKER, type Tellers } from './tellers.ts';
import { createToldOrder, type Moment } from './told-order.ts';
import { readAllRows, readRowNow, readRowsSince } from './visibility.ts';

/** A worker that runs takes a step within milliseconds, and one that is started anew within seconds. */
const TAKEN_WITHIN_MS = 60_000;

/** What the worker tells as it happens. */
export interface TaskObserver extends StepObserver {
  /** A workflow has changed, or has begun. Told before whoever moved it is answered. */
  changed(state: TaskState, startedAt: string, moment: Moment): void;
  /** The same of an execution. */
  executionChanged(state: ExecutionState): void;
}

export interface LiveTasks extends TaskObserver {
  readonly executions: LiveExecutions;
  /** As `changed`, by one of several workers: what may not be the latest is asked for. */
  changedBy(worker: string, state: TaskState, startedAt: string, moment: Moment): void;
  /** Something may have happened that nobody told: what is known is void, and who follows is told the rest. */
  renew(): void;
  readonly index: RowIndex<TaskRow>;
  /** What changes in lists, from after an event on that was told before. */
  events(after: string | undefined, signal: AbortSignal): AsyncGenerator<Numbered>;
  /** How a task is now. @throws PawlError as `readState` */
  state(id: TaskId): Promise<TaskState>;
  /** Its state now and after each change until it is closed or `signal` aborts, and how far its agent has printed. */
  news(id: TaskId, signal: AbortSignal): AsyncGenerator<TaskNews>;
  /** What is known of the task is not true any more: it was begun again, or its workflow task fails. */
  forget(id: string): void;
}

export interface LiveTasksOptions {
  readonly client: Client;
  readonly archive: DocumentStore<Archived>;
  readonly tellers: Tellers;
  /** Whether the task's workflow task fails: what was told last is not how it is. */
  readonly isFailing: (id: string) => boolean;
  /** How long the log of the task's latest attempt is, where not every worker tells it. */
  readonly logBytes: (state: TaskState) => Promise<number>;
}

/** A worker in a process of its own tells of tasks alone: executions are asked themselves. */
const tellersOfExecutions = (tellers: Tellers): Tellers => (tellers === OWN_WORKER ? OWN_WORKER : NO_TELLER);

export function createLiveTasks(options: LiveTasksOptions): LiveTasks {
  const { client, archive, tellers, isFailing, logBytes } = options;
  const executions = createLiveExecutions({ client, tellers: tellersOfExecutions(tellers), isFailing });
  const feed = createFeed();
  const subscriptions = createSubscriptions();
  const states = createKnownStates<TaskState>(subscriptions.changed, { isClosed });
  const steps = new Map<string, number>();
  const index = createRowIndex<TaskRow>({
    order: oldestFirst,
    namesIn,
    isClosed: ({ status }) => isClosed(status),
    load: () => readAllRows(client, archive),
    loadSince: (since) => readRowsSince(client, since),
    loadOne: (id) => readRowNow(client, id),
    tellers,
    onChange: feed.publish,
    onMovedElsewhere: states.forget,
  });
  /** Only Temporal knows whether a step that should run has a worker. */
  const mayWait = ({ id, step, status }: TaskState): boolean =>
    step !== undefined &&
    status === 'in_progress' &&
    !steps.has(id) &&
    (states.ageOf(id) ?? TAKEN_WITHIN_MS) >= TAKEN_WITHIN_MS;

  const state = async (id: TaskId): Promise<TaskState> => {
    if (!(await index.looked()) || isFailing(id)) return readState(client, id);
    const known = await states.read(id, () => readNow(client, id));
    return mayWait(known) ? readState(client, id) : known;
  };
  let over = new AbortController();
  let readers = 0;
  let looking: NodeJS.Timeout | undefined;
  /** What no worker tells is looked for as long as somebody reads along, for all of them at once. */
  const lookIn = (ms: number) => {
    clearTimeout(looking);
    looking = undefined;
    if (readers === 0) return;
    // Temporal may be away: the next look finds it.
    const look = () => index.rows().catch(() => undefined);
    looking = setTimeout(() => void look().finally(lookLater), ms);
  };
  const lookLater = () => lookIn(tellers.isComplete() ? LOOK_MS : STALE_MS);
  const readAlong = (change: 1 | -1) => {
    readers += change;
    if (readers === 0 || looking === undefined) lookLater();
  };
  const changed = (now: TaskState, startedAt: string) => {
    states.told(now);
    index.put(rowOfState(now, startedAt));
  };
  const order = createToldOrder();
  const confirm = createConfirming(async (id) => {
    const isOver = over.signal;
    const now = await states.read(id, () => readNow(client, id));
    const row = index.get(id);
    if (!isOver.aborted && row !== undefined && row.archivedAt === undefined)
      index.put(rowOfState(now, row.startedAt));
  });
  return {
    index,
    executions,
    executionChanged: executions.changed,
    async *events(after, signal) {
      readAlong(1);
      try {
        yield* feed.read(index.rows, after, signal);
      } finally {
        readAlong(-1);
      }
    },
    state,
    news: (id, signal) =>
      newsEitherWay(
        {
          told: (until) => newsWhereTold({ subscriptions, state, isClosed }, id, until),
          untold: (until) => newsWhereUntold({ client, logBytes }, id, until),
          async now() {
            const { signal: overNow } = over;
            return { isTold: await tellers.upToNow(), over: overNow };
          },
        },
        signal,
      ),
    forget: states.forget,
    changed,
    changedBy(worker, now, startedAt, moment) {
      if (order.isLatest(now.id, worker, moment)) return changed(now, startedAt);
      const row = rowOfState(now, startedAt);
      // Most likely it is, so lists have it meanwhile.
      if ((row.changedAt ?? '') >= (index.get(row.id)?.changedAt ?? '')) index.put(row);
      states.doubt(now.id);
      subscriptions.changed(now.id);
      confirm(now.id);
    },
    renew() {
      states.doubt();
      executions.renew();
      order.clear();
      index.renew();
      over.abort();
      over = new AbortController();
      lookIn(0);
    },
    stepRuns(id, runs) {
      const count = (steps.get(id) ?? 0) + (runs ? 1 : -1);
      if (count > 0) steps.set(id, count);
      else steps.delete(id);
    },
    waits: states.waits,
    printed(output) {
      feed.printed(output);
      subscriptions.printed(output);
    },
  };
}
