/** Planning and working: plan, execute, update, complete. */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import { TaskId } from '../../../domain/ids.ts';
import { invoke } from '../../../domain/invoke.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Calls } from '../../../domain/operations.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import type { Session } from '../../../domain/session.ts';
import { isClosed, type TaskState } from '../../../domain/task.ts';
import { tool } from '../../mcp/tool.ts';
import { SPECIALIST_ROLES } from '../../specialists.ts';
import { childrenOf, ownTask, rowsOf, sessionOf } from './own-tasks.ts';
import {
  Answered,
  ArtifactKind,
  ArtifactRef,
  artifactRefs,
  Complexity,
  Context,
  Description,
  entryOf,
  IdempotencyKey,
  Specialist,
  Status,
  statusThere,
  TaskEntry,
  TaskIdField,
  TaskType,
  Title,
} from './words.ts';

const WORKS = { readOnly: false, destructive: false, idempotent: false } as const;
const AttemptToken = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('what orchestrator_execute_task answered: a report of an older attempt is refused then');

/** With a key always the same id, so that a second call finds what the first one made. */
const newTaskId = (session: Session, key: string | undefined): TaskId => {
  const random =
    key === undefined ? randomBytes(8) : createHash('sha256').update(`${session.id}/${key}`).digest();
  return TaskId.parse(`task-${random.subarray(0, 8).toString('hex')}`);
};

const message = (key: string | undefined) => (key === undefined ? {} : { messageId: key });
const given = <K extends string, V>(key: K, value: V | undefined) =>
  value === undefined ? {} : { [key]: value };

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
    due_date: z.string().max(40).optional().describe('ISO 8601'),
    context: Context.optional(),
    dependencies: z
      .array(z.string().min(1).max(63))
      .max(LIMITS.dependenciesPerTaskMax)
      .optional()
      .describe('ids of tasks that have to be completed first'),
    idempotency_key: IdempotencyKey,
  }),
  output: TaskEntry.extend({
    ...Answered,
    operation: z.literal('create_task'),
    timestamp: z.string(),
    blocked_by: z.array(z.string()),
  }),
  hints: WORKS,
  async call(engine, input, context) {
    const session = await sessionOf(engine, context);
    const id = newTaskId(session, input.idempotency_key);
    await inWords(FIELDS, () =>
      invoke(engine, 'create', {
        id,
        title: input.title,
        description: input.description,
        session: session.id,
        type: input.task_type,
        complexity: input.complexity,
        ...given('parent', input.parent_task_id),
        ...given('specialist', input.specialist_type),
        ...given('effort', input.estimated_effort),
        ...given('due', input.due_date),
        ...given('context', input.context),
        ...given('dependencies', input.dependencies),
      }),
    );
    const state = await engine.show({ id });
    const entry = entryOfState(state);
    const blockedBy = state.openDependencies ?? [];
    const words = blockedBy.length === 0 ? 'is ready' : `waits for ${blockedBy.join(', ')}`;
    const structured = {
      ...entry,
      success: true as const,
      message: `task ${id} is planned and ${words}`,
      operation: 'create_task' as const,
      timestamp: entry.created_at,
      blocked_by: blockedBy,
    };
    return { structured, text: `${id}: ${state.title} (${entry.status})\n${structured.message}` };
  },
});

const ExecutionTask = z.object({
  task_id: z.string(),
  title: z.string(),
  status: Status,
  summary: z.string().nullable(),
});

