/**
 * What an editor of a client's configuration does: text in, text out. Whatever is not of Pawl comes out as it went in, byte
 * for byte.
 */

export interface ConfigurationText<T> {
  /** What there is of Pawl, as a value; undefined where there is nothing. @throws UnfitText */
  read(text: string): unknown;
  /** With this, in place of what is there. @throws UnfitText */
  put(text: string, wanted: T): string;
  /** Without what is of Pawl; empty where nothing else is in it, not even a comment. @throws UnfitText */
  remove(text: string): string;
  /** All the rest as a value, to prove that it stays the same. */
  others(text: string): unknown;
  /** How a file says that nothing is in it, where the file has to stay. */
  readonly nothing: string;
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
