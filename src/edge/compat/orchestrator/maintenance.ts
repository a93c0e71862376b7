/** Maintenance: what is stale, broken or forgotten, found by looking; and a hand-over in words. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Calls } from '../../../domain/operations.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import type { Session } from '../../../domain/session.ts';
import { isClosed } from '../../../domain/task.ts';
import { tool } from '../../mcp/tool.ts';
import { ownTask, rowsOf, sessionOf } from './own-tasks.ts';
import { Answered, statusThere } from './words.ts';

const ACTIONS = ['scan_cleanup', 'validate_structure', 'update_documentation', 'prepare_handover'] as const;
const SCOPES = ['current_session', 'full_project', 'specific_subtask'] as const;
const LEVELS = ['basic', 'comprehensive', 'full_audit'] as const;
/** In progress without a word for this long. */
const STALE_MS = { basic: 24 * 3_600_000, comprehensive: 8 * 3_600_000, full_audit: 3_600_000 } as const;

const MaintenanceInput = z.strictObject({
  action: z.enum(ACTIONS),
  scope: z.enum(SCOPES).default('current_session'),
  validation_level: z.enum(LEVELS).default('basic'),
  target_task_id: z.string().min(1).max(63).optional().describe('for the scope specific_subtask'),
});
type Input = z.output<typeof MaintenanceInput>;

export const maintenanceCoordinator = tool({
  name: 'orchestrator_maintenance_coordinator',
  title: 'Look after tasks',
  description:
    'scan_cleanup finds stale and stuck tasks, validate_structure checks parents and dependencies, update_documentation and prepare_handover write down where the work stands. It changes nothing.',
  input: MaintenanceInput,
  output: z.looseObject({
    ...Answered,
    status: z.literal('maintenance_completed'),
    maintenance_results: z.object({
      action: z.enum(ACTIONS),
      scope: z.enum(SCOPES),
      validation_level: z.enum(LEVELS),
      started_at: z.string(),
      operations_performed: z.array(z.string()),
      issues_found: z.array(z.object({ task_id: z.string(), issue: z.string() })),
      items_cleaned: z.array(z.string()),
      recommendations: z.array(z.string()),
      document: z.string().optional(),
      completed_at: z.string(),
      duration_seconds: z.number(),
    }),
    summary: z.object({ tasks_looked_at: z.int(), issues: z.int(), cleaned: z.int() }),
    next_steps: z.array(z.string()),
  }),
  hints: { readOnly: true, destructive: false, idempotent: true },
  async call(engine, input, context) {
    const startedAt = new Date();
    const session = await sessionOf(engine, context);
    const rows = await scopeOf(engine, session, input);
    const all = input.scope === 'specific_subtask' ? await everyRow(engine, { session: session.id }) : rows;
    const issues =
      input.action === 'validate_structure' ? structureIssues(rows, all) : workIssues(rows, all, input);
    const writes = input.action === 'update_documentation' || input.action === 'prepare_handover';
    const document = writes ? handOver(session, rows, issues) : undefined;
    const recommendations = [...new Set(issues.map(({ advice }) => advice))];
    const completedAt = new Date();
    const structured = {
      success: true as const,
      message: `${rows.length} tasks looked at, ${issues.length} issues found`,
      status: 'maintenance_completed' as const,
      maintenance_results: {
        action: input.action,
        scope: input.scope,
        validation_level: input.validation_level,
        started_at: startedAt.toISOString(),
        operations_performed: [`looked at ${rows.length} tasks`, ...(writes ? ['wrote a document'] : [])],
        issues_found: issues.map(({ task_id, issue }) => ({ task_id, issue })),
        items_cleaned: [],
        recommendations,
        ...(document === undefined ? {} : { document }),
        completed_at: completedAt.toISOString(),
        duration_seconds: (completedAt.getTime() - startedAt.getTime()) / 1_000,
      },
      summary: { tasks_looked_at: rows.length, issues: issues.length, cleaned: 0 },
      next_steps: recommendations,
    };
    const lines = issues.map(({ task_id: id, issue }) => `${id}: ${issue}`);
    return { structured, text: document ?? [structured.message, ...lines].join('\n') };
  },
});

