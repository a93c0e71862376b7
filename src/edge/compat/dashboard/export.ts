/** Everything that lists know, as one document of JSON that is made as it is read: it may be longer than a text should be. */
import { z } from 'zod';
import { ExecutionRow } from '../../../domain/executions/execution-rows.ts';
import { TaskRow } from '../../../domain/rows.ts';
import { SessionTally } from '../../../domain/session.ts';
import type { Asked } from './route.ts';

export const EXPORT = {
  name: 'export',
  summary: 'Everything that lists know: tasks (those put away too), executions, sessions',
  path: '/api/export',
  scope: 'read',
  output: z.object({
    export_metadata: z.object({ exported_at: z.iso.datetime(), version: z.string(), platform: z.string() }),
    project_id: z.string(),
    tasks: z.array(TaskRow),
    executions: z.array(ExecutionRow),
    sessions: z.array(SessionTally),
  }),
} as const;

/** The parts of the document, in order. @throws PawlError before the first one */
export async function openExport({ calls, host, version, now }: Asked): Promise<Iterable<string>> {
  const [tasks, executions, { sessions }] = await Promise.all([
    host.rows(),
    host.executions(),
    calls.sessions({}),
  ]);
  const metadata = { exported_at: now.toISOString(), version, platform: process.platform };
  return partsOf({ export_metadata: metadata, project_id: host.project }, { tasks, executions, sessions });
}

/** So many rows at once, of a kilobyte or so. */
const ROWS_PER_PART = 100;

/** Pure. */
export function* partsOf(
  head: object,
  lists: Readonly<Record<string, readonly object[]>>,
): Generator<string> {
  yield JSON.stringify(head).slice(0, -1);
  for (const [name, rows] of Object.entries(lists)) {
    yield `,${JSON.stringify(name)}:[`;
    for (let at = 0; at < rows.length; at += ROWS_PER_PART) {
      const part = rows.slice(at, at + ROWS_PER_PART).map((row) => JSON.stringify(row));
      yield `${at === 0 ? '' : ','}${part.join(',')}`;
    }
    yield ']';
  }
  yield '}';
}
