/** Maintenance: what is stale, broken or forgotten, and a hand-over in words. It puts away what was over for long. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import type { TaskId } from '../../../domain/ids.ts';
import type { Calls } from '../../../domain/operations.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import type { Session } from '../../../domain/session.ts';
import { type ToolContext, tool } from '../../mcp/tool.ts';
import { cleanable, partsOf } from './cleaning.ts';
import { type Finding, structureIssues, workIssues } from './findings.ts';
import { handOver } from './hand-over.ts';
import { CLEANED_AFTER_DAYS, LEVELS } from './levels.ts';
import { atFirst, everyRow, ownTask, sessionOf, unlessGone } from './own-tasks.ts';
import { Answered } from './words.ts';

const ACTIONS = ['scan_cleanup', 'validate_structure', 'update_documentation', 'prepare_handover'] as const;
const SCOPES = ['current_session', 'full_project', 'specific_subtask'] as const;
/** Each asks its workflow once; with this many a client does not yet give up waiting. */
const CLEANED_PER_CALL_MAX = 500;

const MaintenanceInput = z.strictObject({
  action: z.enum(ACTIONS),
  scope: z.enum(SCOPES).default('current_session'),
  validation_level: z.enum(LEVELS).default('basic'),
  target_task_id: z.string().min(1).max(63).optional().describe('for the scope specific_subtask'),
});
type Input = z.output<typeof MaintenanceInput>;

const { basic, comprehensive, full_audit: full } = CLEANED_AFTER_DAYS;

export const maintenanceCoordinator = tool({
  name: 'orchestrator_maintenance_coordinator',
  title: 'Look after tasks',
  description: `scan_cleanup finds stale and stuck tasks, and archives those that were over for ${basic} days (basic), ${comprehensive} (comprehensive) or ${full} (full_audit), a whole with all of its parts, unless something open waits for them; queries with status archived still find them. validate_structure checks parents and dependencies; update_documentation and prepare_handover write down where the work stands: these change nothing.`,
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
  hints: { readOnly: false, destructive: true, idempotent: true },
  keeps: 'whole',
  async call(engine, input, context) {
    const startedAt = new Date();
    const look = await lookAt(engine, await sessionOf(engine, context), input);
    const done = await DO[input.action](engine, look, input, context);
    const { findings, cleaned = [], document } = done;
    const recommendations = [
      ...new Set([...findings.map(({ advice }) => advice), ...(done.recommendations ?? [])]),
    ];
    const completedAt = new Date();
    const count = look.scope.length;
    const structured = {
      success: true as const,
      message: `${count} tasks looked at, ${findings.length} issues found, ${cleaned.length} tasks archived`,
      status: 'maintenance_completed' as const,
      maintenance_results: {
        action: input.action,
        scope: input.scope,
        validation_level: input.validation_level,
        started_at: startedAt.toISOString(),
        operations_performed: [
          `looked at ${count} tasks`,
          ...(cleaned.length === 0 ? [] : [`archived ${cleaned.length} tasks`]),
          ...(document === undefined ? [] : ['wrote a document']),
        ],
        issues_found: findings.map(({ task_id, issue }) => ({ task_id, issue })),
        items_cleaned: cleaned.map(String),
        recommendations,
        ...(document === undefined ? {} : { document }),
        completed_at: completedAt.toISOString(),
        duration_seconds: (completedAt.getTime() - startedAt.getTime()) / 1_000,
      },
      summary: { tasks_looked_at: count, issues: findings.length, cleaned: cleaned.length },
      next_steps: recommendations,
    };
    const lines = findings.map(({ task_id: id, issue }) => `${id}: ${issue}`);
    const text = [structured.message, ...cleaned.map((id) => `${id}: archived`), ...lines].join('\n');
    return { structured, text: document ?? text };
  },
});

interface Look {
  readonly session: Session;
  readonly scope: readonly TaskRow[];
  /** What those in scope may name, archived tasks too. */
  readonly all: readonly TaskRow[];
}

interface Done {
  readonly findings: readonly Finding[];
  readonly cleaned?: readonly TaskId[];
  readonly document?: string;
  readonly recommendations?: readonly string[];
}

type Do = (engine: Calls, look: Look, input: Input, context: ToolContext) => Promise<Done>;
const DO: Readonly<Record<Input['action'], Do>> = {
  async scan_cleanup(engine, look, { validation_level: level }, context) {
    const nowMs = Date.now();
    const due = await atFirst(context, async () => cleanable({ ...look, level, nowMs }));
    const cleaned = due.slice(0, CLEANED_PER_CALL_MAX);
    for (const id of cleaned)
      await unlessGone(() => engine.archive({ id }, context.keyed?.part(`archive/${id}`)));
    const more = due.length - cleaned.length;
    return {
      findings: workIssues(look, level, nowMs),
      cleaned,
      recommendations: more === 0 ? [] : [`call scan_cleanup again: it can archive ${more} more tasks`],
    };
  },
  validate_structure: async (_, look) => ({ findings: structureIssues(look) }),
  update_documentation: writeDown,
  prepare_handover: writeDown,
};

async function writeDown(_: Calls, look: Look, { validation_level: level }: Input): Promise<Done> {
  const findings = workIssues(look, level, Date.now());
  return { findings, document: handOver(look.session.directory, look.scope, findings) };
}

/** @throws PawlError `invalid_input` or `not_found` naming the field */
async function lookAt(
  engine: Calls,
  session: Session,
  { scope, target_task_id: target }: Input,
): Promise<Look> {
  const filter = scope === 'full_project' ? {} : { session: session.id };
  const id = scope === 'specific_subtask' ? await targetOf(engine, session, target) : undefined;
  const there = await everyRow(engine, filter);
  const putAway = await everyRow(engine, { ...filter, archived: true });
  return {
    session,
    scope: id === undefined ? there : partsOf(there, id),
    all: [...there, ...putAway],
  };
}

async function targetOf(engine: Calls, session: Session, target: string | undefined): Promise<TaskId> {
  if (target !== undefined) return (await ownTask(engine, session, target, 'target_task_id')).id;
  throw new PawlError(
    'invalid_input',
    'target_task_id: expected a task for the scope specific_subtask, got none',
    { details: [['target_task_id']] },
  );
}
