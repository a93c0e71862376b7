/** Putting tasks away that are over, and forgetting sessions. Tasks are forgotten in `removing.ts`. */

import type { Documents } from '../domain/documents.ts';
import { PawlError } from '../domain/failures.ts';
import { type Keyed, noted } from '../domain/idempotency-key.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import { rowOfState } from '../domain/rows.ts';
import { type SessionTally, tallySessions } from '../domain/session.ts';
import { isClosed } from '../domain/task-state.ts';
import { readState } from './read-state.ts';
import { runOf } from './run-of.ts';
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
  keyed?: Keyed,
): Promise<OutputOf<'archive'>> {
  const known = await documents.archive.read(id);
  const found = known?.row.archivedAt;
  const { run, archivedAt, before } = await noted(keyed, async () => {
    if (known !== undefined && found !== undefined)
      return { archivedAt: found, before: { status: known.row.status, archivedAt: found } };
    const { status } = await readState(reads.client, id);
    if (!isClosed(status)) throw notOver(id, status);
    return {
      run: (await runOf(reads.client, id))?.runId,
      archivedAt: now().toISOString(),
      before: { status },
    };
  });
  const answer = { id, status: before.status, archivedAt, before };
  if (found !== undefined) return answer;
  // What was begun under its id since then is not what was to be put away.
  if (keyed !== undefined && (await runOf(reads.client, id))?.runId !== run) return answer;
  const state = await readState(reads.client, id);
  const { startedAt } = await readRow(reads, id);
  const row = { ...rowOfState(state, startedAt), archivedAt };
  await documents.archive.put(id, { row, state });
  reads.index.put(row);
  return answer;
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
  keyed?: Keyed,
): Promise<OutputOf<'forget'>> {
  const { directory, createdAt } = await noted(keyed, () => forgettable(deps, reads, session));
  // One that was opened again since then is another one.
  if ((await deps.documents.sessions.read(session))?.createdAt === createdAt)
    await deps.documents.sessions.remove(session);
  return { session, forgotten: true, before: { directory } };
}

async function forgettable(deps: ArchivingDeps, reads: Reads, session: string): Promise<SessionTally> {
  const { sessions } = await readSessions(deps, reads);
  const found = sessions.find(({ id }) => id === session);
  if (found === undefined) throw new PawlError('not_found', `there is no session ${session}`);
  if (found.open === 0) return found;
  throw new PawlError(
    'conflict',
    `session ${session} has ${found.open} open tasks: complete or cancel them first`,
  );
}

export const notOver = (id: string, status: string): PawlError =>
  new PawlError('conflict', `task ${id} is ${status}: complete or cancel it first`);
