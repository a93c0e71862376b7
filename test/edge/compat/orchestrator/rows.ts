/** Rows of tasks as lists have them, for decisions that are made from rows alone. */
import { TaskRow } from '../../../../src/domain/rows.ts';

export const NOW_MS = Date.UTC(2026, 5, 15, 12);
const DAY_MS = 86_400_000;
export const daysAgo = (days: number): string => new Date(NOW_MS - days * DAY_MS).toISOString();

/** A client's task that is ready, unless said otherwise. */
export const rowOf = (id: string, more: object = {}): TaskRow =>
  TaskRow.parse({
    id,
    title: `Do ${id}`,
    status: 'pending',
    kind: 'client_driven',
    startedAt: daysAgo(400),
    ...more,
  });

/** One that has been completed for so many days. */
export const doneRow = (id: string, days: number, more: object = {}): TaskRow =>
  rowOf(id, { status: 'completed', changedAt: daysAgo(days), closedAt: daysAgo(days), ...more });
