/** A semaphore around calls: so many are under way at once, and how many there were at the most is known. */

export const IN_FLIGHT_MAX = 50;

export let inFlight = 0;

export let inFlightMax = 0;

const waiting: (() => void)[] = [];

export async function inSlot<T>(act: () => Promise<T>): Promise<T> {
  if (inFlight === IN_FLIGHT_MAX) await new Promise<void>((resolve) => waiting.push(resolve));
  else inFlight += 1;
  inFlightMax = Math.max(inFlightMax, inFlight);
  try {
    return await act();
  } finally {
    // A slot goes to the next one as it is.
    const next = waiting.shift();
    if (next === undefined) inFlight -= 1;
    else next();
  }
}
