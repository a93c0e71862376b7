/** The tasks of the session that a client speaks for: those of others are as good as none. */
import { PawlError } from '../../../domain/failures.ts';
import { TaskId } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { CallOf, Calls } from '../../../domain/operations.ts';
import { rowOfState, type TaskRow } from '../../../domain/rows.ts';
import { type Session, sessionIdOf } from '../../../domain/session.ts';
import type { TaskState } from '../../../domain/task-state.ts';
import type { ToolContext } from '../../mcp/tool.ts';

export const sessionOf = (engine: Calls, { directory }: ToolContext): Promise<Session> =>
  engine.open({ directory });

/** What is asked of a session. */
export type SessionRef = Pick<Session, 'id'>;

/** @throws PawlError `not_found` naming the field */
export async function ownTask(
  engine: Calls,
  session: SessionRef,
  given: string,
  field = 'task_id',
): Promise<TaskState> {
  const id = TaskId.safeParse(given);
  const state = id.success ? await stateOf(engine, id.data) : undefined;
  if (state?.plan?.session === session.id) return state;
  throw new PawlError('not_found', `${field}: there is no task ${given} in this session`, {
    details: [[field]],
  });
}

/**
 * A task of the session that this client speaks for, as lists know it, which costs its workflow no question.
 * @throws PawlError `not_found` naming the field
 */
export async function ownRow(
  engine: Calls,
  context: ToolContext,
  given: string,
  field = 'task_id',
): Promise<{ readonly session: SessionRef; readonly row: TaskRow }> {
  const row = await rowOf(engine, given);
  // To open the session costs a walk through the file system. A task of it says that it is there.
  const known = { id: sessionIdOf(context.directory) };
  if (row?.plan?.session === known.id) return { session: known, row };
  const session = await sessionOf(engine, context);
  if (row?.plan?.session === session.id) return { session, row };
  // Lists leave out what was put away.
  return { session, row: knownOf(await ownTask(engine, session, given, field)) };
}

/** A task after a message to it was answered. What the list has not been told of is asked of the workflow. */
export async function rowNow(engine: Calls, id: TaskId): Promise<TaskRow> {
  const row = await rowOf(engine, id);
  return row?.changedAt === undefined ? knownOf(await engine.show({ id })) : row;
}

/** undefined where no list has it. */
export async function rowOf(engine: Calls, given: string): Promise<TaskRow | undefined> {
  const id = TaskId.safeParse(given);
  return id.success ? (await rowsOf(engine, { id: [id.data], limit: 1 })).tasks[0] : undefined;
}

/** undefined where there is no such task. */
export async function stateOf(engine: Calls, id: TaskId): Promise<TaskState | undefined> {
  try {
    return await engine.show({ id });
  } catch (error) {
    if (error instanceof PawlError && error.code === 'not_found') return undefined;
    throw error;
  }
}

/** A state as a row of a list has it. */
export const knownOf = (state: TaskState): TaskRow =>
  rowOfState(state, state.plannedAt ?? state.changedAt ?? new Date(0).toISOString());

export const rowsOf = (engine: Calls, filter: CallOf<'list'>) => engine.list(filter);

/** Of all these tasks with one read, archived ones left out; in the order they were planned. */
export const childrenOf = (
  engine: Calls,
  session: SessionRef,
  parents: readonly TaskId[],
): Promise<TaskRow[]> => everyChild(engine, { session: session.id, parent: [...parents] });

/** The same with those that were put away: they are parts all the same. */
export const partsOf = (engine: Calls, session: SessionRef, parents: readonly TaskId[]): Promise<TaskRow[]> =>
  everyChild(engine, { session: session.id, parent: [...parents], withArchived: true });

type Children = Pick<CallOf<'list'>, 'session' | 'withArchived'> & { readonly parent: readonly TaskId[] };

async function everyChild(engine: Calls, filter: Children): Promise<TaskRow[]> {
  const { parent: parents } = filter;
  const found: TaskRow[] = [];
  // No parents to choose from would mean any; so many at once fit into one read.
  for (let at = 0; at < parents.length; at += LIMITS.listPageMax) {
    const parent = parents.slice(at, at + LIMITS.listPageMax);
    found.push(...(await everyRow(engine, { ...filter, parent })));
  }
  return parents.length > LIMITS.listPageMax ? found.sort(byTime) : found;
}

const byTime = (one: TaskRow, other: TaskRow): number => (one.startedAt < other.startedAt ? -1 : 1);

/** Oldest first, so that a task that is planned meanwhile moves none to another page. */
export async function everyRow(engine: Calls, filter: CallOf<'list'>): Promise<TaskRow[]> {
  const found: TaskRow[] = [];
  const limit = LIMITS.listPageMax;
  for (let offset = 0; ; offset += limit) {
    const { tasks, total } = await rowsOf(engine, { ...filter, order: 'oldest', limit, offset });
    found.push(...tasks);
    if (found.length >= total || tasks.length === 0) return found;
  }
}

/** How it was before the call acts; the same for the same call again. */
export const atFirst = <T>({ keyed }: ToolContext, look: () => Promise<T>): Promise<T> =>
  keyed === undefined ? look() : keyed.note('found', look);

/** Of what an earlier call, or another one, has removed meanwhile there is nothing left to do. */
export async function unlessGone(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof PawlError) || error.code !== 'not_found') throw error;
  }
}
