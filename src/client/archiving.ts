/** Putting tasks away that are over, and forgetting sessions. Tasks are forgotten in `removing.ts`. */

import type { Documents } from '../domain/documents.ts';
import { PawlError } from '../domain/failures.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import { rowOfState } from '../domain/rows.ts';
import { tallySessions } from '../domain/session.ts';
import { isClosed } from '../domain/task-state.ts';
import { readState } from './read-state.ts';
import { type Reads, readRow } from './task-reads.ts';

export interface ArchivingDeps {
  readonly documents: Documents;
  readonly now: () => Date;
}

/** @throws PawlError `conflict` while the task is not over */
export async function archiveTask(
  { documents, now }: ArchivingDeps,
  reads: Reads,
  { id }: InputOf<'archive'>,
): Promise<OutputOf<'archive'>> {
  const known = await documents.archive.read(id);
  const found = known?.row.archivedAt;
  if (known !== undefined && found !== undefined) return { id, status: known.row.status, archivedAt: found };
  const state = await readState(reads.client, id);
  if (!isClosed(state.status)) throw notOver(id, state.status);
  const archivedAt = now().toISOString();
  const { startedAt } = await readRow(reads, id);
  const row = { ...rowOfState(state, startedAt), archivedAt };
  await documents.archive.put(id, { row, state });
  reads.index.put(row);
  return { id, status: state.status, archivedAt };
}

export async function readSessions(
  { documents }: ArchivingDeps,
  reads: Reads,
): Promise<OutputOf<'sessions'>> {
  return { sessions: tallySessions(await documents.sessions.list(), await reads.rows()) };
}

/** @throws PawlError `conflict` where tasks of it are open, `not_found` */
export async function forgetSession(
  deps: ArchivingDeps,
  reads: Reads,
  { session }: InputOf<'forget'>,
): Promise<OutputOf<'forget'>> {
  const { sessions } = await readSessions(deps, reads);
  const found = sessions.find(({ id }) => id === session);
  if (found === undefined) throw new PawlError('not_found', `there is no session ${session}`);
  if (found.open > 0) {
    throw new PawlError(
      'conflict',
      `session ${session} has ${found.open} open tasks: complete or cancel them first`,
    );
  }
  await deps.documents.sessions.remove(session);
  return { session, forgotten: true };
}

export const notOver = (id: string, status: string): PawlError =>
  new PawlError('conflict', `task ${id} is ${status}: complete or cancel it first`);
