/**
 * The workers of a home. Each holds a lock of its own that the kernel frees when it dies, so that any other one sees that
 * it is gone, also where it cannot see its processes: pids of another container say nothing.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isLocked, lock, tryLock } from './file-lock.ts';

const SUFFIX = '.lock';

export interface WorkersPlaces {
  readonly workers: string;
  readonly recoveryLock: string;
}

export interface Membership {
  readonly id: string;
  /** Idempotent. */
  leave(): void;
}

export interface Workers {
  /** Counts as running until it leaves or its process dies. */
  join(): Promise<Membership>;
  isRunning(id: string): boolean;
  /** Whether one runs that is none of these. */
  hasOthers(than: ReadonlySet<string>): boolean;
  /** Workers that died without leaving, until they are forgotten. */
  lost(): readonly string[];
  /** Call once all that they left is settled. Idempotent. */
  forget(ids: readonly string[]): void;
  /** Runs `act` while no other worker of the home joins or settles what another one left. Not for use inside itself. */
  exclusively<T>(act: () => Promise<T>): Promise<T>;
}

export function createWorkers({ workers: folder, recoveryLock }: WorkersPlaces): Workers {
  const pathOf = (id: string) => join(folder, `${id}${SUFFIX}`);
  const all = () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const names = readdirSync(folder).filter((name) => name.endsWith(SUFFIX));
    return names.map((name) => name.slice(0, -SUFFIX.length));
  };
  const remove = (id: string) => {
    rmSync(pathOf(id), { force: true });
    // What SQLite keeps beside a file while its transaction is open.
    rmSync(`${pathOf(id)}-journal`, { force: true });
  };
  const exclusively = async <T>(act: () => Promise<T>): Promise<T> => {
    const turn = await lock(recoveryLock);
    try {
      return await act();
    } finally {
      turn.release();
    }
  };
  return {
    // In turn, because a file that is there and not locked yet looks like that of a dead worker.
    join: () =>
      exclusively(async () => {
        const id = randomUUID();
        const held = tryLock(pathOf(id));
        if (held === undefined) throw new Error(`the lock of the new worker ${id} is taken`);
        let member = true;
        return {
          id,
          leave() {
            if (!member) return;
            member = false;
            remove(id);
            held.release();
          },
        };
      }),
    isRunning: (id) => isLocked(pathOf(id)),
    hasOthers: (than) => all().some((id) => !than.has(id) && isLocked(pathOf(id))),
    lost: () => all().filter((id) => existsSync(pathOf(id)) && !isLocked(pathOf(id))),
    forget: (ids) => {
      for (const id of ids) remove(id);
    },
    exclusively,
  };
}
