/** Looking at tasks: query, status, synthesis. */
import { z } from 'zod';
import type { TaskId } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { CallOf, Calls } from '../../../domain/operations.ts';
import { COMPLEXITIES, SPECIALISTS, TASK_TYPES } from '../../../domain/plan.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import type { Session } from '../../../domain/session.ts';
import type { TaskStatus } from '../../../domain/task.ts';
import { tool } from '../../mcp/tool.ts';
import { childrenOf, ownTask, rowsOf, sessionOf } from './own-tasks.ts';
import {
  Answered,
  ArtifactRef,
  artifactRefs,
  entryOf,
  STATUSES,
  statusHere,
  statusThere,
  TaskEntry,
  TaskIdField,
} from './words.ts';

const LOOKS = { readOnly: true, destructive: false, idempotent: true } as const;

/** Children have children of their own in the same way. */
const QueriedTask = TaskEntry.extend({
  artifacts: z.array(ArtifactRef).optional(),
  children: z.array(TaskEntry).optional(),
});
type QueriedTask = z.infer<typeof QueriedTask>;

const several = <const V extends readonly string[]>(values: V) => z.array(z.enum(values)).optional();

const QueryInput = z.strictObject({
  status: several(STATUSES),
  task_type: several(TASK_TYPES),
  specialist_type: several(SPECIALISTS),
  parent_task_id: z.string().min(1).max(63).optional(),
  complexity: several(COMPLEXITIES),
  search_text: z.string().max(LIMITS.titleCharsMax).optional().describe('words in title or description'),
  created_after: z.string().optional().describe('ISO 8601'),
  created_before: z.string().optional().describe('ISO 8601'),
  include_children: z.boolean().default(false),
  include_artifacts: z.boolean().default(false),
  limit: z.int().min(1).max(LIMITS.listPageMax).default(100),
  offset: z.int().min(0).default(0),
});

export const queryTasks = tool({
  name: 'orchestrator_query_tasks',
  title: 'Find tasks',
  description:
    'Tasks of this session that all given filters select, newest first, with the number of all of them.',
  input: QueryInput,
  output: z.looseObject({
    ...Answered,
    tasks: z.array(QueriedTask),
    total_count: z.int(),
    limit: z.int(),
    offset: z.int(),
    has_more: z.boolean(),
    filters_applied: z.record(z.string(), z.unknown()),
  }),
  hints: LOOKS,
  async call(engine, input, context) {
    const session = await sessionOf(engine, context);
    const {
      include_children: withChildren,
      include_artifacts: withArtifacts,
      limit,
      offset,
      ...filters
    } = input;
    const { tasks, total } = await select(engine, session, filters, limit, offset);
    const children = withChildren
      ? await descendantsOf(
          engine,
          session,
          tasks.map(({ id }) => id),
        )
      : undefined;
    const entry = (row: TaskRow): QueriedTask => ({
      ...entryOf(row),
      ...(withArtifacts ? { artifacts: artifactRefs(row.artifacts) } : {}),
      ...(children === undefined ? {} : { children: (children.get(row.id) ?? []).map(entry) }),
    });
    const structured = {
      success: true as const,
      message: `${tasks.length} of ${total} tasks`,
      tasks: tasks.map(entry),
      total_count: total,
      limit,
      offset,
      has_more: offset + tasks.length < total,
      filters_applied: Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)),
    };
    return { structured, text: [structured.message, ...tasks.map(lineOf)].join('\n') };
  },
});

const lineOf = (row: TaskRow): string => `${row.id}  ${statusThere(row)}  ${row.title}`;

type Filters = Omit<
  z.output<typeof QueryInput>,
  'include_children' | 'include_artifacts' | 'limit' | 'offset'
>;

/** Archived is where a task is, not how it stands: asked for together with statuses it is a second list. */
async function select(engine: Calls, session: Session, filters: Filters, limit: number, offset: number) {
  const { status = [], parent_task_id: parent, created_after: after, created_before: before } = filters;
  const alive = status.filter((one) => one !== 'archived');
  const filter: CallOf<'list'> = {
    session: session.id,
    ...(filters.task_type === undefined ? {} : { type: filters.task_type }),
    ...(filters.specialist_type === undefined ? {} : { specialist: filters.specialist_type }),
    ...(filters.complexity === undefined ? {} : { complexity: filters.complexity }),
    ...(filters.search_text === undefined ? {} : { text: filters.search_text }),
    ...(parent === undefined ? {} : { parent: [parent] }),
    ...(after === undefined ? {} : { createdAfter: after }),
    ...(before === undefined ? {} : { createdBefore: before }),
  };
  const statuses = [...new Set<TaskStatus>(alive.flatMap(statusHere))];
  const ofStatus = statuses.length === 0 ? filter : { ...filter, status: statuses };
  if (alive.length === status.length) return rowsOf(engine, { ...ofStatus, limit, offset });
  const archived = { ...filter, archived: true };
  if (alive.length === 0) return rowsOf(engine, { ...archived, limit, offset });
  const reach = { limit: Math.min(limit + offset, LIMITS.listPageMax) };
  const both = await Promise.all([
    rowsOf(engine, { ...ofStatus, ...reach }),
    rowsOf(engine, { ...archived, ...reach }),
  ]);
  const tasks = both.flatMap((one) => one.tasks).sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  return {
    tasks: tasks.slice(offset, offset + limit),
    total: both.reduce((sum, { total }) => sum + total, 0),
  };
}

