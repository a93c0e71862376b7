/** What an engine knows of tasks, over a visibility that a test makes up. */
import type { Client } from '@temporalio/client';
import { createLiveTasks, type LiveTasks } from '../../src/client/live-tasks.ts';
import { createRowIndex, type RowIndex, type RowIndexOptions } from '../../src/client/row-index.ts';
import { OWN_WORKER } from '../../src/client/tellers.ts';
import type { Archived, DocumentStore } from '../../src/domain/documents.ts';
import { namesIn, oldestFirst, type TaskRow } from '../../src/domain/rows.ts';
import { isClosed } from '../../src/domain/task-state.ts';

/** An index over these rows. */
export const indexOf = (
  load: () => Promise<readonly TaskRow[]>,
  options: Partial<RowIndexOptions<TaskRow>> = {},
): RowIndex<TaskRow> =>
  createRowIndex<TaskRow>({
    order: oldestFirst,
    namesIn,
    isClosed: ({ status }) => isClosed(status),
    load,
    loadSince: load,
    loadOne: async (id) => (await load()).find((row) => row.id === id),
    tellers: OWN_WORKER,
    ...options,
  });

export const liveOver = (
  client: Client,
  archive: DocumentStore<Archived>,
  index: RowIndex<TaskRow>,
): LiveTasks => ({
  ...createLiveTasks({
    client,
    archive,
    tellers: OWN_WORKER,
    isFailing: () => false,
    logBytes: async () => 0,
  }),
  index,
});
