/** The rows of the operations by which tasks come, are looked at, worked on by clients, and go. */
import { z } from 'zod';
import { TaskId } from './ids.ts';
import { ClaimMessage, CompleteMessage, UpdateMessage } from './messages.ts';
import {
  Acknowledged,
  Before,
  By,
  ById,
  Context,
  CreateInput,
  type Operation,
  Results,
  RunInput,
  RunPreview,
  Started,
  Title,
} from './operation-schemas.ts';
import { Due, SessionId } from './plan.ts';
import { Counts, RowFilter, TaskRow } from './rows.ts';
import { TaskState } from './task-state.ts';

export const taskOperations = {
  run: {
    summary: 'Give a requirement to an agent',
    input: RunInput,
    output: Started,
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/runs',
  },
  preview: {
    summary: 'Say what a run would do: who works, what judges the work, what it may come to',
    input: RunInput.omit({ id: true, requirement: true }),
    output: RunPreview,
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/runs/preview',
    keyless: 'it changes nothing',
  },
  create: {
    summary: 'Create a task that you work on yourself',
    input: CreateInput,
    output: Started,
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks',
  },
  list: {
    summary: 'List tasks, newest first',
    input: RowFilter,
    /** `total`: how many there are without limit and offset. */
    output: z.object({ tasks: z.array(TaskRow), total: z.int() }),
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/tasks',
  },
  show: {
    summary: 'Show one task',
    input: ById,
    output: TaskState,
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/tasks/{id}',
  },
  update: {
    summary: 'Report progress on a task, or change its words',
    input: z.strictObject({
      id: TaskId,
      ...UpdateMessage.shape,
      ...Results,
      title: Title.optional(),
      context: Context.optional(),
      due: Due,
    }),
    output: Acknowledged,
    scope: 'operate',
    idempotent: true,
    method: 'PATCH',
    path: '/api/tasks/{id}',
  },
  count: {
    summary: 'Count tasks by status and by who should do them',
    input: z.strictObject({ session: SessionId.optional() }),
    output: Counts,
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/counts',
  },
  claim: {
    summary: 'Take a task to work on it: whoever had it before may not report any more',
    input: z.strictObject({ id: TaskId, ...ClaimMessage.shape, by: By }),
    output: Acknowledged.extend({
      attemptToken: z.string(),
      /** Which claim of the task it is, from 1. Absent where an older Pawl has answered, as is the next. */
      claim: z.int().min(1).optional(),
      /** Who had the task until now, and may not report any more. */
      takenFrom: z.string().optional(),
    }),
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/claim',
  },
  complete: {
    summary: 'Close a task that you worked on yourself',
    input: z.strictObject({
      id: TaskId,
      ...CompleteMessage.omit({ by: true, inside: true, mayDecide: true }).shape,
      ...Results,
    }),
    output: Acknowledged,
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/complete',
  },
  archive: {
    summary: 'Put a task away that is over: lists leave it out',
    input: ById,
    output: Acknowledged.extend({ archivedAt: z.iso.datetime() }),
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/archive',
  },
  remove: {
    summary: 'Forget a task for good; its artifacts stay',
    input: ById,
    output: z.object({ id: TaskId, removed: z.literal(true), before: Before.extend({ title: z.string() }) }),
    scope: 'operate',
    idempotent: false,
    method: 'DELETE',
    path: '/api/tasks/{id}',
  },
} as const satisfies Record<string, Operation>;
