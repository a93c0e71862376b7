import { describe, expect, it } from 'vitest';
import { type DiffLine, linesOf, pairsOf, wordsOf } from '../../src/dashboard/diff/diff-lines.ts';

const hunk = (...lines: readonly string[]) => ({ oldStart: 10, newStart: 20, place: '', lines: [...lines] });

describe('the lines of a hunk', () => {
  it('have their numbers before and after', () => {
    expect(linesOf(hunk(' a', '-b', '+c', '+d', ' e'))).toEqual([
      { is: 'same', before: 10, after: 20, text: 'a' },
      { is: 'removed', before: 11, text: 'b', other: 'c' },
      { is: 'added', after: 21, text: 'c', other: 'b' },
      { is: 'added', after: 22, text: 'd' },
      { is: 'same', before: 12, after: 23, text: 'e' },
    ]);
  });

  it('are pairs only within one place', () => {
    const others = linesOf(hunk('+a', '-b', ' c', '-d', '+e')).map(({ text, other }) => [text, other]);
    expect(others).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['c', undefined],
      ['d', 'e'],
      ['e', 'd'],
    ]);
  });

  it('in great number in one place are no pairs', () => {
    const many = Array.from({ length: 500 }, (_, at) => [`-${at}`, `+${at} `])
      .flat()
      .sort()
      .reverse();
    expect(linesOf(hunk(...many)).every(({ other }) => other === undefined)).toBe(true);
  });
});

describe('side by side', () => {
  const texts = (lines: readonly string[]) =>
    pairsOf(linesOf(hunk(...lines))).map(({ left, right }) => [left?.text, right?.text]);

  it.each<[string, readonly string[], readonly (readonly (string | undefined)[])[]]>([
    ['what is the same stands on both sides', [' a'], [['a', 'a']]],
    ['a change', ['-a', '+b'], [['a', 'b']]],
    [
      'more added than removed',
      ['-a', '+b', '+c'],
      [
        ['a', 'b'],
        [undefined, 'c'],
      ],
    ],
    [
      'only removed',
      ['-a', '-b', ' c'],
      [
        ['a', undefined],
        ['b', undefined],
        ['c', 'c'],
      ],
    ],
    [
      'a note on the side that it is about',
      ['-a', '\\ No newline', '+b'],
      [
        ['a', 'b'],
        ['No newline', undefined],
      ],
    ],
  ])('%s', (_, lines, expected) => {
    expect(texts(lines)).toEqual(expected);
  });
});

describe('the words of a line', () => {
  const marked = (line: DiffLine) =>
    wordsOf(line)
      .map(({ text, isChanged }) => (isChanged ? `[${text}]` : text))
      .join('');

  it.each<[string, DiffLine, string]>([
    ['without another', { is: 'added', text: 'a b' }, 'a b'],
    ['that came', { is: 'added', text: 'return a + b;', other: 'return a - b;' }, 'return a [+] b;'],
    ['that went', { is: 'removed', text: 'return a - b;', other: 'return a + b;' }, 'return a [-] b;'],
    ['blanks that came', { is: 'added', text: '    a b', other: '  a b' }, '[    ]a b'],
    ['nothing in common', { is: 'added', text: 'alpha beta', other: 'gamma delta' }, 'alpha beta'],
    ['too long', { is: 'added', text: 'a '.repeat(900), other: 'a' }, 'a '.repeat(900)],
  ])('%s', (_, line, expected) => {
    expect(marked(line)).toBe(expected);
  });
});
