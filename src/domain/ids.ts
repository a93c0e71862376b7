/** Ids are branded and made here only, so nobody concatenates a workflow id or a branch name by hand. */
import { z } from 'zod';

/** One path-safe word: the id is also the workflow id, the branch `pawl/<id>` and a folder name. */
export const TaskId = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
    error: 'expected 1 to 63 lower-case letters, digits and inner hyphens, such as fix-login-7f3k',
  })
  .brand<'TaskId'>();
export type TaskId = z.infer<typeof TaskId>;

/** The branch a task works on. */
export const branchOf = (id: TaskId): string => `pawl/${id}`;

/** The key of an outside effect: the task's own words, because run ids change on continue-as-new. */
export const effectKey = (id: TaskId, attempt: number, effect: string): string =>
  `${id}/${attempt}/${effect}`;

/** A readable id from a title and a random suffix (`[a-z0-9]+`) made by the caller. */
export function taskIdFrom(title: string, suffix: string): TaskId {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return TaskId.parse(words === '' ? `task-${suffix}` : `${words}-${suffix}`);
}
