/** What an engine knows of tasks, over a visibility that a test makes up. */
import type { Client } from '@temporalio/client';
import { createLiveTasks, type LiveTasks } from '../../src/client/live-tasks.ts';
import { createTaskIndex, type TaskIndex, type TaskIndexOptions } from '../../src/client/task-index.ts';
import type { Archived, DocumentStore } from '../../src/domain/documents.ts';
import type { TaskRow } from '../../src/domain/rows.ts';

/** An index over these rows. */
export const indexOf = (
  load: () => Promise<readonly TaskRow[]>,
  options: Partial<TaskIndexOptions> = {},
): TaskIndex =>
  createTaskIndex({
    load,
    loadSince: load,
    loadOne: async (id) => (await load()).find((row) => row.id === id),
    isTold: true,
    ...options,
  });

export const liveOver = (client: Client, archive: DocumentStore<Archived>, index: TaskIndex): LiveTasks => ({
  ...createLiveTasks({ client, archive, isTold: true, isFailing: () => false, logBytes: async () => 0 }),
  index,
});
