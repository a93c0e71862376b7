/** What is typed is kept in the tab. */
import { afterEach, expect, it, vi } from 'vitest';
import { keep, kept, keptSignal } from '../../src/dashboard/client/kept-text.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** As much of a tab's storage as is used. @param charsMax of one text */
function tab(charsMax = 100): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => texts.get(key) ?? null,
    removeItem: (key: string) => texts.delete(key),
    setItem(key: string, text: string) {
      if (text.length > charsMax) throw new DOMException('no room', 'QuotaExceededError');
      texts.set(key, text);
    },
  });
  return texts;
}

it('is kept with the very change, and not with what is drawn after it', () => {
  const texts = tab();
  const text = keptSignal('', (words) => keep('words', words));
  text.value = 'a';
  expect(texts.get('words')).toBe('a');
  text.value = '';
  expect(kept('words')).toBeNull();
});

it('what the tab has no room for stays on the page, and nothing older is taken for it', () => {
  tab(3);
  const text = keptSignal('old', (words) => keep('words', words));
  text.value = 'much longer';
  expect([text.value, kept('words')]).toEqual(['much longer', null]);
});
