/** What one attempt has used, of an agent that counts from the beginning of its session. Pure. */
import type { z } from 'zod';
import { Usage } from './task-state.ts';

/** Of a session, all attempts together: those numbers that its agent counts so. */
export const SessionSum = Usage.partial();
export type SessionSum = z.infer<typeof SessionSum>;
type Numbers = readonly (keyof Usage)[];

/** Those numbers of `usage` that are the session's. */
export const sumIn = (usage: Usage, ofSession: Numbers): SessionSum =>
  Object.fromEntries(ofSession.map((name) => [name, usage[name]]));

/**
 * `usage` with those of its numbers that are the session's counted from `before`. An attempt that was killed has told
 * nothing: what the session's sum has of it counts in the next one.
 */
export function usedSince(before: SessionSum, usage: Usage, ofSession: Numbers): Usage {
  const isAnew = ofSession.some((name) => (usage[name] ?? 0) < (before[name] ?? 0));
  // A sum only grows: the agent has begun to count again, so that all of it is new.
  if (isAnew) return usage;
  const own = ofSession.flatMap((name) => {
    const sum = usage[name];
    return sum === undefined ? [] : [[name, sum - (before[name] ?? 0)] as const];
  });
  return { ...usage, ...Object.fromEntries(own) };
}
