/** Those that ask for slots, with a book of what they hear. */
import type { Slots } from '../../../src/activities/ports/agent-port.ts';
import type { Wait } from '../../../src/domain/waiting-order.ts';

export const never = new AbortController().signal;
export const ignore = () => undefined;
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Acquires and keeps book of what happened. */
export function asking(slots: Slots) {
  return (repository: string, signal: AbortSignal = never, wait: Partial<Wait> = {}) => {
    const one = {
      places: [] as number[],
      state: 'waiting' as 'waiting' | 'running' | 'refused',
      release: ignore as () => void,
      reason: undefined as unknown,
    };
    slots
      .acquire({ repository, sinceMs: Date.now(), ...wait }, (place) => one.places.push(place), signal)
      .then(
        (release) => Object.assign(one, { state: 'running', release }),
        (reason: unknown) => Object.assign(one, { state: 'refused', reason }),
      );
    return one;
  };
}
