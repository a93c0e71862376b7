/**
 * What an editor of a client's configuration does: text in, text out. Whatever is not Pawl's own entry comes out as it
 * went in, byte for byte.
 */
import type { Entry } from './entry.ts';

export const ENTRY_NAME = 'pawl';

export interface ServersText {
  /** Pawl's entry as a value; undefined where there is none. @throws UnfitText */
  read(text: string): unknown;
  /** With this as Pawl's entry, in place of the one that is there. @throws UnfitText */
  put(text: string, entry: Entry): string;
  /** Without Pawl's entry. @throws UnfitText */
  remove(text: string): string;
  /** All the rest as a value, to prove that it stays the same. */
  others(text: string): unknown;
  /** Nothing is in it, not even a comment. */
  isEmpty(text: string): boolean;
}

/** The text cannot be edited; the message says what was expected and what was found. */
export class UnfitText extends Error {}

/** Replaces what stands from `start` to before `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Edits at one place are made in the order given. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let done = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  return result + text.slice(done);
}

/** The line ends that the text has already. */
export const lineEnd = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');
