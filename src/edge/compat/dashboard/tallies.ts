/** Numbers of rows, which the answers of this folder share. Pure. */
import type { Vitals } from '../../../domain/engine-vitals.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import { countTask, createTally, type Tally } from './board-tally.ts';
import { agentOf } from './translate-event.ts';

export const inProgress = ({ status }: TaskRow): boolean =>
  status === 'in_progress' || status === 'awaiting_gate';

export const listed = (rows: readonly TaskRow[]): readonly TaskRow[] =>
  rows.filter(({ archivedAt }) => archivedAt === undefined);

/** The counts of a board of these tasks, without their gates. */
export function tallyOf(rows: readonly TaskRow[]): Tally {
  const tally = createTally();
  for (const row of rows) countTask(tally, row, 1, agentOf(row));
  return tally;
}

/** undefined of none. */
export const meanOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

export const HEALTH_WORDS =
  'percent of the tasks that were not cancelled or put away, those that have not failed and can be told things; 100 where there are none; 0 while Temporal, its database or the worker is away';

/** As `HEALTH_WORDS` says. @param rows those that are listed */
export function healthScore(
  rows: readonly TaskRow[],
  { temporal, database, worker, failing }: Pick<Vitals, 'temporal' | 'database' | 'worker' | 'failing'>,
): number {
  const isThere = worker.state === 'running' || worker.state === 'elsewhere';
  if (!temporal.reachable || !database.reachable || !isThere) return 0;
  const counted = rows.filter(({ status }) => status !== 'cancelled');
  const unheard = new Set<string>((failing ?? []).map(({ id }) => id));
  const good = counted.filter(({ id, status }) => status !== 'failed' && !unheard.has(id));
  return counted.length === 0 ? 100 : Math.round((100 * good.length) / counted.length);
}
