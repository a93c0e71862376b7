/** How many open tasks wait for one. Pure. */
import type { TaskRow } from './rows.ts';

type Row = Pick<TaskRow, 'id' | 'plan' | 'status'>;

const OPEN: readonly TaskRow['status'][] = ['pending', 'blocked', 'in_progress', 'awaiting_gate'];

/** Which open tasks wait for which. */
export function dependantsIn(tasks: readonly Row[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { id, plan, status } of tasks) {
    if (!OPEN.includes(status)) continue;
    for (const dependency of plan?.dependencies ?? []) {
      const waiting = found.get(dependency);
      if (waiting === undefined) found.set(dependency, [id]);
      else waiting.push(id);
    }
  }
  return found;
}

/** Directly or through others. @param dependants of `dependantsIn` */
export function countBehind(id: string, dependants: ReadonlyMap<string, readonly string[]>): number {
  const seen = new Set<string>();
  const open = [id];
  for (const one of open) {
    for (const waiting of dependants.get(one) ?? []) {
      if (seen.has(waiting)) continue;
      seen.add(waiting);
      open.push(waiting);
    }
  }
  return seen.size;
}
