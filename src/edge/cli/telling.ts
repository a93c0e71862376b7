/** Who gets to read what: with `--json` programs have stdout and people stderr, else people have stdout. */
import { stripVTControlCharacters, styleText } from 'node:util';
import type { CliWorld, Screen } from './world.ts';

export interface Telling {
  readonly json: boolean;
  /** Where people read. */
  readonly people: Screen;
  say(line: string): void;
  /** A person should know this, but it is not what was asked for. */
  notice(line: string): void;
  /** One JSON document on a line of its own. Only with `--json`. */
  document(value: unknown): void;
  /** What was asked for: as a document, or in words. */
  result(value: unknown, words: () => string): void;
}

export function createTelling({ out, err }: Pick<CliWorld, 'out' | 'err'>, json: boolean): Telling {
  const people = json ? err : out;
  const say = (line: string) => people.write(`${line}\n`);
  const document = (value: unknown) => {
    if (json) out.write(`${JSON.stringify(value)}\n`);
  };
  return {
    json,
    people,
    say,
    notice: (line) => err.write(`${line}\n`),
    document,
    result(value, words) {
      if (json) return document(value);
      const text = words();
      if (text !== '') say(text);
    },
  };
}

/** Text of agents, programs and repositories, safe to show: nothing in it moves the cursor or hides what follows. */
export const safeText = (text: string): string =>
  stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, '');

export const safeLine = (text: string): string => safeText(text).replaceAll(/\s+/g, ' ').trim();

export type Style = Parameters<typeof styleText>[0];
export const styled = (screen: Pick<Screen, 'colours'>, style: Style, text: string): string =>
  screen.colours ? styleText(style, text, { validateStream: false }) : text;
