/** Why a task may not be planned so, from what it names. Pure. */
import { PawlError } from './failures.ts';
import { LIMITS } from './limits.ts';
import type { Plan } from './plan.ts';
import type { TaskRow } from './rows.ts';
import { isClosed } from './task-state.ts';

/**
 * @param rows those of the tasks it names that there are, archived ones too
 * @param dependants how many wait for each of its dependencies
 */
export function problemWithPlan(
  id: string,
  plan: Plan,
  rows: readonly TaskRow[],
  dependants: ReadonlyMap<string, number>,
): PawlError | undefined {
  const { session, parent, dependencies = [] } = plan;
  const byId = new Map<string, TaskRow>(rows.map((row) => [row.id, row]));
  const named = [
    ...(parent === undefined ? [] : [['parent', parent, problemWithParent] as const]),
    ...dependencies.map((one) => ['dependencies', one, problemWithDependency] as const),
  ];
  for (const [field, one, problemWith] of named) {
    const wrong = (code: PawlError['code'], text: string) =>
      new PawlError(code, `${field}: ${text}`, { details: [[field]] });
    if (one === id) return wrong('invalid_input', 'a task cannot wait for itself or be its own child');
    const row = byId.get(one);
    // Sessions see nothing of each other: a task of another one is as good as none, and is told as none.
    if (row === undefined || row.plan?.session !== session) {
      return wrong(
        'not_found',
        `there is no task ${one} ${session === undefined ? 'of no' : 'in this'} session`,
      );
    }
    const problem = problemWith(row);
    if (problem !== undefined) return wrong('precondition', problem);
    // No pause would help, as `unavailable` says: it clashes with what is planned already.
    if (
      field === 'dependencies' &&
      !isClosed(row.status) &&
      (dependants.get(one) ?? 0) >= LIMITS.dependantsPerTaskMax
    )
      return wrong('conflict', tooManyWait(one));
  }
  return undefined;
}

const tooManyWait = (id: string): string =>
  `${LIMITS.dependantsPerTaskMax} tasks wait for ${id} already, and it tells no more of its end: plan this one once ${id} is completed, or let it wait for one of them`;

/** How many tasks are planned to wait for each of these, whatever became of them: each is told all the same. */
export function dependantsOf(ids: readonly string[], rows: readonly TaskRow[]): ReadonlyMap<string, number> {
  const counts = new Map(ids.map((id) => [id, 0]));
  for (const { plan } of rows)
    for (const id of new Set<string>(plan?.dependencies)) {
      const count = counts.get(id);
      if (count !== undefined) counts.set(id, count + 1);
    }
  return counts;
}

function problemWithParent({ id, status, archivedAt }: TaskRow): string | undefined {
  if (!isClosed(status)) return undefined;
  const how = archivedAt === undefined ? status : `${status} and was put away`;
  return `expected a task that is not over, but ${id} is ${how}: plan it under another one, or under none`;
}

function problemWithDependency({ id, status }: TaskRow): string | undefined {
  if (!isClosed(status) || status === 'completed') return undefined;
  return `expected tasks that are or can be completed, but ${id} is ${status}, so this one would wait in vain: plan it without`;
}
