/** Ending tasks before they are done: cancel and delete, with what becomes of parts and of who waits. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import { TaskId } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Calls } from '../../../domain/operations.ts';
import type { Session } from '../../../domain/session.ts';
import { isClosed, type TaskState } from '../../../domain/task-state.ts';
import { type ToolContext, tool } from '../../mcp/tool.ts';
import { atFirst, ownTask, partsOf, sessionOf, stateOf, unlessGone } from './own-tasks.ts';
import { Answered, statusThere, TaskIdField } from './words.ts';

/** One by one, hundreds of parts would take longer than a client waits. */
const CANCELLED_AT_ONCE_MAX = 20;

const ENDS = { readOnly: false, destructive: true, idempotent: true } as const;

export const cancelTask = tool({
  name: 'orchestrator_cancel_task',
  title: 'Cancel a task',
  description:
    'Ends a task that is not over. Its artifacts stay; with preserve_work false it is put away as well. Tasks that depend on it stay blocked and say why; its parts go on.',
  input: z.strictObject({
    task_id: TaskIdField,
    reason: z.string().min(1).max(LIMITS.noteCharsMax).optional(),
    preserve_work: z.boolean().default(true),
  }),
  output: z.looseObject({
    ...Answered,
    status: z.literal('cancelled'),
    task_id: z.string(),
    cancellation_result: z.object({
      success: z.literal(true),
      previous_status: z.string(),
      reason: z.string().nullable(),
      work_preserved: z.boolean(),
      artifact_count: z.int(),
      dependent_tasks_updated: z.array(z.string()),
      open_children: z.array(z.string()),
      cancelled_at: z.string(),
    }),
    next_steps: z.array(z.string()),
  }),
  hints: ENDS,
  keeps: 'whole',
  async call(engine, input, context) {
    const before = await atFirst(context, () => lookBefore(engine, input.task_id, context));
    const { id, dependants, parts } = before;
    if (input.reason !== undefined && !before.isOver) {
      await engine.update({ id, note: input.reason }, context.keyed?.part('update'));
    }
    await engine.cancel({ id }, context.keyed?.part('cancel'));
    if (!input.preserve_work) await engine.archive({ id }, context.keyed?.part('archive'));
    const after = await engine.show({ id });
    const structured = {
      success: true as const,
      message: `task ${id} is cancelled`,
      status: 'cancelled' as const,
      task_id: id,
      cancellation_result: {
        success: true as const,
        previous_status: before.status,
        reason: input.reason ?? null,
        work_preserved: input.preserve_work,
        artifact_count: after.artifacts.length,
        dependent_tasks_updated: dependants,
        open_children: parts,
        cancelled_at: after.changedAt ?? new Date().toISOString(),
      },
      next_steps: dependants.map((one) => `${one} waits for it: cancel it or plan it anew`),
    };
    return { structured, text: [structured.message, ...structured.next_steps].join('\n') };
  },
});

export const deleteTask = tool({
  name: 'orchestrator_delete_task',
  title: 'Delete a task',
  description:
    'Puts a task away that is over (archive_instead), or forgets it for good. One that is not over, or has open parts or tasks that wait for it, is refused unless force: then it and its open parts are cancelled first.',
  input: z.strictObject({
    task_id: TaskIdField,
    force: z.boolean().default(false),
    archive_instead: z.boolean().default(true),
  }),
  output: z.looseObject({
    ...Answered,
    status: z.enum(['archived', 'deleted']),
    task_id: z.string(),
    previous_status: z.string(),
    cancelled: z.array(z.string()),
    dependent_tasks_updated: z.array(z.string()),
  }),
  hints: ENDS,
  keeps: 'whole',
  async call(engine, input, context) {
    const before = await atFirst(context, async () => {
      const found = await lookBefore(engine, input.task_id, context, 'all');
      if (!input.force) refuseOpen(found);
      return found;
    });
    const { id } = before;
    const cancelled = [...(before.isOver ? [] : [id]), ...before.parts];
    // Who waits for it is told first, then it can go.
    for (let at = 0; at < cancelled.length; at += CANCELLED_AT_ONCE_MAX) {
      const some = cancelled.slice(at, at + CANCELLED_AT_ONCE_MAX);
      await Promise.all(
        some.map((one) => unlessGone(() => engine.cancel({ id: one }, context.keyed?.part(`cancel/${one}`)))),
      );
    }
    await unlessGone(() =>
      input.archive_instead
        ? engine.archive({ id }, context.keyed?.part('archive'))
        : engine.remove({ id }, context.keyed?.part('remove')),
    );
    const how = input.archive_instead ? ('archived' as const) : ('deleted' as const);
    const structured = {
      success: true as const,
      message: `task ${id} is ${how}`,
      status: how,
      task_id: id,
      previous_status: before.status,
      cancelled,
      dependent_tasks_updated: before.dependants,
    };
    return { structured, text: structured.message };
  },
});

interface Before {
  readonly id: TaskId;
  readonly status: string;
  readonly isOver: boolean;
  /** Those that still wait for it. */
  readonly dependants: string[];
  /** Its open ones. */
  readonly parts: TaskId[];
}

async function lookBefore(
  engine: Calls,
  given: string,
  context: ToolContext,
  depth: 'all' | 'next' = 'next',
): Promise<Before> {
  const session = await sessionOf(engine, context);
  const task = await ownTask(engine, session, given);
  return {
    id: task.id,
    status: statusThere(task),
    isOver: isClosed(task.status),
    dependants: (await waitingFor(engine, task)).map(({ id }) => id),
    parts: await openPartsOf(engine, session, task.id, depth),
  };
}

function refuseOpen({ id, status, isOver, parts, dependants }: Before): void {
  const reasons = [
    ...(isOver ? [] : [`it is ${status}`]),
    ...(parts.length === 0 ? [] : [`its parts ${parts.join(', ')} are open`]),
    ...(dependants.length === 0 ? [] : [`${dependants.join(', ')} wait for it`]),
  ];
  if (reasons.length === 0) return;
  throw new PawlError('conflict', `task ${id} is not deleted: ${reasons.join('; ')}. force cancels first`, {
    details: [['force']],
  });
}

async function openPartsOf(
  engine: Calls,
  session: Session,
  id: TaskId,
  depth: 'all' | 'next',
): Promise<TaskId[]> {
  const open: TaskId[] = [];
  for (let level = [id]; level.length > 0; ) {
    const rows = await partsOf(engine, session, level);
    open.push(...rows.filter(({ status }) => !isClosed(status)).map((row) => row.id));
    level = depth === 'all' ? rows.map((row) => row.id) : [];
  }
  return open;
}

/** Those of these tasks that still wait for this one: what was freed, or is over, waits for nothing. */
async function waitingFor(engine: Calls, { id, dependants = [] }: TaskState): Promise<TaskState[]> {
  const states = await Promise.all(dependants.map((one) => stateOf(engine, TaskId.parse(one))));
  return states.filter(
    (state) => state !== undefined && !isClosed(state.status) && (state.openDependencies ?? []).includes(id),
  ) as TaskState[];
}
