/** Output of programs as it is shown: colours, and nothing that a hostile text could do. */
import { expect, it } from 'vitest';
import { partsOf, plainText } from '../../src/dashboard/log/ansi-parts.ts';

const ESC = '\x1b';

it.each([
  ['plain', 'plain', [['plain', '']]],
  [
    'the sixteen colours',
    `a${ESC}[31mred${ESC}[0m b`,
    [
      ['a', ''],
      ['red', 'ansi-red'],
      [' b', ''],
    ],
  ],
  ['bright as the same', `${ESC}[92mgreen`, [['green', 'ansi-green']]],
  ['bright black as grey', `${ESC}[90mdim`, [['dim', 'ansi-grey']]],
  ['black and white as the page has them', `${ESC}[30mblack`, [['black', '']]],
  ['of the palette the nearest', `${ESC}[38;5;208morange`, [['orange', 'ansi-yellow']]],
  ['a grey of the palette', `${ESC}[38;5;240mgrey`, [['grey', 'ansi-grey']]],
  ['of 16 million the nearest', `${ESC}[38;2;250;20;30mred`, [['red', 'ansi-red']]],
  ['bold and underlined', `${ESC}[1;4mboth`, [['both', 'ansi-bold ansi-underline']]],
  ['a ground', `${ESC}[41mground`, [['ground', 'ansi-ground']]],
  ['what asks to be hidden', `${ESC}[8mhidden`, [['hidden', '']]],
])('shows %s', (_, text, parts) => {
  expect(partsOf(text).map(({ text, look }) => [text, look])).toEqual(parts);
});

it.each([
  ['a title', `${ESC}]0;evil\x07after`, 'after'],
  ['a link', `${ESC}]8;;https://example.org${ESC}\\name${ESC}]8;;${ESC}\\`, 'name'],
  ['a picture', `${ESC}Pq#0;2;0;0;0${ESC}\\after`, 'after'],
  ['a move of the cursor', `a${ESC}[2Jb${ESC}[1;1Hc`, 'abc'],
  ['a private mode', `${ESC}[?25lx${ESC}[?25h`, 'x'],
  ['keys of xterm, which end like colours', `${ESC}[>4;1mx`, 'x'],
  ['a reset', `${ESC}cx`, 'x'],
  ['a character set', `${ESC}(Bx`, 'x'],
  ['a sequence that was cut', `x${ESC}[38;5`, 'x'],
])('leaves out %s', (_, text, shown) => {
  expect(
    partsOf(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(shown);
});

it.each([
  ['a text that is turned around', 'a\u202eb', 'a|U+202E|b'],
  ['a space without width', 'a\u200bb', 'a|U+200B|b'],
  ['a tag that only models read', 'a\u{e0041}', 'a|U+E0041'],
  ['a return that writes over what stood there', 'good\rbad', 'good|U+000D|bad'],
  ['a step back', 'a\bb', 'a|U+0008|b'],
  ['a control of the other range', 'a\x85b', 'a|U+0085|b'],
])('marks %s', (_, text, parts) => {
  const shown = partsOf(text);
  expect(shown.map((part) => part.text).join('|')).toBe(parts);
  expect(shown.filter(({ look }) => look === 'unseen')).toHaveLength(1);
});

it('keeps markup as text, tabs, and the end of a line of Windows away', () => {
  expect(partsOf('<img src=x onerror=alert(1)>\t&amp;\r')).toEqual([
    { text: '<img src=x onerror=alert(1)>', look: '' },
    { text: '\t', look: '' },
    { text: '&amp;', look: '' },
  ]);
});

it('reads the text that a search looks through', () => {
  expect(plainText(`${ESC}[1mAll${ESC}[0m ${ESC}]0;t\x07good`)).toBe('All good');
});
