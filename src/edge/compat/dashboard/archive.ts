/** What is over and was put away. */
import { z } from 'zod';
import type { ExecutionRow } from '../../../domain/executions/execution-rows.ts';
import { isOver } from '../../../domain/executions/execution-state.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import { route } from './route.ts';

const Put = z.object({
  id: z.string(),
  kind: z.enum(['task', 'execution']),
  title: z.string(),
  status: z.string(),
  path: z.string().describe('where this interface shows it'),
  created: z.iso.datetime().describe('when it was put away; of an execution, when it ended'),
  created_display: z.string(),
  file_count: z.int().describe('of what a task left in the artifact store'),
  repository: z.string().nullable(),
  started: z.iso.datetime(),
  ended: z.iso.datetime().nullable(),
});
type Put = z.infer<typeof Put>;

export const archive = route({
  name: 'archives',
  summary: 'List tasks that were put away, and executions that are over, newest first',
  method: 'GET',
  path: '/api/archive',
  scope: 'read',
  input: z.strictObject({
    limit: z.int().min(1).max(LIMITS.listPageMax).default(100),
    offset: z.int().min(0).default(0),
  }),
  output: z.object({ archives: z.array(Put), total: z.int().describe('without limit and offset') }),
  async answer({ host }, { limit, offset }) {
    const [rows, executions] = await Promise.all([host.rows(), host.executions()]);
    const all = putAway(rows, executions);
    return { archives: all.slice(offset, offset + limit), total: all.length };
  },
});

/** Pure. */
export function putAway(rows: readonly TaskRow[], executions: readonly ExecutionRow[]): readonly Put[] {
  const tasks = rows.flatMap((row) => (row.archivedAt === undefined ? [] : [taskPut(row, row.archivedAt)]));
  const over = executions.filter(({ status }) => isOver(status)).map(executionPut);
  return [...tasks, ...over].sort((one, other) => (one.created < other.created ? 1 : -1));
}

function taskPut(
  { id, title, status, artifacts, repository, startedAt, closedAt }: TaskRow,
  at: string,
): Put {
  return {
    ...{ id, kind: 'task', title, status, ...madeAt(at), path: `/api/tasks/${id}` },
    file_count: artifacts?.length ?? 0,
    ...{ repository: repository ?? null, started: startedAt, ended: closedAt ?? null },
  };
}

function executionPut({ id, title, status, project, startedAt, closedAt, changedAt }: ExecutionRow): Put {
  const made = madeAt(closedAt ?? changedAt ?? startedAt);
  return {
    ...{ id, kind: 'execution', title, status, ...made, path: `/api/executions/${id}`, file_count: 0 },
    ...{ repository: project, started: startedAt, ended: closedAt ?? null },
  };
}

/** `2026-01-31T12:00:00.000Z` → `2026-01-31 12:00:00` */
const madeAt = (created: string) => ({ created, created_display: created.slice(0, 19).replace('T', ' ') });
