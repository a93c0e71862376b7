/** Finding tasks. */
import { z } from 'zod';
import { TaskId } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { CallOf, Calls } from '../../../domain/operations.ts';
import { COMPLEXITIES, SPECIALISTS } from '../../../domain/plan.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import type { TaskStatus } from '../../../domain/task-state.ts';
import { tool } from '../../mcp/tool.ts';
import { fitting } from './fitting.ts';
import { ownRow, partsOf, rowsOf, type SessionRef, sessionOf } from './own-tasks.ts';
import { progressByParent } from './parts-progress.ts';
import { given } from './translation.ts';
import {
  Answered,
  ArtifactRef,
  artifactRefs,
  entryOf,
  LOOKS,
  lineOf,
  Moment,
  momentOf,
  STATUSES,
  statusHere,
  TASK_TYPES,
  TaskEntry,
} from './words.ts';

const QueriedTask = TaskEntry.extend({
  artifacts: z.array(ArtifactRef).optional(),
  children: z.array(z.looseObject({ task_id: z.string() }).describe('in the same form')).optional(),
});
type QueriedTask = z.infer<typeof QueriedTask>;

const several = <const V extends readonly string[]>(values: V) => z.array(z.enum(values)).optional();

const QueryInput = z.strictObject({
  status: several(STATUSES),
  task_type: several(TASK_TYPES),
  specialist_type: several(SPECIALISTS),
  parent_task_id: TaskId.optional(),
  complexity: several(COMPLEXITIES),
  search_text: z.string().max(LIMITS.titleCharsMax).optional().describe('words in title or description'),
  created_after: Moment.optional(),
  created_before: Moment.optional(),
  include_children: z.boolean().default(false),
  include_artifacts: z.boolean().default(false),
  limit: z.int().min(1).max(LIMITS.listPageMax).default(100),
  offset: z.int().min(0).default(0),
});

export const queryTasks = tool({
  name: 'orchestrator_query_tasks',
  title: 'Find tasks',
  description:
    'Tasks of this session that all given filters select, newest first, with the number of all of them.',
  input: QueryInput,
  output: z.looseObject({
    ...Answered,
    tasks: z.array(QueriedTask),
    total_count: z.int(),
    limit: z.int(),
    offset: z.int(),
    has_more: z.boolean(),
    filters_applied: z.record(z.string(), z.unknown()),
  }),
  hints: LOOKS,
  async call(engine, input, context) {
    const { parent_task_id: parent } = input;
    const session =
      parent === undefined
        ? await sessionOf(engine, context)
        : (await ownRow(engine, context, parent, 'parent_task_id')).session;
    const {
      include_children: withChildren,
      include_artifacts: withArtifacts,
      limit,
      offset,
      ...filters
    } = input;
    const { tasks, total } = await select(engine, session, filters, limit, offset);
    const ids = tasks.map(({ id }) => id);
    const parts = withChildren ? await descendantsOf(engine, session, ids) : undefined;
    const progress = progressByParent(parts ?? []);
    const children = Map.groupBy(
      (parts ?? []).filter(({ archivedAt }) => archivedAt === undefined),
      ({ plan }) => plan?.parent as string | undefined,
    );
    const entry = (row: TaskRow): QueriedTask => ({
      ...entryOf(row),
      ...(withArtifacts ? { artifacts: artifactRefs(row.artifacts) } : {}),
      ...(parts === undefined ? {} : { children: (children.get(row.id) ?? []).map(entry) }),
      ...given('progress', progress.get(row.id)),
    });
    const listed = fitting(tasks.map(entry));
    const left = tasks.length - listed.length;
    const cut =
      left === 0
        ? ''
        : `: ${left} more would be too long for one answer, go on with offset ${offset + listed.length}`;
    const structured = {
      success: true as const,
      message: `${listed.length} of ${total} tasks${cut}`,
      tasks: listed,
      total_count: total,
      limit,
      offset,
      has_more: offset + listed.length < total,
      filters_applied: Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)),
    };
    return {
      structured,
      text: [structured.message, ...tasks.slice(0, listed.length).map(lineOf)].join('\n'),
    };
  },
});

type Filters = Omit<
  z.output<typeof QueryInput>,
  'include_children' | 'include_artifacts' | 'limit' | 'offset'
>;

/** Archived is where a task is, not how it stands: asked for together with statuses it is added to them. */
async function select(engine: Calls, session: SessionRef, filters: Filters, limit: number, offset: number) {
  const { status = [], parent_task_id: parent, created_after: after, created_before: before } = filters;
  const alive = status.filter((one) => one !== 'archived');
  const filter: CallOf<'list'> = {
    session: session.id,
    ...(filters.task_type === undefined ? {} : { type: filters.task_type }),
    ...(filters.specialist_type === undefined ? {} : { specialist: filters.specialist_type }),
    ...(filters.complexity === undefined ? {} : { complexity: filters.complexity }),
    ...(filters.search_text === undefined ? {} : { text: filters.search_text }),
    ...(parent === undefined ? {} : { parent: [parent] }),
    ...(after === undefined ? {} : { createdAfter: momentOf(after) }),
    ...(before === undefined ? {} : { createdBefore: momentOf(before) }),
  };
  const statuses = [...new Set<TaskStatus>(alive.flatMap(statusHere))];
  const putAway = alive.length < status.length;
  const where = {
    ...(statuses.length === 0 ? {} : { status: statuses }),
    ...(putAway ? (statuses.length === 0 ? { archived: true } : { withArchived: true }) : {}),
  };
  return rowsOf(engine, { ...filter, ...where, limit, offset });
}

/** Parts, theirs too, one read a level; archived ones as well, because they count. */
async function descendantsOf(engine: Calls, session: SessionRef, ids: readonly TaskId[]): Promise<TaskRow[]> {
  const found = new Map<string, TaskRow>();
  for (let level = ids; level.length > 0; ) {
    const rows = (await partsOf(engine, session, level)).filter(({ id }) => !found.has(id));
    for (const row of rows) found.set(row.id, row);
    level = rows.map(({ id }) => id);
  }
  return [...found.values()];
}
