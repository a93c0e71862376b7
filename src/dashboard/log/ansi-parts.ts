/** What a program printed, as parts that can be shown: colours as classes, and nothing that acts or hides. Pure. */
import Anser from 'anser';
import { piecesOf } from '../shown/visible-text.ts';

export interface Part {
  readonly text: string;
  /** Classes, and `unseen` for the mark in the place of a character that nobody sees. */
  readonly look: string;
}

const ESC = '\\x1b';
/** Texts for the terminal (titles, links, pictures), then commands to it: all but colours (`m`), then what is left of others. */
const SEQUENCES = new RegExp(
  [
    `(?:${ESC}[\\]PX^_]|[\\x90\\x98\\x9d-\\x9f])[^\\x07\\x1b\\x9c]{0,4000}(?:\\x07|${ESC}\\\\|\\x9c)`,
    `(?:${ESC}\\[|\\x9b)[0-?]*[ -/]+[@-~]`,
    `(?:${ESC}\\[|\\x9b)[0-?]*[@-ln-~]`,
    `(?:${ESC}\\[|\\x9b)[0-9;:]*[<-?][0-?]*m`,
    `${ESC}[ -/]+[0-~]`,
    `${ESC}[0-Z\\\\-~]`,
  ].join('|'),
  'g',
);
const COLOURS = new RegExp(`${ESC}\\[[0-9;:]*m`, 'g');
/** Where a line is cut, a sequence may be cut as well. */
const BEGUN = new RegExp(`${ESC}[^A-Za-z]*$`);
/** An escape that begins nothing known: anser would take what follows for a part of it. */
const LONE = new RegExp(`${ESC}(?!\\[[0-9;:]*m)`, 'g');

export function partsOf(text: string): readonly Part[] {
  const shown = text.replace(/\r$/, '').replace(SEQUENCES, '').replace(BEGUN, '').replace(LONE, '\u241b');
  return Anser.ansiToJson(shown, { json: true, use_classes: true, remove_empty: true }).flatMap((entry) =>
    withMarks(entry.content, lookOf(entry)),
  );
}

/** What is looked through by a search. */
export const plainText = (text: string): string =>
  text.includes('\x1b') ? text.replace(SEQUENCES, '').replace(COLOURS, '') : text;

const withMarks = (text: string, look: string): readonly Part[] =>
  piecesOf(text).map((piece) => {
    if (piece.is === 'mark') return { text: piece.code, look: 'unseen' };
    return { text: piece.is === 'tab' ? '\t' : piece.text, look };
  });

/** Of what anser says, without `hidden` and `blink`. Of a ground it is only said that there is one. */
function lookOf({ fg, fg_truecolor, bg, decorations }: Anser.AnserJsonEntry): string {
  const colour = colourOf(fg ?? '', fg_truecolor ?? '');
  const looks = [
    ...(colour === '' ? [] : [`ansi-${colour}`]),
    ...(bg || decorations.includes('reverse') ? ['ansi-ground'] : []),
    ...(['bold', 'dim', 'italic', 'underline', 'strikethrough'] as const)
      .filter((one) => decorations.includes(one))
      .map((one) => `ansi-${one}`),
  ];
  return looks.join(' ');
}

/** By the numbers of ANSI, whose bits say whether there is red (1), green (2) and blue (4). */
const NAMED = ['', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', ''] as const;
/** How much of a colour there is in the cube of the palette, as xterm has it. */
const LEVELS = [0, 95, 135, 175, 215, 255] as const;

/** One of seven colours, each readable on the page's ground; none for black and white, which are the page's own. */
function colourOf(name: string, rgb: string): string {
  if (name === 'ansi-truecolor') return nearest(rgb.split(',').map(Number));
  const palette = /^ansi-palette-(\d+)$/.exec(name);
  if (palette !== null) return ofPalette(Number(palette[1]));
  const word = name.replace(/^ansi-/, '');
  if (word === 'bright-black') return 'grey';
  const plain = word.replace(/^bright-/, '');
  return plain === 'black' || plain === 'white' ? '' : plain;
}

function ofPalette(number: number): string {
  if (number < 16) return number === 8 ? 'grey' : (NAMED[number % 8] ?? '');
  if (number >= 232) return nearest([8 + 10 * (number - 232)]);
  const place = number - 16;
  return nearest(
    [Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6].map((one) => LEVELS[one] ?? 0),
  );
}

function nearest([red = 0, green = red, blue = red]: readonly number[]): string {
  const [low, high] = [Math.min(red, green, blue), Math.max(red, green, blue)];
  if (high - low < 48) return high > 64 && high < 192 ? 'grey' : '';
  const middle = (low + high) / 2;
  return NAMED[Number(red > middle) + 2 * Number(green > middle) + 4 * Number(blue > middle)] ?? '';
}
