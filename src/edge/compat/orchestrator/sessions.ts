/** Sessions: begin, list, look at, go back to. They are forgotten in `session-cleanup.ts`. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import type { Calls } from '../../../domain/operations.ts';
import type { SessionTally } from '../../../domain/session.ts';
import type { TaskStatus } from '../../../domain/task-state.ts';
import { tool } from '../../mcp/tool.ts';
import { fitting } from './fitting.ts';
import { refuseOther } from './other-directory.ts';
import { rowsOf } from './own-tasks.ts';
import { FIELDS, inWords } from './translation.ts';
import { Answered, countsThere, cutText, entryOf, ListedTask, LOOKS } from './words.ts';

const OPEN: TaskStatus[] = ['pending', 'blocked', 'in_progress', 'awaiting_gate'];
const SessionIdField = z.string().min(1).max(100).describe('as orchestrator_list_sessions lists it');

async function openTasksOf(engine: Calls, session: string) {
  const { tasks, total } = await rowsOf(engine, { session, status: OPEN });
  const active = fitting(tasks.map(entryOf));
  const cut = cutText('unfinished', { listed: active.length, total });
  return { active, total, cut, text: `the session goes on, with ${total} unfinished tasks${cut}` };
}

export const initializeSession = tool({
  name: 'orchestrator_initialize_session',
  title: 'Begin or go on',
  description:
    'Opens the session of a working directory, or finds it, and lists its unfinished work. The other tools speak of this session from then on.',
  input: z.strictObject({
    working_directory: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe('absolute; default: where the adapter was started'),
  }),
  output: z.looseObject({
    ...Answered,
    status: z.literal('session_initialized'),
    session_id: z.string(),
    working_directory: z.string(),
    created: z.boolean(),
    capabilities: z.record(z.string(), z.boolean()),
    database_status: z.enum(['connected', 'unreachable']),
    active_tasks: z.array(ListedTask),
    open_tasks: z.int(),
    next_steps: z.array(z.string()),
  }),
  hints: { readOnly: false, destructive: false, idempotent: true },
  keeps: 'whole',
  speaksFor: ({ working_directory: directory }) => directory,
  async call(engine, { working_directory: directory = '' }, context) {
    const own = directory === '' || directory === context.directory;
    if (!own) await refuseOther(engine, context, { field: 'working_directory', directory });
    const named = { directory: own ? context.directory : directory };
    const opened = await inWords(FIELDS, () => engine.open(named, context.keyed?.context));
    const { created } = opened;
    context.speakFor(opened.directory);
    const [{ active, total, text }, vitals] = await Promise.all([
      openTasksOf(engine, opened.id),
      engine.vitals({}),
    ]);
    const structured = {
      success: true as const,
      message: opened.created ? 'the session is new' : text,
      status: 'session_initialized' as const,
      session_id: opened.id,
      working_directory: opened.directory,
      created,
      capabilities: {
        task_orchestration: true,
        database_persistence: vitals.database.reachable,
        hot_reload: vitals.worker.state === 'running',
        template_system: false,
      },
      database_status: vitals.database.reachable ? ('connected' as const) : ('unreachable' as const),
      active_tasks: active,
      open_tasks: total,
      next_steps:
        active.length === 0
          ? ['call orchestrator_plan_task for each part of the work, with its dependencies']
          : ['call orchestrator_execute_task for a task that is pending'],
    };
    const lines = active.map(({ id, status, title }) => `${id}  ${status}  ${title}`);
    return {
      structured,
      text: [`${opened.id} of ${opened.directory}: ${structured.message}`, ...lines].join('\n'),
    };
  },
});

const SessionEntry = z.object({
  session_id: z.string(),
  status: z.enum(['active', 'completed', 'orphaned']),
  working_directory: z.string(),
  created_at: z.string(),
  last_activity: z.string(),
  total_tasks: z.int(),
  open_tasks: z.int(),
});

/** `orphaned`: it has no tasks at all. */
export const standingOf = ({ tasks, open }: SessionTally) =>
  open > 0 ? 'active' : tasks > 0 ? 'completed' : 'orphaned';

