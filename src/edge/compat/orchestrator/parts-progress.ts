/** How far a task is that has parts. Pure. */
import { z } from 'zod';
import type { TaskRow } from '../../../domain/rows.ts';
import { isClosed } from '../../../domain/task-state.ts';

export const Progress = z.object({
  parent_task_id: z.string(),
  progress: z.enum(['in_progress', 'completed']),
  completed_subtasks: z.int(),
  total_subtasks: z.int(),
  cancelled_subtasks: z.int(),
  progress_percentage: z.number(),
});
type Progress = z.infer<typeof Progress>;

/** @param parts archived ones too. One that was cancelled is not wanted any more: it is told, and not waited for. */
export function progressOf(parent: string, parts: readonly Pick<TaskRow, 'status'>[]): Progress {
  const wanted = parts.filter(({ status }) => status !== 'cancelled');
  const completed = wanted.filter(({ status }) => status === 'completed').length;
  const total = wanted.length;
  return {
    parent_task_id: parent,
    progress: total > 0 && completed === total ? 'completed' : 'in_progress',
    completed_subtasks: completed,
    total_subtasks: total,
    cancelled_subtasks: parts.length - total,
    progress_percentage: total === 0 ? 0 : Math.round((1000 * completed) / total) / 10,
  };
}

/** Of each of these tasks that has parts. */
export function progressByParent(parts: readonly TaskRow[]): ReadonlyMap<string, Progress> {
  const byParent = Map.groupBy(parts, ({ plan }) => plan?.parent ?? '');
  return new Map([...byParent].map(([parent, rows]) => [parent, progressOf(parent, rows)]));
}

const NAMED_MAX = 10;

/** For people; undefined where all of them are over. */
export function openPartsText(parts: readonly TaskRow[]): string | undefined {
  const open = parts.filter(({ status }) => !isClosed(status)).map(({ id }) => id);
  if (open.length === 0) return undefined;
  const rest = open.length > NAMED_MAX ? ` and ${open.length - NAMED_MAX} more` : '';
  return `${open.slice(0, NAMED_MAX).join(', ')}${rest}`;
}
