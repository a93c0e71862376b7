/** Which tasks can be taken next. A task whose parts are open is not one of them: it is done by doing these. */
import type { TaskId } from '../../../domain/ids.ts';
import type { Calls } from '../../../domain/operations.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import { isClosed } from '../../../domain/task-state.ts';
import { childrenOf, rowsOf, type SessionRef } from './own-tasks.ts';

const LOOKED_AT_ONCE = 20;

/** The oldest first, at most so many. */
export async function oldestReady(engine: Calls, session: SessionRef, countMax: number): Promise<TaskRow[]> {
  const found: TaskRow[] = [];
  const filter = { session: session.id, status: ['pending' as const], order: 'oldest' as const };
  for (let offset = 0; ; offset += LOOKED_AT_ONCE) {
    const { tasks, total } = await rowsOf(engine, { ...filter, limit: LOOKED_AT_ONCE, offset });
    found.push(...(await withoutOpenParts(engine, session, tasks)));
    if (found.length >= countMax || offset + LOOKED_AT_ONCE >= total) return found.slice(0, countMax);
  }
}

export async function withoutOpenParts(
  engine: Calls,
  session: SessionRef,
  rows: readonly TaskRow[],
): Promise<TaskRow[]> {
  const ids: TaskId[] = rows.map(({ id }) => id);
  const parts = await childrenOf(engine, session, ids);
  const wholes = new Set<string | undefined>(
    parts.filter(({ status }) => !isClosed(status)).map(({ plan }) => plan?.parent),
  );
  return rows.filter(({ id }) => !wholes.has(id));
}
