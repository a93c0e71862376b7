/** The number that a command prints in the last line of its output, and whether it is as it should be. Pure. */
import { clip } from '../limits.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal.
const COLOURS = /\x1b\[[0-9;]*m/g;
/** No digits of a word or of a version, and no part of a larger number. */
const NUMBER = /(?<![\w.,])[-+]?\d{1,15}(?:\.\d{1,15})?(?![\w.]*\d|,\d)/g;
const LINE_CHARS_MAX = 1_000;

/**
 * @param output its end is enough
 * @returns the number, or what is there in its place, as a part of a sentence
 */
export function measureIn(output: string): number | string {
  const line =
    output
      .replace(COLOURS, '')
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1)
      ?.trim() ?? '';
  if (line === '') return 'no output';
  if (line.length > LINE_CHARS_MAX) return `a last line of more than ${LINE_CHARS_MAX} characters`;
  const numbers = line.match(NUMBER) ?? [];
  const [number] = numbers;
  const shown = JSON.stringify(clip(line, 100));
  if (number === undefined) return `no number in the last line of its output, ${shown}`;
  return numbers.length === 1
    ? Number(number)
    : `${numbers.length} numbers in the last line of its output, ${shown}`;
}

type Is = '==' | '!=' | '<=' | '>=' | '<' | '>';

export function isAsWanted(
  measure: number,
  { is, than }: { readonly is: Is; readonly than: number },
): boolean {
  switch (is) {
    case '==':
      return measure === than;
    case '!=':
      return measure !== than;
    case '<=':
      return measure <= than;
    case '>=':
      return measure >= than;
    case '<':
      return measure < than;
    case '>':
      return measure > than;
    default:
      return is satisfies never;
  }
}
