/** What is stale, stuck, forgotten or broken among tasks. Pure. */
import type { TaskRow } from '../../../domain/rows.ts';
import { isClosed } from '../../../domain/task-state.ts';
import { type Level, STALE_MS } from './levels.ts';

export interface Finding {
  readonly task_id: string;
  readonly issue: string;
  readonly advice: string;
}

interface Look {
  readonly scope: readonly TaskRow[];
  /** All that these may name, archived ones too. */
  readonly all: readonly TaskRow[];
}

/** What stands still though it should move. */
export function workIssues({ scope, all }: Look, level: Level, nowMs: number): Finding[] {
  const byId = new Map<string, TaskRow>(all.map((row) => [row.id, row]));
  const byParent = Map.groupBy(all, ({ plan }) => plan?.parent as string | undefined);
  const staleBeforeMs = nowMs - STALE_MS[level];
  return scope.flatMap((row) => {
    const parts = byParent.get(row.id) ?? [];
    return [
      ...(isStale(row, staleBeforeMs) ? [stale(row)] : []),
      ...(row.status === 'blocked' ? waitsInVain(row, byId) : []),
      ...(!isClosed(row.status) && parts.length > 0 && parts.every(({ status }) => isClosed(status))
        ? [allPartsOver(row)]
        : []),
    ];
  });
}

const isStale = (row: TaskRow, beforeMs: number): boolean =>
  row.status === 'in_progress' && Date.parse(row.changedAt ?? row.startedAt) < beforeMs;

const stale = ({ id }: TaskRow): Finding => ({
  task_id: id,
  issue: 'in progress without a word for long',
  advice: 'execute stale tasks again, or cancel them',
});

function waitsInVain({ id, plan }: TaskRow, byId: ReadonlyMap<string, TaskRow>): Finding[] {
  const lost = (plan?.dependencies ?? []).filter((one) =>
    ['failed', 'cancelled'].includes(byId.get(one)?.status ?? ''),
  );
  if (lost.length === 0) return [];
  return [
    {
      task_id: id,
      issue: `waits for ${lost.join(', ')}, which ended without being completed`,
      advice: 'cancel what waits in vain, and plan it anew',
    },
  ];
}

const allPartsOver = ({ id }: TaskRow): Finding => ({
  task_id: id,
  issue: 'all of its parts are over',
  advice: 'synthesize results and complete the parents',
});

/** What names something that is not there. Of a task that is over nobody follows the names any more. */
export function structureIssues({ scope, all }: Look): Finding[] {
  const byId = new Map<string, TaskRow>(all.map((row) => [row.id, row]));
  return scope
    .filter(({ status }) => !isClosed(status))
    .flatMap(({ id, plan = {} }) => {
      const { parent, dependencies = [] } = plan;
      return [
        ...(parent === undefined ? [] : parentIssue(id, parent, byId.get(parent))),
        ...dependencies.filter((one) => !byId.has(one)).map((one) => removed(id, one)),
      ];
    });
}

function parentIssue(id: string, parent: string, known: TaskRow | undefined): Finding[] {
  if (known === undefined) return [removed(id, parent)];
  if (known.archivedAt === undefined) return [];
  return [
    {
      task_id: id,
      issue: `is a part of ${parent}, which was put away`,
      advice: 'complete or cancel parts whose whole was put away',
    },
  ];
}

const removed = (id: string, named: string): Finding => ({
  task_id: id,
  issue: `names ${named}, which was removed`,
  advice: 'cancel tasks that name removed ones, and plan them anew where they are still wanted',
});
