/**
 * Who of those that wait gets the next free place: the more urgent first, first come, first served among those that are as
 * urgent. What waits becomes more urgent with time, so that nobody waits for ever. Pure.
 */
import { PRIORITIES, type PriorityWord, unusual } from './priority.ts';

/**
 * For so long an attempt may work by default (`Policy`). Were it shorter, all that waits behind one long attempt would come to be
 * as urgent as what somebody has called so.
 */
export const STEP_UP_MS = 3_600_000;

export interface Wait {
  /** Absent: normal. */
  readonly priority?: PriorityWord | undefined;
  readonly sinceMs: number;
}

const HIGHEST = PRIORITIES.length - 1;
const levelOf = ({ priority }: Wait): number => PRIORITIES.indexOf(unusual(priority) ?? 'normal');

/** How urgent it is by now: a step more for each whole hour, up to the highest. */
export function urgencyAt(wait: Wait, nowMs: number): number {
  // Another host's clock may be ahead.
  const steps = Math.floor(Math.max(0, nowMs - wait.sinceMs) / STEP_UP_MS);
  return Math.min(HIGHEST, levelOf(wait) + steps);
}

/** All of them, the next one first. What is alike stays in the order in which it is given. */
export const inTurn = <W extends Wait>(waits: readonly W[], nowMs: number): readonly W[] =>
  waits.toSorted(
    (one, other) => urgencyAt(other, nowMs) - urgencyAt(one, nowMs) || one.sinceMs - other.sinceMs,
  );

/** In how many milliseconds one of them becomes more urgent; undefined where none does any more. */
export function nextStepUpMs(waits: readonly Wait[], nowMs: number): number | undefined {
  const times = waits
    .filter((wait) => urgencyAt(wait, nowMs) < HIGHEST)
    .map(
      ({ sinceMs }) =>
        STEP_UP_MS - (Math.max(0, nowMs - sinceMs) % STEP_UP_MS) + Math.max(0, sinceMs - nowMs),
    );
  return times.length === 0 ? undefined : Math.min(...times);
}

/** What an attempt that ended so was waiting for, or had, is what the next one waits for. */
const LEFT_WITH_ITS_WORKER: ReadonlySet<string | undefined> = new Set(['interrupted', 'worker_lost']);

/**
 * Since when an attempt counts as waiting. One that follows on the end of its worker keeps the time of the one before, so that a
 * start of the engine changes nothing about who came first.
 * @param before that of the attempt before; undefined where there was none, or it was not kept
 * @param endedBy the class of what ended that one
 */
export const waitsSince = (before: number | undefined, endedBy: string | undefined, nowMs: number): number =>
  before !== undefined && LEFT_WITH_ITS_WORKER.has(endedBy) ? before : nowMs;
