/** Which tasks may be put away because they were over for long. Pure. */
import type { TaskId } from '../../../domain/ids.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import { isClosed } from '../../../domain/task-state.ts';
import { CLEANED_AFTER_DAYS, DAY_MS, type Level } from './levels.ts';

interface Cleaning {
  /** Of these some may go. */
  readonly scope: readonly TaskRow[];
  /** All that these may belong to or be waited for by. */
  readonly all: readonly TaskRow[];
  readonly level: Level;
  readonly nowMs: number;
}

/**
 * A task stays with its whole, because results are put together from the parts: a tree of tasks goes once each of them was
 * over for long and nothing open waits for it. What an agent of the engine did stays, because it can be tried again.
 */
export function cleanable({ scope, all, level, nowMs }: Cleaning): TaskId[] {
  const there = all.filter(({ archivedAt }) => archivedAt === undefined);
  const open = there.filter(({ status }) => !isClosed(status));
  const waitedFor = new Set<string>(open.flatMap(({ plan }) => plan?.dependencies ?? []));
  const beforeMs = nowMs - CLEANED_AFTER_DAYS[level] * DAY_MS;
  const isDue = (row: TaskRow): boolean =>
    row.kind === 'client_driven' &&
    isClosed(row.status) &&
    Date.parse(row.closedAt ?? row.changedAt ?? row.startedAt) < beforeMs &&
    !waitedFor.has(row.id);
  const wholeOf = wholesOf(there);
  const kept = new Set(there.filter((row) => !isDue(row)).map(wholeOf));
  return scope
    .filter((row) => row.archivedAt === undefined && isDue(row) && !kept.has(wholeOf(row)))
    .map(({ id }) => id);
}

/** The task and all of its parts, and theirs. */
export function partsOf(rows: readonly TaskRow[], id: string): TaskRow[] {
  const byParent = Map.groupBy(rows, ({ plan }) => plan?.parent as string | undefined);
  const found = new Set(rows.filter((row) => row.id === id));
  // A set goes on with what is added to it meanwhile, and each task once.
  for (const row of found) for (const part of byParent.get(row.id) ?? []) found.add(part);
  return [...found];
}

/** The id of the topmost task that is there. */
function wholesOf(rows: readonly TaskRow[]): (row: TaskRow) => string {
  const byId = new Map<string, TaskRow>(rows.map((row) => [row.id, row]));
  return (row) => {
    let top = row;
    const passed = new Set([row.id]);
    for (;;) {
      const above = byId.get(top.plan?.parent ?? '');
      // Parents in a circle are refused at planning; if there were one, it would have no top.
      if (above === undefined || passed.has(above.id)) return top.id;
      passed.add(above.id);
      top = above;
    }
  };
}
