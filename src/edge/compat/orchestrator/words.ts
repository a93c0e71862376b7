/** The words of the orchestrator's tools, as its clients know them, and what they are in Pawl. Pure. */
import { z } from 'zod';
import { ARTIFACT_TYPES, referenceIn } from '../../../domain/artifact-address.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { Context, Title } from '../../../domain/operation-schemas.ts';
import { COMPLEXITIES, SPECIALISTS } from '../../../domain/plan.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import type { TaskStatus } from '../../../domain/task-state.ts';

export { Context, Title };

export const STATUSES = [
  'pending',
  'active',
  'in_progress',
  'blocked',
  'completed',
  'failed',
  'cancelled',
  'archived',
] as const;
type Status = (typeof STATUSES)[number];

export const TASK_TYPES = [
  'standard',
  'breakdown',
  'milestone',
  'review',
  'approval',
  'research',
  'implementation',
  'testing',
  'documentation',
  'deployment',
  'custom',
] as const;

export const RESTART_REASONS = [
  'configuration_update',
  'schema_migration',
  'error_recovery',
  'manual_request',
  'emergency_shutdown',
] as const;

export const TaskIdField = z.string().min(1).max(63).describe('the id that orchestrator_plan_task answered');
export const Description = z.string().max(LIMITS.descriptionCharsMax);
export const Status = z.enum(STATUSES);
export const TaskType = z.enum(TASK_TYPES);
export const Complexity = z.enum(COMPLEXITIES);
export const Specialist = z.enum(SPECIALISTS);
export const ArtifactKind = z.enum(ARTIFACT_TYPES);

const Iso8601 = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })]);
export const Moment = z
  .string()
  .max(40)
  .refine((text) => Iso8601.safeParse(text).success, {
    error: 'expected ISO 8601: 2026-11-21, 2026-11-21T09:30:00 (UTC) or 2026-11-21T09:30:00+01:00',
  })
  .describe('ISO 8601');

/** A time with its seconds and its zone, as operations want it: UTC where it names none. */
export function withZone(text: string): string {
  if (!text.includes('T')) return text;
  const whole = text.replace(/T(\d\d:\d\d)(?![:\d])/, 'T$1:00');
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(whole) ? whole : `${whole}Z`;
}

/** A day begins at midnight. */
export const momentOf = (text: string): string => (text.includes('T') ? withZone(text) : `${text}T00:00:00Z`);

/** What a status of a client's means here; `archived` is no status of a task but that it was put away. */
export const statusHere = (status: Exclude<Status, 'archived'>): TaskStatus[] =>
  status === 'active' || status === 'in_progress' ? ['in_progress', 'awaiting_gate'] : [status];

/** A task at a gate has the status of work in progress; the gate is told beside it. */
export function statusThere({ status, archivedAt }: Pick<TaskRow, 'status' | 'archivedAt'>): Status {
  if (archivedAt !== undefined) return 'archived';
  return status === 'awaiting_gate' ? 'in_progress' : status;
}

/** The same of counts. */
export function countsThere({ awaiting_gate: gated, ...counts }: Readonly<Record<TaskStatus, number>>) {
  return { ...counts, in_progress: counts.in_progress + gated };
}

/** Said where a list does not hold all that it is of. */
export const cutText = (what: string, { listed, total }: { listed: number; total: number }): string =>
  listed >= total
    ? ''
    : `; the newest ${listed} ${what} tasks are listed, orchestrator_query_tasks finds all`;

const STAGES: Readonly<Record<Status, string>> = {
  pending: 'ready',
  active: 'active',
  in_progress: 'active',
  blocked: 'blocked',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'archived',
  archived: 'archived',
};

export const ArtifactRef = z.object({
  id: z.string(),
  type: z.string(),
  path: z.string(),
  size: z.int().optional(),
});

/** Of what a task names: artifacts of the store by their address, other words as they are. */
export function artifactRefs(artifacts: readonly string[] = []): z.infer<typeof ArtifactRef>[] {
  return artifacts.map((address) => {
    const known = referenceIn(address);
    if (known === undefined) return { id: address, type: 'general', path: address };
    const { digest, type, bytes, name } = known;
    return { id: digest, type, path: name ?? `pawl://artifacts/${digest}`, size: bytes };
  });
}

/** A task in a list. */
export const TaskEntry = z.looseObject({
  id: z.string(),
  task_id: z.string(),
  title: z.string(),
  description: z.string(),
  status: Status,
  task_type: TaskType,
  complexity: Complexity,
  specialist_type: Specialist,
  estimated_effort: z.string().nullable(),
  due_date: z.string().nullable(),
  context: Context,
  dependencies: z.array(z.string()),
  parent_id: z.string().nullable(),
  parent_task_id: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  completed_at: z.string().nullable(),
  lifecycle_stage: z.string(),
});
export type TaskEntry = z.infer<typeof TaskEntry>;

/** The same beside other things: every field is there, but only what tells tasks apart is written out once more. */
export const ListedTask = z
  .looseObject({
    task_id: z.string(),
    title: z.string(),
    status: z.string(),
    specialist_type: z.string(),
    parent_task_id: z.string().nullable(),
    created_at: z.string(),
  })
  .describe('as orchestrator_query_tasks lists it');

export function entryOf(row: TaskRow): TaskEntry {
  const { plan = {}, gates: [gate] = [] } = row;
  const status = statusThere(row);
  return {
    id: row.id,
    task_id: row.id,
    title: row.title,
    description: row.description ?? '',
    status,
    // Others have words of their own.
    task_type: TaskType.catch('custom').parse(plan.type ?? 'standard'),
    complexity: plan.complexity ?? 'moderate',
    specialist_type: plan.specialist ?? 'generic',
    estimated_effort: plan.effort ?? null,
    due_date: plan.due ?? null,
    context: row.context ?? {},
    dependencies: plan.dependencies ?? [],
    parent_id: plan.parent ?? null,
    parent_task_id: plan.parent ?? null,
    created_at: row.startedAt,
    updated_at: row.changedAt ?? row.startedAt,
    completed_at: row.closedAt ?? null,
    lifecycle_stage: STAGES[status],
    ...(gate === undefined ? {} : { gate: gate.gate }),
    ...(row.summary === undefined ? {} : { summary: row.summary }),
  };
}

/** What every answer of a tool begins with. */
export const Answered = { success: z.literal(true), message: z.string() };

/** Hints of a tool that only looks. */
export const LOOKS = { readOnly: true, destructive: false, idempotent: true } as const;

export const lineOf = (row: TaskRow): string => `${row.id}  ${statusThere(row)}  ${row.title}`;
