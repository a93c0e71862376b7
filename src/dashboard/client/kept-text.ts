/** What a person has typed and not sent yet, kept in this tab: a reload does not lose it. */
import { type Signal, signal } from '@preact/signals';
import { useState } from 'preact/hooks';

/**
 * @param key by which it is kept. The same for the whole life of the component
 * @param first where nothing is kept
 */
export const useKeptText = (key: string, first = ''): Signal<string> =>
  useState(() => keptSignal(kept(key) ?? first, (words) => keep(key, words)))[0];

/**
 * Kept from the start, and not from when the page was drawn: until then something may be typed. Also once the component is gone:
 * what was sent by it is not kept.
 */
export function keptSignal<T>(first: T, keepIt: (value: T) => void): Signal<T> {
  const value = signal(first);
  value.subscribe(keepIt);
  return value;
}

export const kept = (key: string): string | null => sessionStorage.getItem(key);

/** @param text empty: nothing is kept */
export function keep(key: string, text: string): void {
  sessionStorage.removeItem(key);
  try {
    if (text !== '') sessionStorage.setItem(key, text);
  } catch {
    // A tab keeps some megabytes. What stands on the page is lost only if it is left.
  }
}
