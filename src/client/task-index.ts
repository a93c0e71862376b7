/**
 * The rows of all tasks in memory, so that lists have order, exact totals and full text, and hold what was just written.
 * A cache: made from Temporal's visibility when it is first asked for, then told of every change by the worker.
 */
import type { TaskRow } from '../domain/rows.ts';

/** How old rows may be that nobody keeps up to date. */
const STALE_MS = 1_000;

export interface TaskIndex {
  rows(): Promise<readonly TaskRow[]>;
  /** Where it is known already. */
  get(id: string): TaskRow | undefined;
  /** The task as it is now. */
  put(row: TaskRow): void;
  drop(id: string): void;
}

/**
 * @param load all rows that visibility has
 * @param isTold whether every change is put: the worker runs in this process
 */
export function createTaskIndex(load: () => Promise<readonly TaskRow[]>, isTold: boolean): TaskIndex {
  let rows = new Map<string, TaskRow>();
  /** What was put while rows were being loaded, which is newer than what is loaded. */
  let meanwhile = new Map<string, TaskRow | undefined>();
  let loadedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;

  const change = (id: string, row: TaskRow | undefined) => {
    if (loading !== undefined) meanwhile.set(id, row);
    if (row === undefined) rows.delete(id);
    else rows.set(id, row);
  };
  const reload = async () => {
    const startedAt = performance.now();
    const loaded = await load();
    // Visibility lags: what was put before this load may be newer than it as well.
    const fresh = new Map(loaded.map((row) => [row.id as string, row]));
    for (const [id, row] of rows) if (isNewer(row, fresh.get(id))) fresh.set(id, row);
    for (const [id, row] of meanwhile) {
      if (row === undefined) fresh.delete(id);
      else fresh.set(id, row);
    }
    rows = fresh;
    loadedAt = startedAt;
  };
  const ready = async () => {
    if (performance.now() - loadedAt < (isTold ? Number.POSITIVE_INFINITY : STALE_MS)) return;
    loading ??= reload().finally(() => {
      loading = undefined;
      meanwhile = new Map();
    });
    await loading;
  };
  return {
    async rows() {
      await ready();
      return [...rows.values()];
    },
    get: (id) => (isTold ? rows.get(id) : undefined),
    put: (row) => change(row.id, row),
    drop: (id) => change(id, undefined),
  };
}

const isNewer = (row: TaskRow, other: TaskRow | undefined): boolean =>
  other === undefined || (row.changedAt ?? row.startedAt) > (other.changedAt ?? other.startedAt);
