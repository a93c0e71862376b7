/** What waits for a person, ranked: what holds up most comes first, then what has waited longest. Pure. */
import type { ExecutionRow } from '../../domain/executions/execution-rows.ts';
import type { TaskRow } from '../../domain/rows.ts';
import { countBehind, dependantsIn } from '../../domain/tasks-behind.ts';

export interface Waiting {
  readonly is: 'task' | 'execution';
  readonly id: string;
  readonly title: string;
  readonly gate: string;
  readonly since: string | undefined;
  /** How many open tasks wait for it, directly or through others. */
  readonly blocks: number;
  readonly where: string | undefined;
}

/** Whether a person decides about it now. What is paused takes no decision. */
export const asksIn = ({ gates = [], closedAt, status }: TaskRow | ExecutionRow): boolean =>
  gates.length > 0 && closedAt === undefined && status !== 'paused';

export function decisionsIn(
  tasks: readonly TaskRow[],
  executions: readonly ExecutionRow[],
): readonly Waiting[] {
  const dependants = dependantsIn(tasks);
  const ofTasks = tasks.flatMap(({ id, title, gates = [], repository }) =>
    gates
      .filter(({ gate }) => gate !== 'check')
      .map(({ gate, openedAt }): Waiting => {
        return {
          is: 'task',
          id,
          title,
          gate,
          since: openedAt,
          blocks: countBehind(id, dependants),
          where: repository,
        };
      }),
  );
  const asking = executions.filter(asksIn);
  const ofExecutions = asking.flatMap(({ id, title, gates = [], changedAt, project }) =>
    gates.map(
      (gate): Waiting => ({ is: 'execution', id, title, gate, since: changedAt, blocks: 0, where: project }),
    ),
  );
  return [...ofTasks, ...ofExecutions].sort(
    (one, other) => other.blocks - one.blocks || (one.since ?? '').localeCompare(other.since ?? ''),
  );
}
