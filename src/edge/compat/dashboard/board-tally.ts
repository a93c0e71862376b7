/** The counts of a board, brought up to each change, so that no change costs a look at all rows. */
import type { ExecutionRow } from '../../../domain/executions/execution-rows.ts';
import { queuePlaceIn } from '../../../domain/places.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import type { TaskStatus } from '../../../domain/task-state.ts';
import type { MessageOf } from './pipeline-message.ts';

export interface Tally {
  readonly byStatus: Map<TaskStatus, number>;
  /** How many tasks each works on. */
  readonly byAgent: Map<string, number>;
  gates: number;
}

export const createTally = (): Tally => ({ byStatus: new Map(), byAgent: new Map(), gates: 0 });

/** @param by 1 for a row that is there now, -1 for one that was */
export function countTask(tally: Tally, row: TaskRow, by: 1 | -1, agent: string): void {
  if (row.archivedAt !== undefined) return;
  add(tally.byStatus, row.status, by);
  if (isAtWork(row)) add(tally.byAgent, agent, by);
}

/** Not where it is still in the queue for an agent. */
export const isAtWork = ({ status, waitsFor }: TaskRow): boolean =>
  status === 'in_progress' && queuePlaceIn(waitsFor) === undefined;

export function countGates(tally: Tally, { gates = [] }: TaskRow | ExecutionRow, by: 1 | -1): void {
  tally.gates += by * gates.length;
}

function add<K>(counts: Map<K, number>, key: K, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

export function statusOf({ byStatus, byAgent, gates }: Tally): MessageOf<'status_update'>['data'] {
  const of = (...statuses: readonly TaskStatus[]) =>
    statuses.reduce((sum, status) => sum + (byStatus.get(status) ?? 0), 0);
  const total = [...byStatus.values()].reduce((sum, count) => sum + count, 0);
  const counted = total - of('cancelled');
  const percent = (part: number) => Math.round((100 * part) / counted);
  return {
    health_score: counted === 0 ? 100 : percent(counted - of('failed')),
    progress: counted === 0 ? 0 : percent(of('completed', 'failed')),
    active_agents: byAgent.size,
    pending_decisions: gates,
    tasks: {
      total,
      completed: of('completed'),
      in_progress: of('in_progress', 'awaiting_gate'),
      blocked: of('blocked'),
      pending: of('pending'),
      failed: of('failed'),
      cancelled: of('cancelled'),
    },
  };
}
