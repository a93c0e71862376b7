/** Starting a task that a client works on: what it names has to be there, and what it depends on is looked at first. */
import { PawlError } from '../domain/failures.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import type { Records } from '../domain/records.ts';
import { rowOfSpec } from '../domain/rows.ts';
import { sessionIdOf } from '../domain/session.ts';
import type { ClientDrivenSpec } from '../domain/task.ts';
import { type Reads, readRow } from './reading.ts';
import { type Starter, startTask } from './starting.ts';

export interface PlanningDeps {
  readonly records: Records;
  /** Real path of a directory. @throws PawlError `invalid_input` where there is none */
  readonly realDirectory: (path: string) => Promise<string>;
  readonly now: () => Date;
}

/** @throws PawlError `not_found` for a session, parent or dependency that is not there */
export async function createTask(
  starter: Starter,
  reads: Reads,
  { records, now }: PlanningDeps,
  input: InputOf<'create'>,
): Promise<OutputOf<'create'>> {
  const { id, title, description, context, ...plan } = input;
  const { session, parent, dependencies = [] } = plan;
  if (session !== undefined && (await records.sessions.read(session)) === undefined) {
    throw new PawlError(
      'not_found',
      `there is no session ${session}: open one for a working directory first`,
    );
  }
  if (parent === id) throw itself('parent');
  if (dependencies.includes(id)) throw itself('dependencies');
  const named = [...new Set([...(parent === undefined ? [] : [parent]), ...dependencies])];
  const rows = await Promise.all(named.map((one) => readRow(reads, one)));
  // Sessions see nothing of each other: a task of another one is as good as none.
  const foreign = rows.find((row) => row.plan?.session !== session);
  if (foreign !== undefined) {
    throw new PawlError(
      'not_found',
      `task ${foreign.id} is of another session: a task depends on those of its own`,
    );
  }
  const done = rows.filter((row) => dependencies.includes(row.id) && row.status === 'completed');
  const spec = {
    kind: 'client_driven',
    id,
    title,
    description,
    ...(context === undefined ? {} : { context }),
    plan,
    ...(done.length === 0 ? {} : { done: done.map((row) => row.id) }),
    plannedAt: now().toISOString(),
  } as const satisfies ClientDrivenSpec;
  const started = await startTask(starter, spec, input);
  // The worker tells of it a moment later.
  if (started.created && reads.index?.get(id) === undefined) reads.index?.put(rowOfSpec(spec));
  return started;
}

const itself = (field: string): PawlError =>
  new PawlError('invalid_input', `${field}: a task cannot wait for itself or be its own child`, {
    details: [[field]],
  });

/** Opens the session of a directory, or finds it. */
export async function openSession(
  { records: { sessions }, realDirectory, now }: PlanningDeps,
  { directory: given }: InputOf<'open'>,
): Promise<OutputOf<'open'>> {
  const directory = await realDirectory(given);
  const id = sessionIdOf(directory);
  const found = await sessions.read(id);
  if (found !== undefined) return { ...found, created: false };
  const session = { id, directory, createdAt: now().toISOString() };
  await sessions.put(id, session);
  return { ...session, created: true };
}
