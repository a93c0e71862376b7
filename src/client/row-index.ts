/**
 * The rows of everything of one type in memory, as of all tasks, so that lists have order, exact totals and full text, and hold what was just written.
 * A cache: made from Temporal's visibility when it is first asked for, then told of every change by the workers. What ends past
 * them (terminated in the Temporal Web UI) is looked for before rows are read that nobody has looked after for a while.
 */
import { isDeepStrictEqual } from 'node:util';
import { createRowTable, type RowTableOptions } from './row-table.ts';
import type { Tellers } from './tellers.ts';

/** How old the rows may be where not every worker feeds the index. */
export const STALE_MS = 1_000;
/** After a kill the server still updates its visibility for a while: the index is read again for so long. */
const SETTLING_MS = 20_000;
/** The health interval: how late an end past the worker is found. */
export const LOOK_MS = 10_000;
/** Visibility shows a change a moment after it was made. */
const LAG_MS = 5_000;

/** As much of a row as is looked at here. */
export interface IndexedRow {
  readonly id: string;
  /** ISO 8601, as all of these. */
  readonly changedAt?: string | undefined;
  readonly archivedAt?: string | undefined;
}

export type RowChange<R extends IndexedRow> =
  | { readonly type: 'row'; readonly row: R }
  | { readonly type: 'gone'; readonly id: R['id'] };

export interface RowIndex<R extends IndexedRow> {
  /** All of them, in order. */
  rows(): Promise<readonly R[]>;
  /** Those that name any of these. */
  naming(names: readonly string[]): Promise<readonly R[]>;
  /** The same, where every change is told without a look for what ended past the workers. */
  namingAsTold(names: readonly string[]): Promise<readonly R[]>;
  /** Where it is known already; as it was told. */
  get(id: string): R | undefined;
  /** The same once the index has looked for what ended past the workers. */
  current(id: string): Promise<R | undefined>;
  /** Looks for that, where all else is told. @returns whether it is */
  looked(): Promise<boolean>;
  /** The row as it is now. */
  put(row: R): void;
  /** The row of what was started just now, where nothing is known of it yet. */
  putNew(row: R): void;
  drop(id: string): void;
  /** Something may have happened that was not told: visibility is read anew before the next answer. */
  renew(): void;
}

