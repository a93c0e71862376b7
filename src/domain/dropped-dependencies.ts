/** A planner takes back that a task depends on others: on one that will never be, say. Pure but for the record. */
import type { Dependency } from './plan.ts';
import type { TaskRecord } from './task-record.ts';

type Dropped = { readonly dropDependencies?: readonly string[] | undefined };

/** Why they cannot be dropped, in one sentence; undefined where they can. */
export function problemWithDrop(
  { plan }: Pick<TaskRecord, 'plan'>,
  { dropDependencies = [] }: Dropped,
): string | undefined {
  const { dependencies = [] } = plan ?? {};
  const other = dropDependencies.find((id) => !dependencies.some((one) => one === id));
  if (other === undefined) return undefined;
  const there = dependencies.length === 0 ? 'none, because it has none' : `one of ${dependencies.join(', ')}`;
  return `dropDependencies: expected ${there}, got ${other}`;
}

/** What is left to wait for. */
export const leftOf = (
  { waitsFor = [] }: Pick<TaskRecord, 'waitsFor'>,
  { dropDependencies = [] }: Dropped,
): readonly Dependency[] => waitsFor.filter(({ id }) => !dropDependencies.includes(id));

/** The plan no longer names them: lists say so, and a run of the task that begins anew. */
export function dropFromPlan(record: TaskRecord, { dropDependencies = [] }: Dropped): void {
  const { plan } = record;
  if (plan === undefined || dropDependencies.length === 0) return;
  const { dependencies = [], ...rest } = plan;
  const left = dependencies.filter((id) => !dropDependencies.includes(id));
  record.plan = { ...rest, ...(left.length > 0 && { dependencies: left }) };
}
