/**
 * Back-pressure on starts. A task is acknowledged once Temporal has it, before its workflow has begun. So a start keeps
 * its permit until the worker says that it has: no queue of workflows that are to begin makes a later call wait.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskId } from '../domain/ids.ts';
import { LIMITS } from '../domain/limits.ts';
import { createSemaphore, type SemaphoreOptions } from './semaphore.ts';

/** A workflow task that was lost with its worker is due again after 5 s (`starting.ts`); by then it has been done twice. */
const BEGUN_MS_MAX = 15_000;
/** One thread runs all workflows: a few that are to begin keep it busy, and more of them only make messages wait. */
const PERMITS: SemaphoreOptions = {
  permits: 16,
  waitingMax: LIMITS.startsWaitingMax,
  waitMsMax: 10_000,
  whatOf: () => 'tasks that begin',
};

export interface StartPermits {
  /**
   * Runs a start once it has a permit, and answers with what it answers.
   * @throws PawlError `unavailable` with `retryAfterMs` where there are too many, and nothing was started
   */
  start<T extends { readonly isNew: boolean }>(id: TaskId, act: () => Promise<T>): Promise<T>;
  /** The workflow of this task has begun. Idempotent; of any task. */
  begun(id: string): void;
}

export function createStartPermits(options: SemaphoreOptions = PERMITS): StartPermits {
  const semaphore = createSemaphore(options);
  const waiting = new Map<string, () => void>();

  return {
    start: (id, act) =>
      new Promise((resolve, reject) => {
        const held = semaphore('starts', async () => {
          // Listened for before, because an eager start may have begun before it is answered.
          const { promise, resolve: tell } = Promise.withResolvers<void>();
          waiting.set(id, tell);
          try {
            const started = await act();
            resolve(started);
            if (started.isNew) await Promise.race([promise, sleep(BEGUN_MS_MAX, undefined, { ref: false })]);
          } finally {
            if (waiting.get(id) === tell) waiting.delete(id);
          }
        });
        held.catch(reject);
      }),
    begun: (id) => waiting.get(id)?.(),
  };
}
