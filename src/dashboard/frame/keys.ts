/** What can be done by a key alone, besides Tab and Enter. Pure. */
import { PAGE_PATHS } from '../../domain/page-paths.ts';

export type KeyAct =
  | { readonly does: 'go'; readonly to: string }
  /** Focuses the first field for searching. */
  | { readonly does: 'search' }
  | { readonly does: 'help' }
  /** Focuses the next or the one before among what the page lists. */
  | { readonly does: 'move'; readonly by: 1 | -1 };

export const KEYS: readonly (readonly [keys: string, what: string, act: KeyAct])[] = [
  ['g n', 'what needs you, and what runs', { does: 'go', to: PAGE_PATHS.now }],
  ['g b', 'the board', { does: 'go', to: PAGE_PATHS.board }],
  ['g e', 'the engine', { does: 'go', to: PAGE_PATHS.engine }],
  ['g a', 'the archive', { does: 'go', to: PAGE_PATHS.archive }],
  ['j', 'the next in a list', { does: 'move', by: 1 }],
  ['k', 'the one before', { does: 'move', by: -1 }],
  ['/', 'search', { does: 'search' }],
  ['?', 'this help', { does: 'help' }],
];

/** The act of a key, and what a further key is read after. @param before the key before, where it began a pair */
export function actOf(before: string, key: string): { readonly act?: KeyAct; readonly before: string } {
  const typed = before === '' ? key : `${before} ${key}`;
  const found = KEYS.find(([keys]) => keys === typed);
  if (found !== undefined) return { act: found[2], before: '' };
  return { before: KEYS.some(([keys]) => keys.startsWith(`${key} `)) ? key : '' };
}
