/** Lists of tasks: what a row holds, and which rows a filter selects. Pure; the same over an index and over visibility. */
import { z } from 'zod';
import { agentOf } from './by-hand.ts';
import { ExecutionId, TaskId } from './ids.ts';
import { phaseOf } from './lifecycle.ts';
import { LIMITS } from './limits.ts';
import { COMPLEXITIES, dependenciesOf, Plan, SessionId, SPECIALISTS, TaskType } from './plan.ts';
import { unusualIn } from './priority.ts';
import { factsOf, RowFacts } from './row-facts.ts';
import { Priority, type TaskSpec } from './task-spec.ts';
import { isClosed, Step, TASK_STATUSES, TaskKind, type TaskState, TaskStatus } from './task-state.ts';

/** What a list knows of a task without asking its workflow. */
export const TaskRow = z.object({
  id: TaskId,
  title: z.string(),
  description: z.string().optional(),
  status: TaskStatus,
  kind: TaskKind,
  plan: Plan.optional(),
  context: z.record(z.string(), z.unknown()).optional(),
  summary: z.string().optional(),
  artifacts: z.array(z.string()).optional(),
  repository: z.string().optional(),
  /** The folder of it that the task is about; absent for all of it. */
  dir: z.string().optional(),
  /** The execution of a loop of which it does a skill. */
  execution: ExecutionId.optional(),
  /** The name of the agent that works on it, or worked last. Absent in rows of tasks from before lists had it. */
  agent: z.string().optional(),
  /** How soon an agent works on it, where several tasks wait for one; absent where that is normal. */
  priority: Priority.optional(),
  attempt: z.int().optional(),
  /** What is done of it now. Only while it is under way, and of what workers have told since the engine began. */
  step: Step.optional(),
  /** What its step waits for before it works, in words to be put after "waits for". As `step`. */
  waitsFor: z.string().optional(),
  /** How long its gates have waited for a person, of those that are decided. Only of what workers have told since the engine began. */
  waited: z.object({ gates: z.int(), ms: z.number() }).optional(),
  ...RowFacts.shape,
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
const Moment = z.iso.datetime({
  offset: true,
  error: 'expected a time with its zone: 2026-01-31T12:00:00Z',
});
export const RowFilter = z.strictObject({
  /** Any of these: what was just written shows at once, whoever answers. */
  id: z.array(TaskId).max(LIMITS.listPageMax).optional(),
  status: z.array(TaskStatus).optional(),
  repository: z.string().optional(),
  session: SessionId.optional(),
  /** Parts of any of these. */
  parent: z.array(TaskId).optional(),
  type: z.array(TaskType).optional(),
  complexity: oneOf(COMPLEXITIES),
  specialist: oneOf(SPECIALISTS),
  /** Every word of it stands in the title or the description, in any case. */
  text: z.string().max(LIMITS.titleCharsMax).optional(),
  createdAfter: Moment.optional(),
  createdBefore: Moment.optional(),
  /** Default false: what was archived is left out; true: only that. */
  archived: z.boolean().default(false),
  /** What was archived as well, whatever `status` says: that is where a task is, not how it stands. */
  withArchived: z.boolean().optional(),
  /** Default: newest first. */
  order: z.enum(['newest', 'oldest']).optional(),
  limit: z.int().min(1).max(LIMITS.listPageMax).default(100),
  offset: z.int().min(0).default(0),
});
export type RowFilter = z.infer<typeof RowFilter>;

/** `total` counts what the filter selects before limit and offset. */
export function selectRows(
  rows: readonly TaskRow[],
  filter: RowFilter,
): { readonly tasks: TaskRow[]; readonly total: number } {
  const selects = selector(filter);
  const selected = rows.filter(selects).sort(filter.order === 'oldest' ? oldestFirst : newestFirst);
  return { tasks: selected.slice(filter.offset, filter.offset + filter.limit), total: selected.length };
}

function selector(filter: RowFilter): (row: TaskRow) => boolean {
  const { session, repository } = filter;
  const parents =
    filter.parent === undefined || filter.parent.length === 0 ? undefined : new Set(filter.parent);
  const words = folded(filter.text ?? '')
    .split(/\s+/)
    .filter(Boolean);
  const ids = filter.id === undefined || filter.id.length === 0 ? undefined : new Set<string>(filter.id);
  const [after, before] = [filter.createdAfter, filter.createdBefore].map((text) =>
    text === undefined ? undefined : Date.parse(text),
  );
  return (row) => {
    const { plan = NO_PLAN } = row;
    // Read only where it is asked for: a list of thousands is most of what a call costs.
    const created = after === undefined && before === undefined ? 0 : Date.parse(row.startedAt);
    return (
      isWhere(filter, row) &&
      (ids === undefined || ids.has(row.id)) &&
      isIn(filter.type, plan.type) &&
      isIn(filter.complexity, plan.complexity) &&
      isIn(filter.specialist, plan.specialist) &&
      (session === undefined || plan.session === session) &&
      (parents === undefined || (plan.parent !== undefined && parents.has(plan.parent))) &&
      (repository === undefined || row.repository === repository) &&
      (after === undefined || created > after) &&
      (before === undefined || created < before) &&
      (words.length === 0 || hasWords(words, folded(`${row.title}\n${row.description ?? ''}`)))
    );
  };
}

const NO_PLAN: Plan = {};

function isWhere({ archived, withArchived = false, status }: RowFilter, row: TaskRow): boolean {
  if (row.archivedAt !== undefined && withArchived) return true;
  return (row.archivedAt !== undefined) === archived && isIn(status, row.status);
}

/** No values to choose from means any, as no filter does. */
const isIn = <T>(values: readonly T[] | undefined, value: T | undefined): boolean =>
  values === undefined || values.length === 0 || (value !== undefined && values.includes(value));

/** Unicode normalization (NFC) and case folding: texts that read the same compare as the same. */
const folded = (text: string): string => text.normalize('NFC').toLowerCase();

const hasWords = (words: readonly string[], text: string): boolean =>
  words.every((word) => text.includes(word));

const newestFirst = (a: TaskRow, b: TaskRow): number =>
  a.startedAt === b.startedAt ? compare(b.id, a.id) : compare(b.startedAt, a.startedAt);
export const oldestFirst = (a: TaskRow, b: TaskRow): number => newestFirst(b, a);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What other tasks a row names: to be asked for by. */
export const namesIn = ({ plan }: TaskRow): readonly string[] => [
  ...(plan?.parent === undefined ? [] : [partOf(plan.parent)]),
  ...(plan?.dependencies ?? []).map(waitsFor),
];
export const partOf = (whole: string): string => `part of ${whole}`;
export const waitsFor = (dependency: string): string => `waits for ${dependency}`;

export function rowOfState(state: TaskState, startedAt: string): TaskRow {
  const { id, title, description, status, kind, plan, repository, dir, changedAt, attempts } = state;
  const { context, summary, execution, priority } = state;
  const agent = agentOf(state);
  const artifacts = state.artifacts.length === 0 ? undefined : state.artifacts;
  const words = { id, title, description, plan, context, summary, artifacts };
  const row = {
    ...words,
    status,
    kind,
    repository,
    dir,
    execution,
    priority,
    changedAt,
    startedAt,
    ...factsOf(state),
  };
  const attempt = attempts.length === 0 ? undefined : attempts.length;
  const closedAt = isClosed(status) ? (changedAt ?? startedAt) : undefined;
  const step = status === 'in_progress' || status === 'awaiting_gate' ? state.step : undefined;
  return TaskRow.parse({ ...row, agent, attempt, step, waited: waitedAt(state.gates), closedAt });
}

/** Of gates that a person has decided, at the very gate. */
function waitedAt(gates: TaskState['gates']): TaskRow['waited'] {
  const waits = gates.flatMap(({ gate, status, carriedFrom, openedAt, decidedAt }) => {
    const isDecided = gate !== 'check' && (status === 'approved' || status === 'rejected');
    if (!isDecided || carriedFrom !== undefined || openedAt === undefined || decidedAt === undefined)
      return [];
    return [Date.parse(decidedAt) - Date.parse(openedAt)];
  });
  if (waits.length === 0) return undefined;
  return { gates: waits.length, ms: waits.reduce((sum, ms) => sum + ms, 0) };
}

/** A task that was started a moment ago. */
export function rowOfSpec(spec: TaskSpec, startedAt: string): TaskRow {
  const { id, title, description, kind } = spec;
  const row = { id, title, description, kind, startedAt };
  if (spec.kind === 'agent_run') {
    const { repository, dir, agent, priority } = spec;
    const status = phaseOf([]).status;
    const where = { repository, ...(dir === undefined ? {} : { dir }) };
    return { ...row, status, ...where, agent: agent.name, ...unusualIn(priority) };
  }
  const { plan, context, done } = spec;
  return {
    ...row,
    status: phaseOf(dependenciesOf(plan ?? {}, done)).status,
    ...(plan === undefined ? {} : { plan }),
    ...(context === undefined ? {} : { context }),
  };
}

/** What Temporal's lists carry besides search attributes, of which there are few and which are short. */
export const RowMemo = TaskRow.pick({
  description: true,
  dir: true,
  agent: true,
  execution: true,
  priority: true,
  plan: true,
  context: true,
  summary: true,
  artifacts: true,
}).extend({
  title: z.string().optional(),
  plannedAt: z.string().optional(),
});
export type RowMemo = z.infer<typeof RowMemo>;

/** How many there are, by status and by who should do them. */
export const Counts = z.object({
  total: z.int(),
  byStatus: z.record(TaskStatus, z.int()),
  bySpecialist: z.partialRecord(z.enum(SPECIALISTS), z.int()),
});

/** Archived tasks are not counted. */
export function countRows(rows: Iterable<TaskRow>, session: string | undefined): z.infer<typeof Counts> {
  const byStatus = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])) as Record<
    TaskStatus,
    number
  >;
  const bySpecialist: z.infer<typeof Counts>['bySpecialist'] = {};
  let total = 0;
  for (const { status, plan, archivedAt } of rows) {
    if (archivedAt !== undefined || (session !== undefined && plan?.session !== session)) continue;
    const { specialist = 'generic' } = plan ?? {};
    total += 1;
    byStatus[status] += 1;
    bySpecialist[specialist] = (bySpecialist[specialist] ?? 0) + 1;
  }
  return { total, byStatus, bySpecialist };
}
