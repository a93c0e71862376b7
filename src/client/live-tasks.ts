/**
 * What the engine knows without asking Temporal, told by its workers as it happens: of tasks, of the executions that some of them
 * belong to, and the feed of both. As long as not every worker tells, Temporal is asked.
 */
import type { Client } from '@temporalio/client';
import type { StepObserver } from '../activities/ports/observer-port.ts';
import type { Archived, DocumentStore } from '../domain/documents.ts';
import type { Numbered, TaskNews } from '../domain/events.ts';
import type { ExecutionState } from '../domain/executions/execution-state.ts';
import type { TaskId } from '../domain/ids.ts';
import { namesIn, oldestFirst, rowOfState, type TaskRow } from '../domain/rows.ts';
import { isClosed, type TaskState } from '../domain/task-state.ts';
import { createFeed } from './feed.ts';
import { createLiveExecutions, type LiveExecutions } from './live-executions.ts';
import { createLiveStates } from './live-states.ts';
import { readNow, readState } from './read-state.ts';
import { LOOK_MS, type RowIndex, STALE_MS } from './row-index.ts';
import type { Tellers } from './tellers.ts';
import type { Moment } from './told-order.ts';
import { untoldNews } from './untold-news.ts';
import { readAllRows, readRowNow, readRowsSince } from './visibility.ts';
import { createWarningWatch } from './warning-watch.ts';

/** A worker that runs takes a step within milliseconds, and one that is started anew within seconds. */
const TAKEN_WITHIN_MS = 60_000;

/** What the worker tells as it happens. */
export interface TaskObserver extends StepObserver {
  /** A workflow has changed, or has begun. Told before whoever moved it is answered. */
  changed(state: TaskState, startedAt: string, moment: Moment): void;
  /** The same of an execution. */
  executionChanged(state: ExecutionState, moment: Moment): void;
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

export function createLiveTasks(options: LiveTasksOptions): LiveTasks {
  const { client, archive, tellers, isFailing, logBytes } = options;
  const feed = createFeed();
  const watch = createWarningWatch({
    onChange: (warnings) => feed.warn({ type: 'warnings', warnings: [...warnings] }),
    statusOf: (id) => index.get(id)?.status,
  });
  const withWait = ({ waitsFor: _, ...row }: TaskRow): TaskRow => {
    const waitsFor = isClosed(row.status) ? undefined : live.states.waitOf(row.id);
    return waitsFor === undefined ? row : { ...row, waitsFor };
  };
  /** Lists say what it waits for, too. */
  const putWait = (id: string) => {
    const before = index.get(id);
    const row = before && withWait(before);
    if (row !== undefined && row.waitsFor !== before?.waitsFor) index.put(row);
  };
  const live = createLiveStates<TaskId, TaskState, TaskRow>({
    order: oldestFirst,
    namesIn,
    load: async () => (await readAllRows(client, archive)).map(withWait),
    loadSince: (since) => readRowsSince(client, since),
    loadOne: (id) => readRowNow(client, id),
    tellers,
    onChange: feed.publish,
    isOver: isClosed,
    rowOf: (state, startedAt) => withWait(rowOfState(state, startedAt)),
    ask: (id) => readNow(client, id),
    untold: (id, signal) => untoldNews({ client, logBytes }, id, signal),
    onState(id) {
      const { execution } = index.get(id) ?? {};
      if (execution !== undefined) executions.taskMoved(execution);
    },
  });
  const { index, states } = live;
  const steps = new Map<string, number>();
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
  const executions = createLiveExecutions({
    ...{ client, tellers, isFailing, taskState: state },
    onChange(change) {
      if (change.type === 'row') feed.publish({ type: 'execution', row: change.row });
    },
  });
  const rows = async () => {
    const [tasks, runs] = await Promise.all([index.rows(), executions.rows()]);
    return { rows: [...tasks], executions: [...runs] };
  };
  let readers = 0;
  let looking: NodeJS.Timeout | undefined;
  /** What no worker tells is looked for as long as somebody reads along, for all of them at once. */
  const lookIn = (ms: number) => {
    clearTimeout(looking);
    looking = undefined;
    if (readers === 0) return;
    // Temporal may be away: the next look finds it.
    const look = () => rows().catch(() => undefined);
    looking = setTimeout(() => void look().finally(lookLater), ms);
  };
  const lookLater = () => lookIn(tellers.isComplete() ? LOOK_MS : STALE_MS);
  const readAlong = (change: 1 | -1) => {
    readers += change;
    if (readers === 0) watch.end();
    else watch.begin();
    if (readers === 0 || looking === undefined) lookLater();
  };
  return {
    index,
    executions,
    executionChanged: (now) => executions.changed(now, now.startedAt),
    async *events(after, signal) {
      readAlong(1);
      try {
        yield* feed.read(rows, after, signal);
      } finally {
        readAlong(-1);
      }
    },
    state,
    news: (id, signal) => live.news(id, state, signal),
    forget(id) {
      states.forget(id);
      putWait(id);
    },
    changed(now, startedAt) {
      watch.changed(now);
      live.changed(now, startedAt);
    },
    changedBy(...told) {
      watch.changed(told[1]);
      live.changedBy(...told);
    },
    renew() {
      live.renew();
      executions.renew();
      lookIn(0);
    },
    stepRuns(id, runs) {
      const count = (steps.get(id) ?? 0) + (runs ? 1 : -1);
      if (count > 0) steps.set(id, count);
      else steps.delete(id);
    },
    waits(task, what) {
      watch.waits(task, what);
      states.waits(task, what);
      putWait(task);
    },
    printed(output) {
      watch.printed(output);
      feed.printed(output);
      live.printed(output);
    },
  };
}
