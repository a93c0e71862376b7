/** Where everything stands. */
import { z } from 'zod';
import type { TaskRow } from '../../../domain/rows.ts';
import { LISTED_BYTES_MAX } from '../../mcp/bounds.ts';
import { tool } from '../../mcp/tool.ts';
import { fitting } from './fitting.ts';
import { partsOf, rowsOf, sessionOf } from './own-tasks.ts';
import { progressByParent } from './parts-progress.ts';
import { oldestReady } from './ready.ts';
import { given } from './translation.ts';
import { Answered, countsThere, cutText, entryOf, ListedTask, LOOKS, lineOf } from './words.ts';

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
    tasks: z.array(ListedTask),
    completed_tasks: z.array(ListedTask).optional(),
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
    const byStatusThere = countsThere(byStatus);
    const active = byStatusThere.in_progress;
    const ids = open.tasks.map(({ id }) => id);
    const [ready, parts] = await Promise.all([
      byStatus.pending === 0 ? [] : oldestReady(engine, session, 3),
      partsOf(engine, session, ids),
    ]);
    const progress = progressByParent(parts);
    const openEntry = (row: TaskRow) => ({ ...entryOf(row), ...given('progress', progress.get(row.id)) });
    const openListed = fitting(open.tasks.map(openEntry), LISTED_BYTES_MAX / 2);
    const doneListed = done && fitting(done.tasks.map(entryOf), LISTED_BYTES_MAX / 2);
    const cut = [
      cutText('open', { listed: openListed.length, total: open.total }),
      cutText('completed', { listed: doneListed?.length ?? 0, total: done?.total ?? 0 }),
    ].join('');
    const structured = {
      success: true as const,
      message: `${total} tasks: ${active} in progress, ${byStatus.pending} ready, ${byStatus.blocked} blocked, ${byStatus.completed} completed${cut}`,
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
        tasks_by_status: byStatusThere,
        tasks_by_specialist: Object.fromEntries(
          Object.entries(bySpecialist).map(([name, count = 0]) => [name, count]),
        ),
      },
      system_health: {
        database_status: vitals.database.reachable ? 'connected' : 'unreachable',
        reboot_manager_status: vitals.worker.state,
        connection_status: vitals.temporal.reachable ? 'connected' : 'unreachable',
      },
      tasks: openListed,
      ...given('completed_tasks', doneListed),
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
              clients: vitals.clients,
              uptime_seconds: vitals.uptimeSeconds,
            },
          }
        : {}),
      next_steps: ready.map(({ id }) => `call orchestrator_execute_task for ${id}`),
    };
    return {
      structured,
      text: [structured.message, ...open.tasks.slice(0, openListed.length).map(lineOf)].join('\n'),
    };
  },
});
