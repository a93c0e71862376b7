/**
 * A text of which nothing is hidden: what a browser does not draw, or by which it would draw the rest in another order, becomes a
 * mark with its name. A reviewer sees then what a compiler reads. Pure.
 */

export type Piece =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'tab' }
  /** `code` is what is shown in its place, such as `U+202E`. */
  | { readonly is: 'mark'; readonly code: string; readonly name: string };

/** A zero-width joiner or a variation selector within an emoji is how that emoji is written. */
const EMOJI_PART = String.raw`(?<=\p{Extended_Pictographic}\uFE0F?)\u200D(?=\p{Extended_Pictographic})|(?<=\p{Extended_Pictographic})\uFE0F`;
const UNDRAWN = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00A0\u1680\u2000-\u200A\u202F\u205F]`;
const HIDDEN = new RegExp(`${EMOJI_PART}|(?!\n)(${UNDRAWN})`, 'gu');
const HIDDEN_IN_NAME = new RegExp(`${EMOJI_PART}|(${UNDRAWN})`, 'gu');

const NAMES: Readonly<Record<string, string>> = {
  '\0': 'null',
  '\b': 'backspace',
  '\t': 'tab',
  '\n': 'line end',
  '\r': 'carriage return',
  '\x1b': 'escape',
  '\u00a0': 'no-break space',
  '\u00ad': 'soft hyphen',
  '\u061c': 'Arabic letter mark',
  '\u200b': 'zero-width space',
  '\u200c': 'zero-width non-joiner',
  '\u200d': 'zero-width joiner',
  '\u200e': 'left-to-right mark',
  '\u200f': 'right-to-left mark',
  '\u2028': 'line separator',
  '\u202a': 'left-to-right embedding',
  '\u202b': 'right-to-left embedding',
  '\u202c': 'end of a change of direction',
  '\u202d': 'left-to-right override',
  '\u202e': 'right-to-left override',
  '\u2060': 'word joiner',
  '\u2066': 'left-to-right isolate',
  '\u2067': 'right-to-left isolate',
  '\u2068': 'isolate of either direction',
  '\u2069': 'end of an isolate',
  '\ufeff': 'byte order mark',
};

/** The same without the colours that programs print for terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const withoutColours = (text: string): string => text.replace(/\x1b\[[0-9;]*m/g, '');

/**
 * The pieces in their order: their texts and marks together are the whole text.
 * @param isName of a file, a check, a branch: a line end in it is a mark like all else that would not be seen. In other texts it
 *   is text
 */
export function piecesOf(text: string, isName = false): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: all, 1: hidden, index } of text.matchAll(isName ? HIDDEN_IN_NAME : HIDDEN)) {
    if (hidden === undefined) continue;
    if (index > from) pieces.push({ is: 'text', text: text.slice(from, index) });
    pieces.push(hidden === '\t' && !isName ? { is: 'tab' } : markOf(hidden));
    from = index + all.length;
  }
  if (from < text.length) pieces.push({ is: 'text', text: text.slice(from) });
  return pieces;
}

function markOf(hidden: string): Piece {
  const code = `U+${(hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return { is: 'mark', code, name: NAMES[hidden] ?? 'character that is not drawn' };
}