const sessionEntryOf = (session: SessionTally): z.infer<typeof SessionEntry> => ({
  session_id: session.id,
  status: standingOf(session),
  working_directory: session.directory,
  created_at: session.createdAt,
  last_activity: session.lastActivityAt,
  total_tasks: session.tasks,
  open_tasks: session.open,
});

export const listSessions = tool({
  name: 'orchestrator_list_sessions',
  title: 'List sessions',
  description:
    'Sessions of this engine, latest activity first; those whose work is all done only if asked for.',
  input: z.strictObject({
    include_completed: z.boolean().default(false),
    limit: z.int().min(1).max(1_000).default(10),
  }),
  output: z.looseObject({
    ...Answered,
    sessions: z.array(SessionEntry),
    total_count: z.int(),
    displayed_count: z.int(),
    include_completed: z.boolean(),
    limit_applied: z.int(),
  }),
  hints: LOOKS,
  async call(engine, { include_completed: all, limit }) {
    const entries = (await engine.sessions({})).sessions.map(sessionEntryOf);
    const selected = entries.filter(({ status }) => all || status !== 'completed');
    const sessions = selected.slice(0, limit);
    const structured = {
      success: true as const,
      message: `${sessions.length} of ${selected.length} sessions`,
      sessions,
      total_count: selected.length,
      displayed_count: sessions.length,
      include_completed: all,
      limit_applied: limit,
    };
    const lines = sessions.map((one) => `${one.session_id}  ${one.status}  ${one.working_directory}`);
    return { structured, text: [structured.message, ...lines].join('\n') };
  },
});

/** @throws PawlError `not_found` */
async function sessionNamed(engine: Calls, id: string): Promise<SessionTally> {
  const found = (await engine.sessions({})).sessions.find((one) => one.id === id);
  if (found !== undefined) return found;
  throw new PawlError(
    'not_found',
    `session_id: there is no session ${id}: orchestrator_list_sessions lists them`,
    {
      details: [['session_id']],
    },
  );
}

export const resumeSession = tool({
  name: 'orchestrator_resume_session',
  title: 'Go back to a session',
  description: 'The other tools speak of this session from then on. Lists its unfinished work.',
  input: z.strictObject({ session_id: SessionIdField }),
  output: SessionEntry.extend({ ...Answered, active_tasks: z.array(ListedTask) }),
  hints: { readOnly: false, destructive: false, idempotent: true },
  keeps: 'whole',
  speaksFor: ({ working_directory: directory }) => directory,
  async call(engine, { session_id: id }, context) {
    const session = await sessionNamed(engine, id);
    await refuseOther(engine, context, { field: 'session_id', directory: session.directory });
    context.speakFor(session.directory);
    const { active, text: message } = await openTasksOf(engine, session.id);
    return {
      structured: { ...sessionEntryOf(session), success: true as const, message, active_tasks: active },
      text: [message, ...active.map((task) => `${task.id}  ${task.status}  ${task.title}`)].join('\n'),
    };
  },
});

export const sessionStatus = tool({
  name: 'orchestrator_session_status',
  title: 'Look at a session',
  description: 'Where the work of a session stands, without going to it.',
  input: z.strictObject({ session_id: SessionIdField }),
  output: SessionEntry.extend({
    ...Answered,
    exists: z.literal(true),
    tasks_by_status: z.record(z.string(), z.int()),
    active_tasks: z.array(ListedTask),
  }),
  hints: LOOKS,
  async call(engine, { session_id: id }) {
    const session = await sessionNamed(engine, id);
    const [counts, { active, cut }] = await Promise.all([
      engine.count({ session: session.id }),
      openTasksOf(engine, session.id),
    ]);
    const message = `${session.open} of ${session.tasks} tasks are open${cut}`;
    const structured = {
      ...sessionEntryOf(session),
      success: true as const,
      message,
      exists: true as const,
      tasks_by_status: countsThere(counts.byStatus),
      active_tasks: active,
    };
    return { structured, text: `${session.id} of ${session.directory}: ${message}` };
  },
});
