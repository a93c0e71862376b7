/** Planning a task. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import { TaskId } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Calls } from '../../../domain/operations.ts';
import { sessionIdOf } from '../../../domain/session.ts';
import { type ToolContext, tool } from '../../mcp/tool.ts';
import { rowOf, sessionOf } from './own-tasks.ts';
import { entryOfState, FIELDS, given, inWords, WORKS } from './translation.ts';
import {
  Answered,
  Complexity,
  Context,
  Description,
  entryOf,
  Moment,
  Specialist,
  TaskEntry,
  TaskType,
  Title,
  withZone,
} from './words.ts';

/** With a key always the same id, so that a second call finds what the first one made. */
const newTaskId = ({ keyed }: ToolContext): TaskId =>
  TaskId.parse(`task-${(keyed?.id ?? randomBytes(8).toString('hex')).slice(0, 16)}`);

export const planTask = tool({
  name: 'orchestrator_plan_task',
  title: 'Plan a task',
  description:
    'Create a task, or a part of one (parent_task_id). It is blocked until its dependencies are completed, then becomes ready by itself.',
  input: z.strictObject({
    title: Title,
    description: Description,
    task_type: TaskType.default('standard'),
    parent_task_id: z.string().min(1).max(63).optional(),
    complexity: Complexity.default('moderate'),
    specialist_type: Specialist.optional(),
    estimated_effort: z.string().max(LIMITS.titleCharsMax).optional(),
    due_date: Moment.optional(),
    context: Context.optional(),
    dependencies: z
      .array(z.string().min(1).max(63))
      .max(LIMITS.dependenciesPerTaskMax)
      .optional()
      .describe('ids of tasks that have to be completed first'),
  }),
  output: TaskEntry.extend({
    ...Answered,
    operation: z.literal('create_task'),
    timestamp: z.string(),
    blocked_by: z.array(z.string()),
  }),
  hints: WORKS,
  keeps: 'whole',
  async call(engine, input, context) {
    const id = newTaskId(context);
    const create = (session: string) => {
      const task = {
        id,
        title: input.title,
        description: input.description,
        session,
        type: input.task_type,
        complexity: input.complexity,
        ...given('parent', input.parent_task_id),
        ...given('specialist', input.specialist_type),
        ...given('effort', input.estimated_effort),
        ...given('due', input.due_date && withZone(input.due_date)),
        ...given('context', input.context),
        ...given('dependencies', input.dependencies),
      };
      return engine.create(task, context.keyed?.context);
    };
    const { created } = await inWords(FIELDS, () => inSession(engine, context, create));
    const { entry, blockedBy } = await planned(engine, id, created);
    const words = blockedBy.length === 0 ? 'is ready' : `waits for ${blockedBy.join(', ')}`;
    const structured = {
      ...entry,
      success: true as const,
      message: `task ${id} is planned and ${words}`,
      operation: 'create_task' as const,
      timestamp: entry.created_at,
      blocked_by: [...blockedBy],
    };
    return { structured, text: `${id}: ${entry.title} (${entry.status})\n${structured.message}` };
  },
});

/** The session is mostly there: it is opened only where it turns out not to be, which changes nothing before. */
async function inSession<T>(
  engine: Calls,
  context: ToolContext,
  act: (session: string) => Promise<T>,
): Promise<T> {
  try {
    return await act(sessionIdOf(context.directory));
  } catch (error) {
    if (!(error instanceof PawlError) || JSON.stringify(error.details) !== '[["session"]]') throw error;
    return act((await sessionOf(engine, context)).id);
  }
}

/** One that is ready from its start waits for nothing; of any other only its workflow knows for what. */
async function planned(
  engine: Calls,
  id: TaskId,
  created: boolean,
): Promise<{ readonly entry: TaskEntry; readonly blockedBy: readonly string[] }> {
  const row = created ? await rowOf(engine, id) : undefined;
  if (row?.status === 'pending') return { entry: entryOf(row), blockedBy: [] };
  const state = await engine.show({ id });
  return { entry: entryOfState(state), blockedBy: state.openDependencies ?? [] };
}
