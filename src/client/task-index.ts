/**
 * The rows of all tasks in memory, so that lists have order, exact totals and full text, and hold what was just written.
 * A cache: made from Temporal's visibility when it is first asked for, then told of every change by the worker.
 */
import type { TaskRow } from '../domain/rows.ts';

/** How old the rows may be where no worker feeds the index. */
const STALE_MS = 1_000;
/** After a kill the server still updates its visibility for a while: the index is read again for so long. */
const SETTLING_MS = 20_000;

export interface TaskIndex {
  rows(): Promise<readonly TaskRow[]>;
  /** Where it is known already. */
  get(id: string): TaskRow | undefined;
  /** The task as it is now. */
  put(row: TaskRow): void;
  /** The task as it was started, where nothing is known of it yet. */
  putNew(row: TaskRow): void;
  drop(id: string): void;
}

/**
 * @param load all rows that visibility has
 * @param isTold whether every change is put: the worker runs in this process
 */
export function createTaskIndex(
  load: () => Promise<readonly TaskRow[]>,
  isTold: boolean,
  now: () => number = () => performance.now(),
): TaskIndex {
  const madeAt = now();
  let rows = new Map<string, TaskRow>();
  /** Tasks whose rows were put meanwhile: a read of visibility that lags must not undo them. */
  const told = new Set<string>();
  const dropped = new Set<string>();
  let loadedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;

  const reload = async () => {
    const startedAt = now();
    const fresh = new Map((await load()).map((row) => [row.id as string, row]));
    for (const id of dropped) fresh.delete(id);
    for (const [id, row] of rows) if ((isTold && told.has(id)) || !fresh.has(id)) fresh.set(id, row);
    rows = fresh;
    loadedAt = startedAt;
  };
  const isFresh = () => {
    const lastsUntil =
      isTold && loadedAt - madeAt > SETTLING_MS ? Number.POSITIVE_INFINITY : loadedAt + STALE_MS;
    return now() < lastsUntil;
  };
  const ready = async () => {
    if (isFresh()) return;
    loading ??= reload().finally(() => {
      loading = undefined;
    });
    // An index that the worker feeds is current: its readers need not wait for the reload.
    if (!isTold || loadedAt === Number.NEGATIVE_INFINITY) return loading;
    // A read that failed is tried again by the next reader.
    loading.catch(() => undefined);
  };
  const put = (row: TaskRow) => {
    dropped.delete(row.id);
    told.add(row.id);
    rows.set(row.id, row);
  };
  return {
    async rows() {
      await ready();
      return [...rows.values()];
    },
    get: (id) => (isTold ? rows.get(id) : undefined),
    put,
    putNew(row) {
      if (!isTold || !rows.has(row.id)) put(row);
    },
    drop(id) {
      told.delete(id);
      dropped.add(id);
      rows.delete(id);
    },
  };
}