/** Children by parent, one read a level. */
async function descendantsOf(engine: Calls, session: Session, ids: readonly TaskId[]) {
  const found = new Map<string, TaskRow[]>();
  for (let level = ids; level.length > 0; ) {
    const rows = await childrenOf(engine, session, level);
    for (const row of rows) {
      const parent = row.plan?.parent ?? '';
      found.set(parent, [...(found.get(parent) ?? []), row]);
    }
    level = rows.map(({ id }) => id).filter((id) => !found.has(id));
  }
  return found;
}

export const getStatus = tool({
  name: 'orchestrator_get_status',
  title: 'Where everything stands',
  description: 'Counts of this session, its open tasks, and how the engine is.',
  input: z.strictObject({
    include_completed: z.boolean().default(false),
    include_performance_metrics: z.boolean().default(false),
    include_resource_usage: z.boolean().default(false),
  }),
  output: z.looseObject({
    ...Answered,
    status: z.literal('status_retrieved'),
    session_info: z.object({
      session_id: z.string(),
      working_directory: z.string(),
      started_at: z.string(),
      uptime_seconds: z.number(),
    }),
    task_status: z.object({
      active_tasks: z.int(),
      completed_tasks: z.int(),
      total_tasks: z.int(),
      tasks_by_status: z.record(z.string(), z.int()),
      tasks_by_specialist: z.record(z.string(), z.int()),
    }),
    system_health: z.object({
      database_status: z.string(),
      reboot_manager_status: z.string(),
      connection_status: z.string(),
    }),
    tasks: z.array(TaskEntry),
    completed_tasks: z.array(TaskEntry).optional(),
    performance_metrics: z.looseObject({}).optional(),
    resource_usage: z.looseObject({}).optional(),
    next_steps: z.array(z.string()),
  }),
  hints: LOOKS,
  async call(engine, input, context) {
    const session = await sessionOf(engine, context);
    const mine = { session: session.id };
    const [counts, vitals, open, done] = await Promise.all([
      engine.count(mine),
      engine.vitals({}),
      rowsOf(engine, { ...mine, status: ['pending', 'blocked', 'in_progress', 'awaiting_gate'] }),
      input.include_completed ? rowsOf(engine, { ...mine, status: ['completed'] }) : undefined,
    ]);
    const { byStatus, bySpecialist, total } = counts;
    const active = byStatus.in_progress + byStatus.awaiting_gate;
    const byStatusThere = { ...byStatus, in_progress: active, awaiting_gate: undefined };
    const ready = open.tasks.filter(({ status }) => status === 'pending');
    const structured = {
      success: true as const,
      message: `${total} tasks: ${active} in progress, ${byStatus.pending} ready, ${byStatus.blocked} blocked, ${byStatus.completed} completed`,
      status: 'status_retrieved' as const,
      session_info: {
        session_id: session.id,
        working_directory: session.directory,
        started_at: session.createdAt,
        uptime_seconds: (Date.now() - Date.parse(session.createdAt)) / 1_000,
      },
      task_status: {
        active_tasks: active,
        completed_tasks: byStatus.completed,
        total_tasks: total,
        tasks_by_status: Object.fromEntries(
          Object.entries(byStatusThere).flatMap(([status, count]) =>
            count === undefined ? [] : [[status, count]],
          ),
        ),
        tasks_by_specialist: Object.fromEntries(
          Object.entries(bySpecialist).map(([name, count = 0]) => [name, count]),
        ),
      },
      system_health: {
        database_status: vitals.database.reachable ? 'connected' : 'unreachable',
        reboot_manager_status: vitals.worker.state,
        connection_status: vitals.temporal.reachable ? 'connected' : 'unreachable',
      },
      tasks: open.tasks.map(entryOf),
      ...(done === undefined ? {} : { completed_tasks: done.tasks.map(entryOf) }),
      ...(input.include_performance_metrics
        ? {
            performance_metrics: {
              calls: vitals.calls.count,
              p50_ms: vitals.calls.p50Ms,
              p95_ms: vitals.calls.p95Ms,
              database_read_ms: vitals.database.readMs,
              errors: vitals.calls.errors.length,
            },
          }
        : {}),
      ...(input.include_resource_usage
        ? {
            resource_usage: {
              memory_bytes: vitals.memoryBytes,
              cpu_seconds: vitals.cpuSeconds,
              open_connections: vitals.connections,
              uptime_seconds: vitals.uptimeSeconds,
            },
          }
        : {}),
      next_steps: ready.slice(-3).map(({ id }) => `call orchestrator_execute_task for ${id}`),
    };
    return { structured, text: [structured.message, ...open.tasks.map(lineOf)].join('\n') };
  },
});

