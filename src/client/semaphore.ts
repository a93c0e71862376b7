/**
 * Back-pressure: a counting semaphore with a bounded queue for each key. A caller that gets no permit in time, or finds the
 * queue full, is refused with the time to ask again, and nothing was begun for it.
 */
import { PawlError } from '../domain/failures.ts';

export interface SemaphoreOptions {
  /** Acts with the same key at the same time. */
  readonly permits: number;
  /** Acts with the same key that wait for a permit. */
  readonly waitingMax: number;
  /** How long one may wait. */
  readonly waitMsMax: number;
  /** What there is too much of, for the words of the refusal: `messages to task x`. */
  readonly whatOf: (key: string) => string;
}

/** Runs `act` once it has a permit of its key. First come, first served. */
export type Semaphore = <T>(key: string, act: () => Promise<T>) => Promise<T>;

/** @returns throws PawlError `unavailable` with `retryAfterMs` where there are too many */
export function createSemaphore({ permits, waitingMax, waitMsMax, whatOf }: SemaphoreOptions): Semaphore {
  const keys = new Map<string, { taken: number; readonly waiting: (() => void)[] }>();

  const take = (key: string): Promise<void> | undefined => {
    const state = keys.get(key) ?? { taken: 0, waiting: [] };
    keys.set(key, state);
    if (state.taken < permits) {
      state.taken += 1;
      return undefined;
    }
    if (state.waiting.length >= waitingMax) throw tooMany(whatOf(key));
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        state.waiting.splice(state.waiting.indexOf(granted), 1);
        reject(tooMany(whatOf(key)));
      }, waitMsMax);
      const granted = () => {
        clearTimeout(late);
        resolve();
      };
      state.waiting.push(granted);
    });
  };
  const release = (key: string): void => {
    const state = keys.get(key);
    if (state === undefined) throw new TypeError(`a permit of ${key} was given back that nobody had`);
    const next = state.waiting.shift();
    // The permit goes to the act that has waited longest, so that none that comes now overtakes it.
    if (next !== undefined) next();
    else if (state.taken > 1) state.taken -= 1;
    else keys.delete(key);
  };
  return async (key, act) => {
    const granted = take(key);
    if (granted !== undefined) await granted;
    try {
      return await act();
    } finally {
      release(key);
    }
  };
}

/** After this time a full queue has become shorter. */
const ASK_AGAIN_MS = 1_000;

const tooMany = (what: string): PawlError =>
  new PawlError(
    'unavailable',
    `there are too many ${what} at the same time: nothing was done, ask again in ${ASK_AGAIN_MS / 1_000} s`,
    { details: { retryAfterMs: ASK_AGAIN_MS } },
  );
