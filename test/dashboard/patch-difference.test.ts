import { describe, expect, it } from 'vitest';
import { patchDifference } from '../../src/dashboard/decision/patch-difference.ts';
import { patchFiles } from '../../src/dashboard/diff/patch-files.ts';

const files = (path: string, at: number, ...lines: readonly string[]) => {
  const count = (marks: string) => lines.filter((line) => marks.includes(line.charAt(0))).length;
  const hunk = `@@ -${at},${count(' -')} +${at},${count(' +')} @@`;
  return patchFiles(
    [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`, hunk, ...lines, ''].join('\n'),
  );
};

describe('two patches', () => {
  it('that say the same at other lines do not differ', () => {
    expect(patchDifference(files('a', 1, ' x', '+y'), files('a', 90, ' x', '+y'))).toEqual([]);
  });

  it('differ in lines', () => {
    expect(patchDifference(files('a', 1, ' x', '+y', '-z'), files('a', 1, ' x', '+Y', '-z'))).toEqual([
      {
        path: 'a',
        is: 'changed',
        lines: [
          { is: 'same', text: ' changed' },
          { is: 'same', text: ' x' },
          { is: 'before', text: '+y' },
          { is: 'now', text: '+Y' },
          { is: 'same', text: '-z' },
        ],
      },
    ]);
  });

  it('differ in files', () => {
    const found = patchDifference(files('a', 1, '+x'), files('b', 1, '+x'));
    expect(found.map(({ path, is }) => [path, is])).toEqual([
      ['a', 'gone'],
      ['b', 'new'],
    ]);
  });

  it('leave out what is the same and far away', () => {
    const far = Array.from({ length: 50 }, (_, at) => ` ${at}`);
    const [found] = patchDifference(files('a', 1, ...far, '+y'), files('a', 1, ...far, '+Y'));
    expect(found?.lines.map(({ text }) => text)).toEqual([
      '48 lines are the same',
      ...[' 47', ' 48', ' 49', '+y', '+Y'],
    ]);
  });
});