const Section = z.object({
  specialist_type: z.string(),
  tasks: z.array(
    z.object({
      task_id: z.string(),
      title: z.string(),
      summary: z.string(),
      artifacts: z.array(ArtifactRef),
    }),
  ),
});

export const synthesizeResults = tool({
  name: 'orchestrator_synthesize_results',
  title: 'Put results together',
  description:
    'What the parts of a task came to, with their artifacts, by role; of a task without parts what it came to itself.',
  input: z.strictObject({ parent_task_id: TaskIdField }),
  output: z.looseObject({
    ...Answered,
    status: z.enum(['synthesized', 'partial']),
    parent_task_id: z.string(),
    title: z.string(),
    total_subtasks: z.int(),
    completed_subtasks: z.int(),
    incomplete: z.array(z.object({ task_id: z.string(), title: z.string(), status: z.string() })),
    sections: z.array(Section),
    artifacts: z.array(ArtifactRef),
    synthesis: z.string(),
  }),
  hints: LOOKS,
  async call(engine, input, context) {
    const session = await sessionOf(engine, context);
    const parent = await ownTask(engine, session, input.parent_task_id, 'parent_task_id');
    const children = await childrenOf(engine, session, [parent.id]);
    const sources = children.length > 0 ? children : [selfOf(parent)];
    const completed = sources.filter(({ status }) => status === 'completed');
    const incomplete = sources.filter(({ status }) => status !== 'completed');
    const sections = [...Map.groupBy(completed, ({ plan }) => plan?.specialist ?? 'generic')].map(
      ([role, rows]) => ({
        specialist_type: role,
        tasks: rows.map(({ id, title, summary = '', artifacts }) => ({
          task_id: id,
          title,
          summary,
          artifacts: artifactRefs(artifacts),
        })),
      }),
    );
    const synthesis = markdownOf(parent.title, sections, incomplete);
    const structured = {
      success: true as const,
      message: `${completed.length} of ${sources.length} parts are completed`,
      status: incomplete.length === 0 ? ('synthesized' as const) : ('partial' as const),
      parent_task_id: parent.id,
      title: parent.title,
      total_subtasks: children.length,
      completed_subtasks: children.length === 0 ? 0 : completed.length,
      incomplete: incomplete.map((row) => ({ task_id: row.id, title: row.title, status: statusThere(row) })),
      sections,
      artifacts: sections.flatMap(({ tasks }) => tasks.flatMap(({ artifacts }) => artifacts)),
      synthesis,
    };
    return { structured, text: synthesis };
  },
});

type Source = Pick<TaskRow, 'id' | 'title' | 'status' | 'summary' | 'artifacts' | 'plan' | 'archivedAt'>;
const selfOf = ({
  id,
  title,
  status,
  summary,
  artifacts,
  plan,
}: Awaited<ReturnType<typeof ownTask>>): Source => ({
  id,
  title,
  status,
  artifacts,
  ...(summary === undefined ? {} : { summary }),
  ...(plan === undefined ? {} : { plan }),
});

function markdownOf(
  title: string,
  sections: readonly z.infer<typeof Section>[],
  incomplete: readonly Source[],
): string {
  const parts = sections.map(({ specialist_type: role, tasks }) =>
    [
      `## ${role}`,
      ...tasks.map(({ task_id: id, title: name, summary, artifacts }) =>
        [`### ${name} (${id})`, summary, ...artifacts.map(({ path }) => `- ${path}`)].join('\n'),
      ),
    ].join('\n\n'),
  );
  const open = incomplete.map((row) => `- ${row.title} (${row.id}): ${statusThere(row)}`);
  return [
    `# ${title}`,
    ...parts,
    ...(open.length === 0 ? [] : [`## Not completed\n\n${open.join('\n')}`]),
  ].join('\n\n');
}
