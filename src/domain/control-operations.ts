/** The rows of the operations by which a person decides about a task and looks at what its agent did. */
import { z } from 'zod';
import { TaskId, WorkflowId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { TellMessage } from './messages.ts';
import {
  Acknowledged,
  By,
  ById,
  Decided,
  Decision,
  Fresh,
  LogLine,
  type Operation,
  Started,
} from './operation-schemas.ts';
import { Gate } from './task-state.ts';

export const controlOperations = {
  gates: {
    summary: 'List the decisions that wait for a person',
    input: z.strictObject({}),
    /** Of tasks and of executions: which, the form of `id` says, and how it is decided, `gate.next`. */
    output: z.object({ gates: z.array(z.object({ id: WorkflowId, title: z.string(), gate: Gate })) }),
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/gates',
  },
  approve: {
    summary: 'Approve what a task shows',
    input: Decision,
    output: Decided,
    scope: 'approve',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/approve',
  },
  reject: {
    summary: 'Reject what a task shows, with a reason the agent gets',
    input: Decision.extend({ reason: z.string().min(1).max(LIMITS.noteCharsMax) }),
    output: Decided,
    scope: 'approve',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/reject',
  },
  tell: {
    summary: 'Give the agent of a task a further instruction',
    input: z.strictObject({
      id: TaskId,
      ...TellMessage.omit({ inside: true, mayDecide: true }).shape,
      by: By,
    }),
    output: Acknowledged,
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/tell',
  },
  retry: {
    summary: 'Run a failed or cancelled task again, or go on from an escalation',
    input: ById.extend({ fresh: Fresh }),
    output: Started,
    scope: 'operate',
    idempotent: false,
    method: 'POST',
    path: '/api/tasks/{id}/retry',
  },
  cancel: {
    summary: 'Cancel a task and clean up after it',
    input: ById,
    output: Acknowledged,
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/cancel',
  },
  diff: {
    summary: 'Show the change of a task',
    input: ById,
    output: z.object({
      id: TaskId,
      commit: z.string(),
      /** For `git apply`; of what is not UTF-8 it shows U+FFFD. */
      patch: z.string(),
      /** The patch in base64, where it is not UTF-8. */
      bytes: z.base64().optional(),
    }),
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/tasks/{id}/diff',
  },
  logs: {
    summary: 'Show what the agent printed',
    input: z.strictObject({
      id: TaskId,
      attempt: z.int().min(1).optional(),
      /** Byte offset into the attempt's log, to go on where an earlier answer ended. */
      offset: z.int().min(0).default(0),
    }),
    output: z.object({ lines: z.array(LogLine), attempt: z.int(), offset: z.int() }),
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/tasks/{id}/logs',
  },
} as const satisfies Record<string, Operation>;
