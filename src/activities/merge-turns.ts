/**
 * Turns to merge: tasks whose base has moved are checked again one after the other, each with all merges before it, so that
 * n approved changes take about n more checks and not n². First come, first served, by repository and base.
 *
 * They are advice, kept in memory: nobody needs one for a merge to be right. After a crash, and in another worker of the
 * same home, tasks know of no turn and merge all the same; it only costs checks.
 */
import type { TaskRef } from '../domain/steps.ts';

export interface MergeTurns {
  /**
   * Settles when it is the task's turn, which it keeps until `giveUp`.
   * @param tell hears each place in the queue, from 1; nothing where there is no wait
   * @returns whether it has waited
   * @throws the signal's reason when it aborts while waiting
   */
  take(task: TaskRef, tell: (place: number) => void, signal: AbortSignal): Promise<boolean>;
  /** A step by which a task comes to its merge. Whoever has the turn and does none for a while has lost it. */
  during<T>(task: TaskRef, step: () => Promise<T>): Promise<T>;
  /** The task has merged, or does something else first. Nothing where it has no turn. */
  giveUp(task: { readonly id: string }): void;
}

interface Waiting {
  readonly task: string;
  readonly tell: (place: number) => void;
  readonly grant: () => void;
  told: number;
}

/** The tasks of one base of one repository. */
interface Line {
  readonly holder: string;
  readonly queue: Waiting[];
  /** Runs while the holder does no step. */
  silence: NodeJS.Timeout | undefined;
  stepsRunning: number;
}

/** Between two steps of a task pass milliseconds, or seconds on a busy machine. A gate that opens ends here as well. */
const SILENT_MS_MAX = 10_000;

export function createMergeTurns(silentMsMax = SILENT_MS_MAX): MergeTurns {
  const lines = new Map<string, Line>();
  const heldBy = (task: string) => [...lines].find(([, { holder }]) => holder === task);

  const hold = (key: string, holder: string, queue: Waiting[]) => {
    const line: Line = { holder, queue, silence: undefined, stepsRunning: 0 };
    lines.set(key, line);
    return line;
  };
  const listen = (line: Line) => {
    clearTimeout(line.silence);
    line.silence = setTimeout(() => giveUp({ id: line.holder }), silentMsMax).unref();
  };
  const announce = ({ queue }: Line) => {
    for (const [index, waiting] of queue.entries()) {
      if (waiting.told === index + 1) continue;
      waiting.told = index + 1;
      waiting.tell(index + 1);
    }
  };
  const giveUp: MergeTurns['giveUp'] = ({ id }) => {
    const [key, line] = heldBy(id) ?? [];
    if (key === undefined || line === undefined) return;
    clearTimeout(line.silence);
    const [next, ...others] = line.queue;
    if (next === undefined) return void lines.delete(key);
    const following = hold(key, next.task, others);
    // The step in which it waits.
    following.stepsRunning = 1;
    next.grant();
    announce(following);
  };

  return {
    giveUp,
    async take({ id, repository, base }, tell, signal) {
      const key = JSON.stringify([repository, base]);
      const line = lines.get(key);
      if (line?.holder === id) return false;
      if (line === undefined) {
        hold(key, id, []).stepsRunning = 1;
        return false;
      }
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiting: Waiting = { task: id, tell, grant: resolve, told: 0 };
      const leave = () => {
        const now = lines.get(key);
        const at = now?.queue.indexOf(waiting) ?? -1;
        if (now === undefined || at < 0) return;
        now.queue.splice(at, 1);
        reject(signal.reason);
        announce(now);
      };
      signal.addEventListener('abort', leave);
      line.queue.push(waiting);
      announce(line);
      try {
        await promise;
        return true;
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
    async during({ id }, step) {
      const begun = heldBy(id)?.[1];
      if (begun !== undefined) {
        clearTimeout(begun.silence);
        begun.stepsRunning += 1;
      }
      try {
        return await step();
      } finally {
        const line = heldBy(id)?.[1];
        if (line !== undefined) {
          line.stepsRunning -= 1;
          if (line.stepsRunning <= 0) listen(line);
        }
      }
    },
  };
}