export const executeTask = tool({
  name: 'orchestrator_execute_task',
  title: 'Take a task to work on it',
  description:
    'Claims the task for the caller and answers what is needed to do it: role, instructions, results of what it depends on, and an attempt token to complete it with.',
  input: z.strictObject({ task_id: TaskIdField, idempotency_key: IdempotencyKey }),
  output: z.looseObject({
    ...Answered,
    status: z.enum(['ready_for_execution', 'blocked']),
    task_id: z.string(),
    task_title: z.string(),
    task_description: z.string(),
    task_status: Status,
    specialist_type: Specialist,
    specialist_context: z.object({
      role: z.string(),
      expertise: z.array(z.string()),
      approach: z.array(z.string()),
    }),
    specialist_prompts: z.array(z.string()),
    execution_instructions: z.array(z.string()),
    dependencies_completed: z.boolean(),
    dependencies: z.array(ExecutionTask),
    open_dependencies: z.array(z.string()),
    estimated_effort: z.string().nullable(),
    attempt: z.int(),
    attempt_token: z.string().nullable(),
    next_steps: z.array(z.string()),
  }),
  hints: WORKS,
  async call(engine, input, context) {
    const session = await sessionOf(engine, context);
    const before = await ownTask(engine, session, input.task_id);
    const waits = (before.openDependencies ?? []).length > 0 && !isClosed(before.status);
    const claim = waits
      ? undefined
      : await invoke(engine, 'claim', { id: before.id, by: 'mcp', ...message(input.idempotency_key) });
    const state = await engine.show({ id: before.id });
    const role = state.plan?.specialist ?? 'generic';
    const dependencies = await dependenciesOf(engine, state);
    const open = state.openDependencies ?? [];
    const { expertise, approach } = SPECIALIST_ROLES[role];
    const structured = {
      success: true as const,
      message: waits
        ? `task ${state.id} waits for ${open.join(', ')}: nobody can work on it yet`
        : `task ${state.id} is yours, attempt ${state.claims}`,
      status: waits ? ('blocked' as const) : ('ready_for_execution' as const),
      task_id: state.id,
      task_title: state.title,
      task_description: state.description,
      task_status: statusThere(state),
      specialist_type: role,
      specialist_context: { role, expertise: [...expertise], approach: [...approach] },
      specialist_prompts: [
        `You are the ${role} of this task: ${state.title}`,
        ...approach.map((rule) => `${rule}.`),
      ],
      execution_instructions: [
        'Do what the description says and nothing else.',
        'Report progress with orchestrator_update_task.',
        'End with orchestrator_complete_task: a summary, the detailed work, and the attempt_token.',
      ],
      dependencies_completed: open.length === 0,
      dependencies,
      open_dependencies: open,
      estimated_effort: state.plan?.effort ?? null,
      attempt: state.claims ?? 0,
      attempt_token: claim?.attemptToken ?? null,
      next_steps: waits
        ? open.map((id) => `complete ${id} first`)
        : ['work on it', 'then call orchestrator_complete_task with the attempt_token'],
    };
    const results = dependencies.flatMap(({ task_id, summary }) =>
      summary === null ? [] : [`${task_id}: ${summary}`],
    );
    const text = [structured.message, '', state.description, ...results].join('\n').trim();
    return { structured, text };
  },
});

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
    due_date: z.string().max(40).optional(),
    context: Context.optional(),
    attempt_token: AttemptToken,
    idempotency_key: IdempotencyKey,
  }),
  output: z.looseObject({
    ...Answered,
    operation: z.literal('update_task'),
    task_id: z.string(),
    status: Status,
    updated_fields: z.array(z.string()),
    task: TaskEntry,
    timestamp: z.string(),
  }),
  hints: WORKS,
  async call(engine, input, context) {
    const session = await sessionOf(engine, context);
    const { id } = await ownTask(engine, session, input.task_id);
    const { task_id: _, idempotency_key: key, attempt_token: token, status, ...words } = input;
    const change = {
      ...given('title', words.title),
      ...given('description', words.description),
      ...given('specialist', words.specialist_type),
      ...given('complexity', words.complexity),
      ...given('effort', words.estimated_effort),
      ...given('due', words.due_date),
      ...given('context', words.context),
      ...given('attemptToken', token),
      ...message(key),
    };
    const ending = endingOf(status);
    if (ending === undefined || Object.keys(words).length > 0) {
      const here = status === 'active' ? 'in_progress' : status;
      await inWords(FIELDS, () =>
        invoke(engine, 'update', { id, ...change, ...(ending === undefined ? given('status', here) : {}) }),
      );
    }
    await ending?.(engine, id, token, key);
    const task = entryOfState(await engine.show({ id }), ending === undefined ? undefined : status);
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

type Ending = (
  engine: Calls,
  id: TaskId,
  token: string | undefined,
  key: string | undefined,
) => Promise<unknown>;

/** A status that ends a task is no word to be changed: it goes the way that ends it. */
function endingOf(status: z.infer<typeof Status> | undefined): Ending | undefined {
  if (status === 'cancelled') return (engine, id) => engine.cancel({ id });
  if (status === 'archived') return (engine, id) => engine.archive({ id });
  if (status !== 'completed' && status !== 'failed') return undefined;
  return (engine, id, token, key) =>
    invoke(engine, 'complete', {
      id,
      summary: `set to ${status} by an update`,
      outcome: status,
      ...given('attemptToken', token),
      ...message(key === undefined ? undefined : `${key}/${status}`),
    });
}

export const completeTask = tool({
  name: 'orchestrator_complete_task',
  title: 'Report what was done',
  description:
    'Keeps the detailed work and files as artifacts, so that they need no room in your context. next_action complete or continue completes the task; needs_revision and blocked do not.',
  input: z.strictObject({
    task_id: TaskIdField,
    summary: z.string().min(1).max(LIMITS.noteCharsMax),
    detailed_work: z.string().max(LIMITS.detailCharsMax),
    file_paths: z
      .array(z.string().min(1).max(4096))
      .max(LIMITS.filesPerMessageMax)
      .optional()
      .describe('files of the working directory; their content is kept'),
    artifact_type: ArtifactKind.default('general'),
    next_action: z.enum(['continue', 'needs_revision', 'blocked', 'complete']),
    legacy_artifacts: z.array(z.string().min(1).max(1_000)).max(LIMITS.artifactsPerTaskMax).optional(),
    attempt_token: AttemptToken,
    idempotency_key: IdempotencyKey,
  }),
  output: z.looseObject({
    ...Answered,
    status: z.enum(['success', 'needs_revision', 'blocked']),
    task_id: z.string(),
    task_status: Status,
    summary: z.string(),
    artifact_count: z.int(),
    artifact_references: z.array(ArtifactRef),
    next_action: z.string(),
    completion_time: z.string().nullable(),
    parent_task_progress: z
      .object({
        parent_task_id: z.string(),
        progress: z.enum(['in_progress', 'completed']),
        completed_subtasks: z.int(),
        total_subtasks: z.int(),
        progress_percentage: z.number(),
      })
      .nullable(),
    next_recommended_task: z
      .object({ task_id: z.string(), title: z.string(), specialist_type: Specialist })
      .nullable(),
    next_steps: z.array(z.string()),
  }),
  hints: WORKS,
  async call(engine, input, context) {
    const session = await sessionOf(engine, context);
    const { id } = await ownTask(engine, session, input.task_id);
    const results = {
      id,
      artifactType: input.artifact_type,
      ...(input.detailed_work === '' ? {} : { detail: input.detailed_work }),
      ...given('files', input.file_paths),
      ...given('artifacts', input.legacy_artifacts),
      ...given('attemptToken', input.attempt_token),
      ...message(input.idempotency_key),
    };
    const { next_action: next, summary } = input;
    const isOver = next === 'complete' || next === 'continue';
    await inWords(FIELDS, () =>
      isOver
        ? invoke(engine, 'complete', { ...results, summary })
        : invoke(engine, 'update', {
            ...results,
            note: summary,
            status: next === 'blocked' ? 'blocked' : 'in_progress',
          }),
    );
    const state = await engine.show({ id });
    const references = artifactRefs(state.artifacts);
    const { progress, recommended } = await whatIsNext(engine, session, state);
    const structured = {
      success: true as const,
      message: isOver ? `task ${id} is completed` : `task ${id} is not completed: ${next}`,
      status: isOver ? ('success' as const) : next,
      task_id: id,
      task_status: statusThere(state),
      summary,
      artifact_count: references.length,
      artifact_references: references,
      next_action: next,
      completion_time: isOver ? (state.changedAt ?? null) : null,
      parent_task_progress: progress,
      next_recommended_task: recommended,
      next_steps: stepsAfter(next, progress, recommended),
    };
    return { structured, text: [structured.message, ...structured.next_steps].join('\n') };
  },
});

type Next = 'continue' | 'needs_revision' | 'blocked' | 'complete';
function stepsAfter(
  next: Next,
  progress: { readonly parent_task_id: string; readonly progress: string } | null,
  recommended: { readonly task_id: string } | null,
): string[] {
  if (next === 'needs_revision') return ['revise it, then report again'];
  if (next === 'blocked') return ['remove what blocks it, then update its status to in_progress'];
  if (recommended !== null) return [`go on with ${recommended.task_id}`];
  if (progress?.progress === 'completed')
    return [`call orchestrator_synthesize_results for ${progress.parent_task_id}`];
  return ['nothing else is ready in this session'];
}

/** How far the parent is, and what is best done next: a part of the same parent first, the oldest first. */
async function whatIsNext(engine: Calls, session: Session, { plan }: TaskState) {
  const parent = plan?.parent;
  const siblings = parent === undefined ? [] : await childrenOf(engine, session, [parent]);
  const ready = siblings.find(({ status }) => status === 'pending') ?? (await oldestReady(engine, session));
  return {
    progress: parent === undefined ? null : progressOf(parent, siblings),
    recommended:
      ready === undefined
        ? null
        : {
            task_id: ready.id,
            title: ready.title,
            specialist_type: ready.plan?.specialist ?? ('generic' as const),
          },
  };
}

function progressOf(parent: string, siblings: readonly TaskRow[]) {
  const completed = siblings.filter(({ status }) => status === 'completed').length;
  const total = siblings.length;
  return {
    parent_task_id: parent,
    progress: completed === total ? ('completed' as const) : ('in_progress' as const),
    completed_subtasks: completed,
    total_subtasks: total,
    progress_percentage: total === 0 ? 0 : Math.round((1000 * completed) / total) / 10,
  };
}

async function oldestReady(engine: Calls, session: Session): Promise<TaskRow | undefined> {
  const filter = { session: session.id, status: ['pending' as const], limit: 1 };
  const { total } = await rowsOf(engine, filter);
  return total === 0 ? undefined : (await rowsOf(engine, { ...filter, offset: total - 1 })).tasks[0];
}

async function dependenciesOf(engine: Calls, { plan }: TaskState): Promise<z.infer<typeof ExecutionTask>[]> {
  const states = await Promise.all((plan?.dependencies ?? []).map((id) => engine.show({ id })));
  return states.map((state) => ({
    task_id: state.id,
    title: state.title,
    status: statusThere(state),
    summary: state.summary ?? null,
  }));
}

/** A state as a row of a list has it. */
function entryOfState(state: TaskState, status?: z.infer<typeof Status>): TaskEntry {
  const startedAt = state.plannedAt ?? state.changedAt ?? new Date(0).toISOString();
  const closedAt = isClosed(state.status) ? state.changedAt : undefined;
  const { kind, id, title, description, plan, context, summary } = state;
  const entry = entryOf({
    id,
    title,
    description,
    kind,
    status: state.status,
    startedAt,
    ...given('plan', plan),
    ...given('context', context),
    ...given('summary', summary),
    ...given('changedAt', state.changedAt),
    ...given('closedAt', closedAt),
  });
  return status === 'archived' ? { ...entry, status } : entry;
}

/** Fields of operations in the words of the tools. */
const FIELDS: Readonly<Record<string, string>> = {
  parent: 'parent_task_id',
  due: 'due_date',
  effort: 'estimated_effort',
  specialist: 'specialist_type',
  type: 'task_type',
  files: 'file_paths',
  detail: 'detailed_work',
  artifacts: 'legacy_artifacts',
  attemptToken: 'attempt_token',
  messageId: 'idempotency_key',
  id: 'task_id',
};

/** A problem is told with the name that the caller gave. */
async function inWords<T>(names: Readonly<Record<string, string>>, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof PawlError) || !Array.isArray(error.details)) throw error;
    const details = error.details.map((path: unknown) =>
      Array.isArray(path) ? path.map((part) => names[String(part)] ?? part) : path,
    );
    const text = error.message.replaceAll(
      /(^|; )([A-Za-z]+)(?=[:.])/g,
      (whole, before: string, field: string) => {
        const name = names[field];
        return name === undefined ? whole : `${before}${name}`;
      },
    );
    throw new PawlError(error.code, text, { details, cause: error });
  }
}
