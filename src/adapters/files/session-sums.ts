/** Sums of sessions, a small document for each task beside the scratch folders of its attempts, which goes with them. */
import { join } from 'node:path';
import { z } from 'zod';
import type { SessionSums } from '../../activities/ports/session-sums-port.ts';
import { TaskId } from '../../domain/ids.ts';
import { SessionSum } from '../../domain/session-usage.ts';
import { createDocumentStore } from './document-store.ts';

const NAME = 'session-sums';
/** By the ids that the agents gave them. */
const Sums = z.record(z.string(), SessionSum);

export function createSessionSums(folder: string): SessionSums {
  const documentsOf = (task: string) => createDocumentStore(join(folder, TaskId.parse(task)), Sums);
  return {
    of: async (task, session) => (await documentsOf(task).read(NAME))?.[session],
    // Attempts of a task come one after the other, so that nobody else writes in between.
    async note(task, session, sum) {
      const documents = documentsOf(task);
      await documents.put(NAME, { ...(await documents.read(NAME)), [session]: sum });
    },
  };
}
