/** Restarts of the worker that were asked for, each followed until the worker is back. One at a time. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Restart } from '../domain/engine-vitals.ts';
import { PawlError } from '../domain/failures.ts';
import { type Keyed, noted } from '../domain/idempotency-key.ts';
import type { InputOf } from '../domain/operations.ts';
import type { SupervisedWorker } from './supervised-worker.ts';

const KEPT_MAX = 50;

export interface Restarts {
  /**
   * Under a key that an engine before this one has noted it is done: what that engine had is gone with it.
   * @throws PawlError `conflict` while one is under way, `precondition` where the worker runs elsewhere
   */
  request(input: InputOf<'restart'>, keyed?: Keyed): Promise<Restart>;
  all(): Restart[];
}

export function createRestarts(worker: () => SupervisedWorker | 'elsewhere' | undefined): Restarts {
  const all: Restart[] = [];
  let count = 0;
  /** Tells these restarts from those of another engine of the home, which count from 1 as well. */
  const boot = randomUUID();
  const bootedAt = new Date().toISOString();
  const running = (): SupervisedWorker => {
    const current = worker();
    if (current === 'elsewhere')
      throw new PawlError('precondition', 'the worker runs in a process of its own: restart that one');
    if (current === undefined)
      throw new PawlError('unavailable', 'the worker has not started yet: try again in a moment');
    if (all.at(-1)?.phase === 'stopping')
      throw new PawlError('conflict', 'a restart is under way: `vitals` tells how far it is');
    return current;
  };
  const settle = (number: number, outcome: Pick<Restart, 'phase' | 'error'>) => {
    const at = all.findIndex((one) => one.number === number);
    const found = all[at];
    if (found !== undefined) all[at] = { ...found, ...outcome, finishedAt: new Date().toISOString() };
  };
  return {
    async request({ reason, timeoutSeconds }, keyed) {
      const first = await noted(keyed, async () => {
        running();
        return { boot, number: count + 1, requestedAt: new Date().toISOString() };
      });
      const { number, requestedAt } = first;
      if (first.boot !== boot) return { number, reason, phase: 'done', requestedAt, finishedAt: bootedAt };
      const asked = all.find((one) => one.number === number && one.requestedAt === requestedAt);
      if (asked !== undefined) return asked;
      const current = running();
      count += 1;
      const restart: Restart = { number: count, reason, phase: 'stopping', requestedAt };
      all.push(restart);
      all.splice(0, all.length - KEPT_MAX);
      const limit = new AbortController();
      const late = sleep(timeoutSeconds * 1_000, undefined, { signal: limit.signal, ref: false }).then(() => {
        throw new Error(`the worker was not back after ${timeoutSeconds} s`);
      });
      void Promise.race([current.restart(), late])
        .then(() => settle(restart.number, { phase: 'done' }))
        .catch((error: unknown) =>
          settle(restart.number, {
            phase: 'failed',
            error: error instanceof Error ? error.message : String(error),
          }),
        )
        .finally(() => limit.abort());
      late.catch(() => undefined);
      return restart;
    },
    all: () => [...all],
  };
}
