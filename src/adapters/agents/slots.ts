/**
 * Two counting semaphores for agents: so many at once on this host, and per repository. Who is next `domain/waiting-order.ts` says,
 * except that an attempt that waits for a full repository does not hold up those behind it; what has a slot keeps it. The worker's
 * activity slots bound the queue.
 */
import type { Asking, Slots } from '../../activities/ports/agent-port.ts';
import { inTurn, nextStepUpMs, STEP_UP_MS } from '../../domain/waiting-order.ts';

export interface SlotsMax {
  readonly perHostMax: number;
  readonly perRepositoryMax: number;
}

interface Waiting extends Asking {
  readonly grant: () => void;
  readonly refuse: (reason: unknown) => void;
  readonly tell: (position: number) => void;
  told: number;
}

/** How many have to ask before the first is served. */
interface Gathering {
  readonly count: number;
  readonly silentMsMax: number;
  /** Runs since one has asked. */
  readonly silence?: NodeJS.Timeout;
}

export function createSlots({ perHostMax, perRepositoryMax }: SlotsMax): Slots {
  /** As they have asked. */
  const queue: Waiting[] = [];
  const running = new Map<string, number>();
  let total = 0;
  /** Present until the first is served. */
  let gathering: Gathering | undefined;
  /** Runs while one of them will be more urgent. */
  let stepUp: NodeJS.Timeout | undefined;

  const take = (repository: string, change: 1 | -1) => {
    total += change;
    const count = (running.get(repository) ?? 0) + change;
    if (count === 0) running.delete(repository);
    else running.set(repository, count);
  };
  const leave = (waiting: Waiting) => {
    const index = queue.indexOf(waiting);
    if (index >= 0) queue.splice(index, 1);
    return index >= 0;
  };
  /** Grants all that can be granted, in order, then tells the others where they stand now. */
  const settle = () => {
    if (gathering !== undefined) return gather(gathering);
    const nowMs = Date.now();
    for (const waiting of inTurn(queue, nowMs)) {
      if (total >= perHostMax) break;
      if ((running.get(waiting.repository) ?? 0) >= perRepositoryMax) continue;
      leave(waiting);
      take(waiting.repository, 1);
      waiting.grant();
    }
    for (const [index, waiting] of inTurn(queue, nowMs).entries()) announce(waiting, index + 1);
    clearTimeout(stepUp);
    const ms = nextStepUpMs(queue, nowMs);
    if (ms !== undefined) stepUp = setTimeout(settle, Math.min(ms, STEP_UP_MS)).unref();
  };
  const gather = ({ count, silentMsMax, silence }: Gathering) => {
    clearTimeout(silence);
    const end = () => {
      gathering = undefined;
      settle();
    };
    if (queue.length >= count) return end();
    gathering = { count, silentMsMax, silence: setTimeout(end, silentMsMax).unref() };
  };
  const announce = (waiting: Waiting, position: number) => {
    if (waiting.told === position) return;
    waiting.told = position;
    try {
      waiting.tell(position);
    } catch (error) {
      // The fault is its own: it must not keep the others from their turn.
      waiting.refuse(error);
    }
  };

  return {
    gather(count, silentMsMax) {
      if (count > Math.min(perHostMax, perRepositoryMax)) gathering = { count, silentMsMax };
    },
    /**
     * Settles with the function that gives the slot back, which may be called more than once. `onPosition` hears
     * each place in the queue from 1, and nothing when there is no wait.
     * @throws the signal's reason when it aborts while waiting
     */
    async acquire(asking, onPosition, signal) {
      signal.throwIfAborted();
      const { repository } = asking;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiting: Waiting = {
        ...asking,
        grant: resolve,
        tell: onPosition,
        told: 0,
        refuse(reason) {
          if (!leave(waiting)) return;
          reject(reason);
          queueMicrotask(settle);
        },
      };
      const onAbort = () => waiting.refuse(signal.reason);
      signal.addEventListener('abort', onAbort);
      queue.push(waiting);
      settle();
      try {
        await promise;
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        take(repository, -1);
        settle();
      };
    },
  };
}
