/** What a task depends on, and what helps where that will never be completed. */
import { z } from 'zod';
import type { Calls } from '../../../domain/operations.ts';
import type { TaskState } from '../../../domain/task-state.ts';
import { stateOf } from './own-tasks.ts';
import { STATUSES, statusThere } from './words.ts';

export const Dependency = z.object({
  task_id: z.string(),
  title: z.string(),
  /** `deleted`: it is gone for good, and was not completed. */
  status: z.enum([...STATUSES, 'deleted']),
  summary: z.string().nullable(),
});
export type Dependency = z.infer<typeof Dependency>;

export const dependenciesOf = (
  engine: Calls,
  { plan, openDependencies = [] }: TaskState,
): Promise<Dependency[]> =>
  Promise.all(
    (plan?.dependencies ?? []).map(async (id) => {
      const state = await stateOf(engine, id);
      if (state === undefined) return gone(id, openDependencies.includes(id));
      const { title, summary = null } = state;
      return { task_id: id, title, status: statusThere(state), summary };
    }),
  );

const gone = (id: string, isOpen: boolean): Dependency => ({
  task_id: id,
  title: id,
  status: isOpen ? 'deleted' : 'completed',
  summary: isOpen ? null : 'it was deleted after it was completed',
});

/** Whoever waits for it waits in vain. */
export const isLost = ({ status }: Pick<Dependency, 'status'>): boolean =>
  status === 'failed' || status === 'cancelled' || status === 'deleted';

/** How a task comes to be ready that waits for this one. */
export function wayOut(id: string, dependency: Dependency): string {
  const { task_id: name, status } = dependency;
  if (!isLost(dependency)) return `complete ${name} first`;
  const again = status === 'deleted' ? '' : `\`pawl retry ${name}\` runs it again, or `;
  return `${name} is ${status} and will not be completed: ${again}cancel ${id} with orchestrator_cancel_task and plan it anew without it`;
}
