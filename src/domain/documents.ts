/** Documents of the engine's own that are no state of a workflow: sessions, tasks that were put away, bases open to others. */
import { z } from 'zod';
import { TaskRow } from './rows.ts';
import type { Session } from './session.ts';
import { TaskState } from './task-state.ts';

export interface DocumentStore<T> {
  read(name: string): Promise<T | undefined>;
  /** Whole or not at all; on disk when it settles. */
  put(name: string, value: T): Promise<void>;
  /** Idempotent. */
  remove(name: string): Promise<void>;
  list(): Promise<T[]>;
}

/** A task that was put away, as it was then; of one that was removed only its row, for as long as its history is there. */
export const Archived = z.object({
  row: TaskRow,
  state: TaskState.optional(),
  /**
   * When the latest of the runs was begun that were removed: one that was begun later under the id is another task's. Notes of
   * older Pawls have none.
   */
  removedUntil: z.iso.datetime().optional(),
});
export type Archived = z.infer<typeof Archived>;

/** A base branch on which somebody who may approve has run: it is open to those who may only operate. */
export const VouchedBase = z.object({
  repository: z.string(),
  base: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
});
export type VouchedBase = z.infer<typeof VouchedBase>;

export interface Documents {
  readonly sessions: DocumentStore<Session>;
  readonly archive: DocumentStore<Archived>;
  readonly vouchedBases: DocumentStore<VouchedBase>;
}
