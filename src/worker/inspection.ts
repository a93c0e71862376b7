/**
 * Looks once through the open tasks that an older Pawl began: each is asked for its state, so that one that cannot be
 * replayed is begun anew (`repair.ts`) before somebody needs it. Tasks that were begun apart (edition 3 on) cannot come to that.
 */
import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { queryTask } from '../client/querying.ts';
import { isOwn } from '../client/run-of.ts';
import { APART_SINCE } from '../domain/task-record.ts';
import { readNote, writeNote } from '../engine/noted-file.ts';

/** Beside everything else that a worker has to do at its start. */
const AT_ONCE_MAX = 2;
const Note = z.object({ edition: z.int() });

export interface InspectionDeps {
  readonly client: Client;
  /** The file that says that all were looked at; whoever finds it looks at none. */
  readonly note: string;
  readonly onNotice: (line: string) => void;
}

export interface Inspection {
  /** Looks at no further one and settles when it has ended. Idempotent. */
  stop(): Promise<void>;
}

/** One that is cut short, or could not ask a task, begins again with the next worker. */
export function startInspection({ client, note, onNotice }: InspectionDeps): Inspection {
  const stopping = new AbortController();
  const inspect = async () => {
    if (readNote(note, Note)?.edition === APART_SINCE) return;
    const ids = await olderTasks(client);
    let unanswered = 0;
    const next = async () => {
      for (let id = ids.pop(); id !== undefined && !stopping.signal.aborted; id = ids.pop()) {
        const handle = client.workflow.getHandle(id);
        await queryTask(client, handle, 'state').catch(() => {
          unanswered += 1;
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE_MAX }, next));
    if (stopping.signal.aborted) return;
    if (unanswered === 0) writeNote(note, { edition: APART_SINCE });
    else
      onNotice(`${unanswered} tasks of an older Pawl do not answer: \`pawl vitals\` names those that fail`);
  };
  const inspecting = inspect().catch((error: unknown) =>
    // Temporal may be away: the next worker looks again.
    onNotice(`the tasks of an older Pawl were not looked at: ${String(error)}`),
  );
  return {
    stop() {
      stopping.abort();
      return inspecting;
    },
  };
}

async function olderTasks(client: Client): Promise<string[]> {
  const ids: string[] = [];
  const query = `WorkflowType = 'task' AND ExecutionStatus = 'Running'`;
  for await (const info of client.workflow.list({ query, pageSize: 500 })) {
    if (isOwn(info) && Number(info.memo?.edition ?? 0) < APART_SINCE) ids.push(info.workflowId);
  }
  return ids;
}
