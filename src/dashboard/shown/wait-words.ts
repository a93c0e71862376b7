/** What a step waits for before it works, in words of its own. Pure. */
import { queuePlaceIn } from '../../domain/places.ts';
import type { TaskRow } from '../../domain/rows.ts';

const RULES = new Intl.PluralRules('en', { type: 'ordinal' });
const ENDS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };

export const ordinal = (n: number): string => `${n}${ENDS[RULES.select(n)] ?? 'th'}`;

/** @param words to be put after "waits for" */
export function waitText(words: string, agent?: string): string {
  const place = queuePlaceIn(words);
  if (place === undefined) return `Waits for ${words}`;
  return `${ordinal(place)} in the queue${agent === undefined ? '' : `, for ${agent}`}`;
}

export interface Queued {
  readonly row: TaskRow;
  readonly place: number;
}

/** Those that wait for a slot, the next one first; of several hosts each has a queue of its own. */
export const queueOf = (rows: readonly TaskRow[]): readonly Queued[] =>
  rows
    .flatMap((row) => {
      const place = row.closedAt === undefined ? queuePlaceIn(row.waitsFor) : undefined;
      return place === undefined ? [] : [{ row, place }];
    })
    .toSorted((one, other) => one.place - other.place);
