/** The lines of a log in pieces: a line more costs the same however many there are, and the oldest piece goes as a whole. Pure. */
import type { LogLine } from '../../domain/operation-schemas.ts';
import { plainText } from './ansi-parts.ts';

const PIECE_LINES = 1_000;

export interface NumberedLine extends LogLine {
  /** From 0, the same for as long as it is there. */
  readonly number: number;
  /** Without what is no text. */
  readonly plain: string;
}

export class LogLines {
  readonly #linesMax: number;
  #pieces: NumberedLine[][] = [];
  /** Lines that have gone. */
  #first = 0;
  #end = 0;

  constructor(linesMax: number) {
    this.#linesMax = linesMax;
  }

  /** Number of the oldest line that is there. */
  get first(): number {
    return this.#first;
  }
  /** Number of the line that comes next. */
  get end(): number {
    return this.#end;
  }

  append(lines: readonly LogLine[]): void {
    for (const line of lines) {
      let piece = this.#pieces.at(-1);
      if (piece === undefined || piece.length === PIECE_LINES) {
        piece = [];
        this.#pieces.push(piece);
      }
      piece.push({ ...line, number: this.#end, plain: plainText(line.text) });
      this.#end += 1;
    }
    while (this.#end - this.#first - PIECE_LINES >= this.#linesMax) {
      this.#pieces.shift();
      this.#first += PIECE_LINES;
    }
  }

  /** undefined where the line has gone or is to come. */
  at(number: number): NumberedLine | undefined {
    const place = number - this.#first;
    return this.#pieces[Math.floor(place / PIECE_LINES)]?.[place % PIECE_LINES];
  }
}

/** Which lines have a text, in any case. */
export interface Found {
  readonly query: string;
  /** Numbers of lines, the oldest first. */
  readonly numbers: readonly number[];
  /** All before it have been looked at. */
  readonly end: number;
}

/** @param before what was found last: of the same text only new lines are looked at */
export function searchIn(lines: LogLines, query: string, before?: Found): Found {
  const isSame = before?.query === query && before.end >= lines.first;
  const from = isSame ? before.end : lines.first;
  const known = isSame ? before.numbers : [];
  if (query === '') return { query, numbers: [], end: lines.end };
  const wanted = query.toLowerCase();
  const added: number[] = [];
  for (let number = from; number < lines.end; number += 1)
    if (lines.at(number)?.plain.toLowerCase().includes(wanted)) added.push(number);
  const gone = known.findIndex((number) => number >= lines.first);
  if (added.length === 0 && gone <= 0) return { query, numbers: known, end: lines.end };
  return { query, numbers: [...(gone < 0 ? [] : known.slice(gone)), ...added], end: lines.end };
}

/** The match after a line, or before it; from the other end behind the last one. undefined where there is none. */
export function nextMatch(
  { numbers }: Found,
  from: number | undefined,
  step: 'next' | 'previous',
): number | undefined {
  if (step === 'next') return numbers.find((number) => from === undefined || number > from) ?? numbers[0];
  return numbers.findLast((number) => from === undefined || number < from) ?? numbers.at(-1);
}
