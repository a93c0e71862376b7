/** What `GET /ws?types=classic` tells: the messages that clients of the requirement pipeline know, each by its name. */
import { z } from 'zod';
import { Priority } from '../../../domain/task-spec.ts';
import { TaskStatus } from '../../../domain/task-state.ts';
import { Warning } from '../../../domain/warning-signs.ts';

const message = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({ type: z.literal(type), data: z.object(data) });

/** How many tasks stand how. */
export const TaskCounts = z.object({
  total: z.int(),
  completed: z.int(),
  in_progress: z.int().describe('also those that wait at a gate'),
  blocked: z.int(),
  pending: z.int(),
  failed: z.int(),
  cancelled: z.int(),
});

const Percent = z.int().min(0).max(100);

export const PipelineMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connection'), status: z.literal('connected') }),
  message('status_update', {
    health_score: Percent.describe(
      'of the tasks that were not cancelled or put away, those that have not failed',
    ),
    progress: Percent.describe('of the same tasks, those that are over'),
    active_agents: z.int(),
    pending_decisions: z.int(),
    tasks: TaskCounts,
  }),
  message('requirement_submitted', {
    id: z.string(),
    content: z.string(),
    priority: Priority,
  }),
  message('agent_activity', {
    agent_id: z.string(),
    status: z.enum(['working', 'ready']),
    activity: z.string(),
  }),
  message('agent_log', {
    level: z.enum(['info', 'success', 'warning', 'error']),
    message: z.string(),
    agent: z.string(),
    task_id: z.string(),
    timestamp: z.string().describe('HH:MM:SS, UTC'),
  }),
  message('task_update', {
    task_id: z.string(),
    description: z.string(),
    status: z.union([TaskStatus, z.literal('removed')]),
    assigned_to: z.string().nullable(),
    progress: Percent.describe(
      '100 once it is completed, 50 while it is worked on or waits at a gate, else 0',
    ),
    output: z.string().nullable(),
  }),
  message('task_completed', { task_id: z.string(), agent: z.string(), output: z.string() }),
  message('decision_needed', {
    signal_id: z.string().describe('<task or execution>/<gate>'),
    id: z.string(),
    gate: z.string(),
    title: z.string(),
    waiting_since: z.string().nullable(),
  }),
  message('decision_made', {
    signal_id: z.string(),
    decision: z.enum(['approve', 'reject']),
    by: z.string().nullable(),
    rationale: z.string().nullable(),
  }),
  message('system_health', {
    status: z.enum(['healthy', 'degraded']),
    warnings: z.array(Warning).describe('all that there are now; told when they change'),
  }),
]);
export type PipelineMessage = z.infer<typeof PipelineMessage>;
export type MessageOf<T extends PipelineMessage['type']> = Extract<PipelineMessage, { readonly type: T }>;
