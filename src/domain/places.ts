/** What a step waits for before it works, as it heartbeats it and as people read it: to be put after "waits for". */

/** Of an attempt that waits for a slot; from 1. */
export interface QueuePlace {
  readonly queue: number;
}
export const placeText = (place: number): string => `a free agent: place ${place} in the queue`;
/** The place in words of `placeText`; undefined in others. */
export function queuePlaceIn(words: string | undefined): number | undefined {
  const place = Number(/\d+/.exec(words ?? '')?.[0]);
  return words === placeText(place) ? place : undefined;
}

/** Of a merge that waits for those of other tasks; from 1. */
export interface TurnPlace {
  readonly turn: number;
}
export const turnText = (place: number): string => `its turn to merge: place ${place}`;

/** Of an attempt in whose workspace a person works (`pawl shell`). */
export interface HandPlace {
  readonly hand: true;
}
export const HAND_TEXT = 'somebody who works in its workspace (pawl shell)';
