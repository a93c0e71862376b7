/** Lists of tasks: what a row holds, and which rows a filter selects. Pure; the same over an index and over visibility. */
import { z } from 'zod';
import { TaskId } from './ids.ts';
import { phaseOf } from './lifecycle.ts';
import { LIMITS } from './limits.ts';
import { COMPLEXITIES, dependenciesOf, Plan, SessionId, SPECIALISTS, TASK_TYPES } from './plan.ts';
import { type ClientDrivenSpec, isClosed, type TaskSpec, type TaskState, TaskStatus } from './task.ts';

/** What a list knows of a task without asking its workflow. */
export const TaskRow = z.object({
  id: TaskId,
  title: z.string(),
  description: z.string().optional(),
  status: TaskStatus,
  kind: z.enum(['client_driven', 'agent_run']),
  plan: Plan.optional(),
  repository: z.string().optional(),
  attempt: z.int().optional(),
  gate: z.string().optional(),
  startedAt: z.iso.datetime(),
  changedAt: z.iso.datetime().optional(),
  closedAt: z.iso.datetime().optional(),
  /** It was put away: only a list that asks for such tasks has it. */
  archivedAt: z.iso.datetime().optional(),
  /** It is gone for good: no list has it. */
  removedAt: z.iso.datetime().optional(),
});
export type TaskRow = z.infer<typeof TaskRow>;

const oneOf = <const V extends readonly string[]>(values: V) => z.array(z.enum(values)).optional();
export const RowFilter = z.strictObject({
  status: z.array(TaskStatus).optional(),
  repository: z.string().optional(),
  session: SessionId.optional(),
  parent: TaskId.optional(),
  type: oneOf(TASK_TYPES),
  complexity: oneOf(COMPLEXITIES),
  specialist: oneOf(SPECIALISTS),
  /** Every word of it stands in the title or the description, in any case. */
  text: z.string().max(LIMITS.titleCharsMax).optional(),
  createdAfter: z.iso.datetime({ offset: true }).optional(),
  createdBefore: z.iso.datetime({ offset: true }).optional(),
  /** Default false: what was archived is left out; true: only that. */
  archived: z.boolean().default(false),
  limit: z.int().min(1).max(LIMITS.listPageMax).default(100),
  offset: z.int().min(0).default(0),
});
export type RowFilter = z.infer<typeof RowFilter>;

/** Newest first; `total` counts what the filter selects before limit and offset. */
export function selectRows(
  rows: Iterable<TaskRow>,
  filter: RowFilter,
): { readonly tasks: TaskRow[]; readonly total: number } {
  const selects = selector(filter);
  const selected = [...rows].filter(selects).sort(newestFirst);
  return { tasks: selected.slice(filter.offset, filter.offset + filter.limit), total: selected.length };
}

function selector(filter: RowFilter): (row: TaskRow) => boolean {
  const { session, parent, repository } = filter;
  const words = (filter.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const [after, before] = [filter.createdAfter, filter.createdBefore].map((text) =>
    text === undefined ? undefined : Date.parse(text),
  );
  return ({ plan = {}, ...row }) => {
    const created = Date.parse(row.startedAt);
    return (
      (row.archivedAt !== undefined) === filter.archived &&
      isIn(filter.status, row.status) &&
      isIn(filter.type, plan.type) &&
      isIn(filter.complexity, plan.complexity) &&
      isIn(filter.specialist, plan.specialist) &&
      (session === undefined || plan.session === session) &&
      (parent === undefined || plan.parent === parent) &&
      (repository === undefined || row.repository === repository) &&
      (after === undefined || created > after) &&
      (before === undefined || created < before) &&
      (words.length === 0 || hasWords(words, `${row.title}\n${row.description ?? ''}`.toLowerCase()))
    );
  };
}

/** No values to choose from means any, as no filter does. */
const isIn = <T>(values: readonly T[] | undefined, value: T | undefined): boolean =>
  values === undefined || values.length === 0 || (value !== undefined && values.includes(value));

const hasWords = (words: readonly string[], text: string): boolean =>
  words.every((word) => text.includes(word));

const newestFirst = (a: TaskRow, b: TaskRow): number =>
  a.startedAt === b.startedAt ? compare(b.id, a.id) : compare(b.startedAt, a.startedAt);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function rowOfState(state: TaskState, startedAt: string): TaskRow {
  const { id, title, description, status, kind, plan, repository, changedAt, attempts, gates } = state;
  const gate = gates.find((one) => one.status === 'open')?.gate;
  const row = { id, title, description, status, kind, plan, repository, changedAt, gate, startedAt };
  const attempt = attempts.length === 0 ? undefined : attempts.length;
  const closedAt = isClosed(status) ? (changedAt ?? startedAt) : undefined;
  return TaskRow.parse({ ...row, attempt, closedAt });
}

/** A task that was started a moment ago. */
export function rowOfSpec({ id, title, description, kind, plan, done, plannedAt }: PlannedSpec): TaskRow {
  const { status } = phaseOf(dependenciesOf(plan, done));
  return { id, title, description, status, kind, plan, startedAt: plannedAt };
}
type PlannedSpec = ClientDrivenSpec & { readonly plan: Plan; readonly plannedAt: string };

/** What Temporal's lists carry besides search attributes, of which there are few and which are short. */
export const RowMemo = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  plan: Plan.optional(),
  plannedAt: z.string().optional(),
});
export type RowMemo = z.infer<typeof RowMemo>;

/** undefined where search attributes say it all. */
export function memoOf(spec: TaskSpec): RowMemo | undefined {
  if (spec.kind === 'agent_run') return undefined;
  const { title, description, plan, plannedAt } = spec;
  return {
    title,
    description,
    ...(plan === undefined ? {} : { plan }),
    ...(plannedAt === undefined ? {} : { plannedAt }),
  };
}
