/**
 * Agent runs that were open when the first engine started in a home that seals starts: they have no seal, and go on. Noted
 * once, before a worker takes up any of them; what is started without a seal after that was started past the engine.
 */
import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { GRPC_STATUS } from '../client/grpc-status.ts';
import { startOf } from '../client/starting.ts';
import { grpcErrorOf } from '../client/temporal-errors.ts';
import { digestOf } from '../domain/digest.ts';
import { TaskId } from '../domain/ids.ts';
import { PawlKind } from '../workflows/search-attributes.ts';
import { readNote, writeNote } from './noted-file.ts';

/** The digest of each one's spec by its id. */
const Note = z.object({ runs: z.record(z.string(), z.string()) });

/** Idempotent: a home is looked through once. */
export async function noteOlderRuns(client: Client, note: string): Promise<void> {
  if (readNote(note, Note) !== undefined) return;
  const runs: Record<string, string> = {};
  const query = `WorkflowType = 'task' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId, typedSearchAttributes } of client.workflow.list({ query, pageSize: 500 })) {
    const id = TaskId.safeParse(workflowId);
    if (!id.success || typedSearchAttributes.get(PawlKind) !== 'agent_run') continue;
    const { spec } = await startOf(client, id.data).catch(unlessGone);
    if (spec !== undefined) runs[id.data] = digestOf(spec);
  }
  writeNote(note, { runs });
}

/**
 * @param spec the digest of what it runs now; absent where its step was scheduled by a Pawl that told none
 * @returns true also where no engine that seals starts has been in this home yet
 */
export function isOlderRun(note: string, id: string, spec: string | undefined): boolean {
  const noted = readNote(note, Note);
  if (noted === undefined) return true;
  const known = Object.hasOwn(noted.runs, id) ? noted.runs[id] : undefined;
  return known !== undefined && (spec === undefined || spec === known);
}

/** Its history may be deleted since it was listed. */
function unlessGone(error: unknown): { readonly spec?: unknown } {
  if (grpcErrorOf(error)?.code === GRPC_STATUS.NOT_FOUND) return {};
  throw error;
}
