/** Why a task may not be planned so, from what it names. Pure. */
import { PawlError } from './failures.ts';
import type { Plan } from './plan.ts';
import type { TaskRow } from './rows.ts';
import { isClosed } from './task-state.ts';

/** @param rows those of the tasks it names that there are, archived ones too */
export function problemWithPlan(id: string, plan: Plan, rows: readonly TaskRow[]): PawlError | undefined {
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
  }
  return undefined;
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
