import { describe, expect, it } from 'vitest';
import { firstMarkerIn } from '../../../src/adapters/git/added-markers.ts';

/** Lines that a file gains, from its third on. */
const lineOf = (...lines: readonly string[]) =>
  firstMarkerIn({
    text: lines.map((line) => `${line}\n`).join(''),
    numbers: lines.map((_, at) => 3 + at),
  });

describe('markers of a conflict are found at the line where they begin', () => {
  it.each<[string, readonly string[]]>([
    ['of a merge', ['<<<<<<< HEAD', 'one', '=======', 'two', '>>>>>>> other']],
    ['without names', ['<<<<<<<', '=======', '>>>>>>>']],
    ['with what both began from', ['<<<<<<< a', '||||||| 1234567', 'old', '=======', '>>>>>>> b']],
    ['with line ends of Windows', ['<<<<<<< a\r', '=======\r', '>>>>>>> b\r']],
    ['that somebody indented', ['  <<<<<<< a', '\t=======', '  >>>>>>> b']],
    ['that are longer', ['<<<<<<<<<< a', '==========', '>>>>>>>>>> b']],
  ])('%s', (_, lines) => {
    expect(lineOf('text', ...lines, 'text')).toBe(4);
  });

  it('of the first that has an end', () => {
    expect(lineOf('<<<<<<< a', '<<<<<<< a', '=======', '>>>>>>> b')).toBe(4);
  });

  it.each<[string, readonly string[]]>([
    ['in another order', ['>>>>>>> b', '=======', '<<<<<<< a']],
    ['of which one is missing', ['<<<<<<< a', 'text', '>>>>>>> b']],
    ['within lines', ['- `<<<<<<< a`', '=======', '>>>>>>> b']],
    ['that are shorter', ['<<<<<< a', '======', '>>>>>> b']],
    ['that are no markers but like them', ['<<<<<<<a', '=======', '>>>>>>>b']],
    ['of headings', ['Title', '=======']],
  ])('and none %s', (_, lines) => {
    expect(lineOf(...lines)).toBeUndefined();
  });
});
