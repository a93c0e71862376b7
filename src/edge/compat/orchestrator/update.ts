/** Changing a task. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import type { TaskId } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Calls } from '../../../domain/operations.ts';
import { type ToolKey, tool } from '../../mcp/tool.ts';
import { ownRow, rowNow } from './own-tasks.ts';
import { AttemptToken, entryOfState, FIELDS, given, inWords, WORKS } from './translation.ts';
import {
  Answered,
  Complexity,
  Context,
  Description,
  entryOf,
  ListedTask,
  Moment,
  Specialist,
  Status,
  TaskIdField,
  Title,
  withZone,
} from './words.ts';

export const updateTask = tool({
  name: 'orchestrator_update_task',
  title: 'Change a task',
  description: 'Change what a task says or where it stands. What is left out stays as it is.',
  input: z.strictObject({
    task_id: TaskIdField,
    title: Title.optional(),
    description: Description.optional(),
    status: Status.optional(),
    specialist_type: Specialist.optional(),
    complexity: Complexity.optional(),
    estimated_effort: z.string().max(LIMITS.titleCharsMax).optional(),
    due_date: Moment.optional(),
    context: Context.optional(),
    attempt_token: AttemptToken,
  }),
  output: z.looseObject({
    ...Answered,
    operation: z.literal('update_task'),
    task_id: z.string(),
    status: Status,
    updated_fields: z.array(z.string()),
    task: ListedTask,
    timestamp: z.string(),
  }),
  hints: WORKS,
  keeps: 'whole',
  async call(engine, input, context) {
    const { id } = (await ownRow(engine, context, input.task_id)).row;
    const { task_id: _, attempt_token: token, status, ...words } = input;
    const { keyed } = context;
    const isWordless = Object.keys(words).length === 0;
    if (status === 'archived') refuseWith(input);
    const change = {
      ...given('title', words.title),
      ...given('description', words.description),
      ...given('specialist', words.specialist_type),
      ...given('complexity', words.complexity),
      ...given('effort', words.estimated_effort),
      ...given('due', words.due_date && withZone(words.due_date)),
      ...given('context', words.context),
      ...given('attemptToken', token),
    };
    const ending = endingOf(status);
    const before = statusBefore(status);
    // Whatever would keep the task from ending is found by the first message, before anything has changed.
    if (ending === undefined || !isWordless || (status === 'cancelled' && token !== undefined)) {
      const report = { id, ...change, ...given('status', before) };
      await inWords(FIELDS, () => engine.update(report, keyed?.context));
    }
    await ending?.(engine, { id, token, keyed });
    const task =
      ending === undefined
        ? entryOf(await rowNow(engine, id))
        : entryOfState(await engine.show({ id }), status);
    const fields = Object.keys({ ...words, ...given('status', status) });
    const structured = {
      success: true as const,
      message: fields.length === 0 ? `task ${id} is as it was` : `task ${id}: ${fields.join(', ')} changed`,
      operation: 'update_task' as const,
      task_id: id,
      status: task.status,
      updated_fields: fields,
      task,
      timestamp: task.updated_at,
    };
    return { structured, text: `${id}: ${task.title} (${task.status})\n${structured.message}` };
  },
});

type Given = z.infer<typeof Status> | undefined;

/** @throws PawlError `invalid_input`: a task that may be put away is over, and takes neither words nor reports */
function refuseWith(input: Readonly<Record<string, unknown>>): void {
  const { task_id: _, status: _status, attempt_token: token, ...words } = input;
  const wrong = (field: string, text: string) =>
    new PawlError('invalid_input', `${field}: ${text}`, { details: [[field]] });
  if (token !== undefined) {
    throw wrong(
      'attempt_token',
      'expected none with status archived: no attempt of a task runs that is over',
    );
  }
  const also = Object.keys(words).filter((name) => words[name] !== undefined);
  if (also.length === 0) return;
  throw wrong(
    'status',
    `expected archived by itself, got ${also.join(', ')} too: a task that is over keeps its words`,
  );
}

/** What the words are sent with. Only a task that may be worked on may be completed: one that waits refuses both. */
function statusBefore(status: Given): Given {
  if (status === 'active' || status === 'completed') return 'in_progress';
  return endingOf(status) === undefined ? status : undefined;
}

interface Ended {
  readonly id: TaskId;
  readonly token: string | undefined;
  readonly keyed: ToolKey | undefined;
}
type Ending = (engine: Calls, ended: Ended) => Promise<unknown>;

/** A status that ends a task is not set as a field: the task is completed or cancelled. */
function endingOf(status: Given): Ending | undefined {
  if (status === 'cancelled') return (engine, { id, keyed }) => engine.cancel({ id }, keyed?.part('cancel'));
  if (status === 'archived') return (engine, { id, keyed }) => engine.archive({ id }, keyed?.part('archive'));
  if (status !== 'completed' && status !== 'failed') return undefined;
  return (engine, { id, token, keyed }) => {
    const summary = `set to ${status} by an update`;
    const report = { id, summary, outcome: status, ...given('attemptToken', token) };
    return engine.complete(report, keyed?.part('complete'));
  };
}
