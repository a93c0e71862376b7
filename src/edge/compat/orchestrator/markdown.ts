/** Texts of others in a Markdown document: shown as they are, whatever signs they are made of. Pure. */
import { clip, LIMITS } from '../../../domain/limits.ts';

/** Brackets of a link, quotes of code, emphasis, strike-through, HTML, a heading's end, entities. */
const SIGNS = /[\\`*[\]<>~#]|&(?=#?\w+;)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
/** What makes a list, a quote or a line of a heading where a text begins with it. */
const START = /^(\d+(?=[.)])|(?=[-+=]))(.)?/;

/** A title or name on one line, inside a heading or an item of a list. */
export const inline = (text: string): string =>
  clip(text.replaceAll(/\s+/g, ' ').trim(), LIMITS.titleShownCharsMax)
    .replaceAll(SIGNS, String.raw`\$&`)
    .replace(START, (_, digits: string, sign = '') => `${digits}\\${sign}`);

/** A text of several lines, which may be Markdown of its own: nothing in it reaches beyond the quote. */
export const quoted = (text: string): string =>
  text
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
