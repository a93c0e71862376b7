import { expect, it } from 'vitest';
import { piecesOf } from '../../src/dashboard/shown/visible-text.ts';

const shown = (text: string): string =>
  piecesOf(text)
    .map((piece) => (piece.is === 'text' ? piece.text : piece.is === 'tab' ? '⇥' : `<${piece.code}>`))
    .join('');

it.each([
  ['nothing', '', ''],
  ['plain words', 'const a = 1;', 'const a = 1;'],
  ['tabs', '\tif\t', '⇥if⇥'],
  ['another direction', 'a\u202Eb\u2066c\u2069', 'a<U+202E>b<U+2066>c<U+2069>'],
  ['no width', 'ad\u200Bmin\uFEFF', 'ad<U+200B>min<U+FEFF>'],
  ['a blank that is none', 'a\u00A0b', 'a<U+00A0>b'],
  ['controls', 'a\x1b[31mb\0\x7f\x9b\r', 'a<U+001B>[31mb<U+0000><U+007F><U+009B><U+000D>'],
  ['line ends of Unicode', 'a\u2028b\u0085', 'a<U+2028>b<U+0085>'],
  ['tags, which spell words that nobody sees', 'a\u{E0041}', 'a<U+E0041>'],
  ['a filler that counts as a letter', 'a\u3164b\u115F', 'a<U+3164>b<U+115F>'],
  ['emoji of several parts', '👩‍💻 ❤️', '👩‍💻 ❤️'],
  ['the parts of emoji elsewhere', 'a\u200Db\uFE0F', 'a<U+200D>b<U+FE0F>'],
  ['other scripts', 'שלום Привет 你好\u3000 é', 'שלום Привет 你好\u3000 é'],
])('%s', (_, text, expected) => {
  expect(shown(text)).toBe(expected);
});

it('marks the end of a line in a name, and leaves it in a text', () => {
  expect(shown('new\nline')).toBe('new\nline');
  expect(piecesOf('new\nli\tne', true)).toEqual([
    { is: 'text', text: 'new' },
    { is: 'mark', code: 'U+000A', name: 'line end' },
    { is: 'text', text: 'li' },
    { is: 'mark', code: 'U+0009', name: 'tab' },
    { is: 'text', text: 'ne' },
  ]);
});

it('a mark has a name', () => {
  expect(piecesOf('\u202E')).toEqual([{ is: 'mark', code: 'U+202E', name: 'right-to-left override' }]);
});
