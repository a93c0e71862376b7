/** How many cards of a column one has asked to see besides its first. Kept with the place in the browser's history: Back shows the board as it was. */
import { type Signal, useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { COLUMNS, type Column } from './board-columns.ts';

export type More = Partial<Record<Column, number>>;

export function useMore(): Signal<More> {
  const { url } = useLocation();
  const more = useSignal(moreIn(history.state));
  const { value } = more;
  // Another filter is another address, which the router puts here without what was kept.
  useLayoutEffect(() => history.replaceState({ more: value }, ''), [url, value]);
  return more;
}

/** @param state of the place: a browser keeps it longer than an engine runs, so an older page may have written it. Pure. */
export function moreIn(state: unknown): More {
  const kept: unknown = Object(state).more;
  return Object.fromEntries(
    COLUMNS.flatMap(([name]) => {
      const count: unknown = Object(kept)[name];
      return Number.isInteger(count) ? [[name, Math.max(0, Number(count))]] : [];
    }),
  );
}
