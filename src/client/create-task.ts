/** Starting a task that a client works on: what it names has to be there, and what it depends on is looked at first. */

import type { Documents } from '../domain/documents.ts';
import { PawlError } from '../domain/failures.ts';
import { type Keyed, noted } from '../domain/idempotency-key.ts';
import type { TaskId } from '../domain/ids.ts';
import type { MaskNow } from '../domain/mask.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import type { Plan } from '../domain/plan.ts';
import { dependantsOf, problemWithPlan } from '../domain/plan-problems.ts';
import { RowFilter, rowOfSpec, type TaskRow, waitsFor } from '../domain/rows.ts';
import { sessionIdOf } from '../domain/session.ts';
import type { ClientDrivenSpec } from '../domain/task-spec.ts';
import { runOf } from './run-of.ts';
import { type Starter, startTask } from './starting.ts';
import { openDependants, putNew, type Reads } from './task-reads.ts';

export interface PlanningDeps {
  readonly documents: Documents;
  readonly mask: MaskNow;
  /** Real path of a directory. @throws PawlError `invalid_input` where there is none */
  readonly realDirectory: (path: string) => Promise<string>;
  readonly now: () => Date;
}

/**
 * @throws PawlError `not_found` for a session, parent or dependency that is not there, `precondition` for one that is over
 * and will never have what the task needs of it, `conflict` for a dependency that too many wait for
 */
export async function createTask(
  starter: Starter,
  reads: Reads,
  { documents, mask, now }: PlanningDeps,
  input: InputOf<'create'>,
  keyed?: Keyed,
): Promise<OutputOf<'create'>> {
  const { id, title, description, context, ...plan } = input;
  const { session, dependencies = [] } = plan;
  if (session !== undefined && (await documents.sessions.read(session)) === undefined) {
    throw new PawlError(
      'not_found',
      `session: there is no session ${session}: open one for a working directory first`,
      { details: [['session']] },
    );
  }
  const rows = await namedBy(reads, plan);
  const counts = dependantsOf(
    dependencies,
    dependencies.length === 0 ? [] : await reads.index.naming(dependencies.map(waitsFor)),
  );
  // Tasks of its session may wait for one of this id, which was removed: they wait for this one now.
  const waiting = (await openDependants(reads, id)).filter((row) => row.plan?.session === session);
  const problem =
    problemWithPlan(id, plan, rows, counts) ?? (await problemWithCircle(reads, id, plan, waiting));
  // A resend finds the task as it was planned, whatever has become of the tasks that it names.
  if (problem !== undefined && (await runOf(starter.client, id)) === undefined) throw problem;
  const done = rows.filter((row) => dependencies.includes(row.id) && row.status === 'completed');
  const spec = {
    kind: 'client_driven',
    id,
    // Lists and reports show it; who works on the task gets the description as it is.
    title: mask().text(title),
    description,
    ...(context === undefined ? {} : { context }),
    plan,
    ...(done.length === 0 ? {} : { done: done.map((row) => row.id) }),
    plannedAt: now().toISOString(),
  } as const satisfies ClientDrivenSpec;
  const { isNew, ...started } = await startTask(starter, spec, {
    request: input,
    keyed,
    dependants: waiting.map((row) => row.id),
  });
  // What has become of it since is not undone by the same call made again.
  if (isNew) await putNew(reads, rowOfSpec(spec, spec.plannedAt));
  return started;
}

/** None of its dependencies may wait for it, directly or by others. */
async function problemWithCircle(
  reads: Reads,
  id: TaskId,
  { dependencies = [] }: Plan,
  waiting: readonly TaskRow[],
): Promise<PawlError | undefined> {
  if (dependencies.length === 0) return undefined;
  const known = new Set(waiting.map((row) => row.id));
  for (const one of known) for (const row of await openDependants(reads, one)) known.add(row.id);
  const first = dependencies.find((one) => known.has(one));
  if (first === undefined) return undefined;
  return new PawlError(
    'precondition',
    `dependencies: ${first} waits for ${id}: neither would ever be ready`,
    {
      details: [['dependencies']],
    },
  );
}

/** The tasks that a plan names, of those that there are. */
async function namedBy(reads: Reads, { parent, dependencies = [] }: Plan): Promise<readonly TaskRow[]> {
  const named = [...new Set([...(parent === undefined ? [] : [parent]), ...dependencies])];
  if (named.length === 0) return [];
  const filter = RowFilter.parse({ id: named, withArchived: true, limit: named.length });
  return (await reads.select(filter)).tasks;
}

/** Opens the session of a directory, or finds it. */
export async function openSession(
  { documents: { sessions }, realDirectory, now }: PlanningDeps,
  { directory: given }: InputOf<'open'>,
  keyed?: Keyed,
): Promise<OutputOf<'open'>> {
  const directory = await realDirectory(given);
  const id = sessionIdOf(directory);
  const found = await sessions.read(id);
  const { createdAt, created } = await noted(keyed, async () => ({
    createdAt: found?.createdAt ?? now().toISOString(),
    created: found === undefined,
  }));
  if (found !== undefined) return { ...found, created };
  const session = { id, directory, createdAt };
  await sessions.put(id, session);
  return { ...session, created };
}