async function scopeOf(
  engine: Calls,
  session: Session,
  {
    scope,
    target_task_id: target,
  }: { readonly scope: Input['scope']; readonly target_task_id?: string | undefined },
): Promise<TaskRow[]> {
  if (scope === 'full_project') return everyRow(engine, {});
  const own = await everyRow(engine, { session: session.id });
  if (scope === 'current_session') return own;
  if (target === undefined) {
    throw new PawlError(
      'invalid_input',
      'target_task_id: expected a task for the scope specific_subtask, got none',
      {
        details: [['target_task_id']],
      },
    );
  }
  const { id } = await ownTask(engine, session, target, 'target_task_id');
  return own.filter((row) => row.id === id || row.plan?.parent === id);
}

async function everyRow(engine: Calls, filter: { readonly session?: string }): Promise<TaskRow[]> {
  const rows: TaskRow[] = [];
  for (let offset = 0; ; offset += LIMITS.listPageMax) {
    const { tasks, total } = await rowsOf(engine, { ...filter, limit: LIMITS.listPageMax, offset });
    rows.push(...tasks);
    if (rows.length >= total || tasks.length === 0) return rows;
  }
}

interface Issue {
  readonly task_id: string;
  readonly issue: string;
  readonly advice: string;
}

/** What stands still though it should move. Pure but for the time. */
function workIssues(
  rows: readonly TaskRow[],
  all: readonly TaskRow[],
  { validation_level: level }: { readonly validation_level: Input['validation_level'] },
): Issue[] {
  const byId = new Map(all.map((row) => [row.id as string, row]));
  const staleBefore = new Date(Date.now() - STALE_MS[level]).toISOString();
  return rows.flatMap((row) => {
    const lost = (row.plan?.dependencies ?? []).filter((id) =>
      ['failed', 'cancelled'].includes(byId.get(id)?.status ?? ''),
    );
    const children = all.filter(({ plan }) => plan?.parent === row.id);
    return [
      ...(row.status === 'in_progress' && (row.changedAt ?? row.startedAt) < staleBefore
        ? [
            {
              task_id: row.id,
              issue: 'in progress without a word for long',
              advice: 'execute stale tasks again, or cancel them',
            },
          ]
        : []),
      ...(row.status === 'blocked' && lost.length > 0
        ? [
            {
              task_id: row.id,
              issue: `waits for ${lost.join(', ')}, which ended without being completed`,
              advice: 'cancel what waits in vain, and plan it anew',
            },
          ]
        : []),
      ...(!isClosed(row.status) && children.length > 0 && children.every(({ status }) => isClosed(status))
        ? [
            {
              task_id: row.id,
              issue: 'all of its parts are over',
              advice: 'synthesize results and complete the parents',
            },
          ]
        : []),
    ];
  });
}

/** What names something that is not there. Pure. */
function structureIssues(rows: readonly TaskRow[], all: readonly TaskRow[]): Issue[] {
  const ids = new Set<string>(all.map(({ id }) => id));
  return rows.flatMap(({ id, plan = {} }) => {
    const named = [...(plan.parent === undefined ? [] : [plan.parent]), ...(plan.dependencies ?? [])];
    return named
      .filter((one) => !ids.has(one))
      .map((one) => ({
        task_id: id,
        issue: `names ${one}, which is archived or removed`,
        advice: 'nothing, or plan it anew',
      }));
  });
}

function handOver(session: Session, rows: readonly TaskRow[], issues: readonly Issue[]): string {
  const section = (title: string, of: readonly TaskRow[]) =>
    of.length === 0
      ? []
      : [
          `## ${title}`,
          of
            .map(
              (row) =>
                `- ${row.title} (${row.id}, ${statusThere(row)})${row.summary === undefined ? '' : `: ${row.summary}`}`,
            )
            .join('\n'),
        ];
  return [
    `# Where the work of ${session.directory} stands`,
    ...section(
      'In progress',
      rows.filter(({ status }) => status === 'in_progress' || status === 'awaiting_gate'),
    ),
    ...section(
      'Ready',
      rows.filter(({ status }) => status === 'pending'),
    ),
    ...section(
      'Blocked',
      rows.filter(({ status }) => status === 'blocked'),
    ),
    ...section(
      'Done',
      rows.filter(({ status }) => isClosed(status)),
    ),
    ...(issues.length === 0
      ? []
      : ['## Issues', issues.map(({ task_id: id, issue }) => `- ${id}: ${issue}`).join('\n')]),
  ].join('\n\n');
}