export interface RowIndexOptions<R extends IndexedRow> extends RowTableOptions<R> {
  readonly isClosed: (row: R) => boolean;
  /** All rows that visibility has. */
  readonly load: () => Promise<readonly R[]>;
  /** Those that have begun, changed or ended since. */
  readonly loadSince: (since: Date) => Promise<readonly R[]>;
  /** One by Temporal's own word, which lags behind nothing. */
  readonly loadOne: (id: R['id']) => Promise<R | undefined>;
  /** Whether every change is put. */
  readonly tellers: Tellers;
  /** Hears what rows become, in order. */
  readonly onChange?: (change: RowChange<R>) => void;
  /** Hears of each that has moved past the worker, before the change itself. */
  readonly onMovedElsewhere?: (id: string) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

export function createRowIndex<R extends IndexedRow>(options: RowIndexOptions<R>): RowIndex<R> {
  const { isClosed, load, loadSince, loadOne, tellers, onChange, onMovedElsewhere } = options;
  const { now = () => performance.now() } = options;
  let newAt = now();
  let rows = createRowTable(options);
  /** Those whose rows were put meanwhile: a read of visibility that lags must not undo them. */
  const told = new Set<string>();
  const dropped = new Set<string>();
  let loadedAt = Number.NEGATIVE_INFINITY;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;
  let isShown = false;
  let renewals = 0;

  const isNew = () => loadedAt === Number.NEGATIVE_INFINITY;
  const reload = async () => {
    const startedAt = now();
    const from = renewals;
    const found = await load();
    if (renewals !== from) return;
    const isTold = tellers.isComplete();
    const fresh = createRowTable(options, found);
    for (const id of dropped) fresh.delete(id);
    for (const row of rows.inOrder()) if ((isTold && told.has(row.id)) || !fresh.has(row.id)) fresh.set(row);
    const before = rows;
    rows = fresh;
    loadedAt = startedAt;
    lookedAt = startedAt;
    const wasShown = isShown;
    isShown = true;
    if (isTold) await takeOver(found);
    if (!wasShown) return;
    for (const row of fresh.inOrder())
      if (!isDeepStrictEqual(row, before.get(row.id))) onChange?.({ type: 'row', row });
  };
  const look = async () => {
    const startedAt = now();
    const from = renewals;
    const found = await loadSince(new Date(Date.now() - (startedAt - lookedAt) - LAG_MS));
    if (renewals !== from) return;
    lookedAt = startedAt;
    await takeOver(found);
  };
  /** Whether visibility knows more than was told. */
  const isLater = (found: R, known: R | undefined): boolean => {
    if (known === undefined) return true;
    if (known.archivedAt !== undefined) return false;
    if (isClosed(found) && !isClosed(known)) return true;
    return (found.changedAt ?? '') > (known.changedAt ?? '');
  };
  const isLaterNow = (row: R) => !dropped.has(row.id) && isLater(row, rows.get(row.id));
  /** Takes what others have done. */
  const takeOver = async (found: readonly R[]) => {
    for (const { id } of found.filter(isLaterNow)) {
      // The list may still have the run before the one that goes on now.
      const row = await loadOne(id);
      if (row === undefined || !isLaterNow(row)) continue;
      onMovedElsewhere?.(id);
      put(row);
    }
  };
  const once = (act: () => Promise<void>): Promise<void> => {
    if (loading !== undefined) return loading;
    const acting = act().finally(() => {
      if (loading === acting) loading = undefined;
    });
    loading = acting;
    return acting;
  };
  const ready = async (isTold: boolean): Promise<void> => {
    const from = renewals;
    if (isTold && loadedAt - newAt > SETTLING_MS) {
      if (now() - lookedAt >= LOOK_MS) await once(look);
    } else if (now() >= loadedAt + STALE_MS) {
      // An index that the workers feed is current: its readers need not wait for the reload.
      const isNeeded = !isTold || isNew();
      const reading = once(reload);
      if (isNeeded) await reading;
      // A read that failed is tried again by the next reader.
      else reading.catch(() => undefined);
    }
    // What was read meanwhile may be older than what was lost.
    if (renewals !== from) await ready(tellers.isComplete());
  };
  const looked = async () => {
    const isTold = await tellers.upToNow();
    if (isTold) await ready(true);
    return isTold;
  };
  const put = (row: R) => {
    dropped.delete(row.id);
    told.add(row.id);
    rows.set(row);
    onChange?.({ type: 'row', row });
  };
  const get = (id: string) => (tellers.isComplete() ? rows.get(id) : undefined);
  return {
    async rows() {
      await ready(await tellers.upToNow());
      return rows.inOrder();
    },
    async naming(names) {
      await ready(await tellers.upToNow());
      return rows.naming(names);
    },
    async namingAsTold(names) {
      const isTold = await tellers.upToNow();
      if (!isTold || isNew()) await ready(isTold);
      return rows.naming(names);
    },
    get,
    current: async (id) => ((await looked()) ? get(id) : undefined),
    looked,
    put,
    putNew(row) {
      if (!tellers.isComplete() || !rows.has(row.id)) put(row);
    },
    drop(id) {
      told.delete(id);
      dropped.add(id);
      if (!rows.delete(id)) return;
      onChange?.({ type: 'gone', id });
    },
    renew() {
      renewals += 1;
      newAt = now();
      loadedAt = Number.NEGATIVE_INFINITY;
      lookedAt = Number.NEGATIVE_INFINITY;
      loading = undefined;
      told.clear();
    },
  };
}
