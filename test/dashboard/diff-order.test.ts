import { describe, expect, it } from 'vitest';
import { elsewhere, shownFiles } from '../../src/dashboard/diff/diff-order.ts';
import type { PatchFile } from '../../src/dashboard/diff/patch-files.ts';

const file = (path: string, insertions = 1, more: Partial<PatchFile> = {}): PatchFile => ({
  ...{ path, insertions, deletions: 0, is: 'changed', modes: [], binary: false, crlf: false, hunks: [] },
  ...more,
});
const NONE = { flagged: [], remarks: [] };

describe('the files of a change', () => {
  it('with flags and remarks come first', () => {
    const remarks = [{ path: 'c', why: 'is large' }];
    const shown = shownFiles([file('a'), file('b'), file('c')], { flagged: ['b'], remarks });
    expect(shown.map(({ path, concerns }) => [path, concerns.length])).toEqual([
      ['b', 1],
      ['c', 1],
      ['a', 0],
    ]);
  });

  it('which the patch does not name are told all the same', () => {
    const remarks = [{ path: 'x', why: 'is large' }];
    expect(elsewhere([file('a')], { flagged: ['a', 'y'], remarks })).toEqual(['x is large', 'y']);
  });

  it.each([
    ['a short one', file('a', 400), false],
    ['a long one', file('a', 401), true],
    ['a lock file', file('web/package-lock.json'), true],
    ['another', file('Cargo.lock'), true],
    ['another', file('pnpm-lock.yaml'), true],
    ['go.sum', file('go.sum'), true],
    ['what only sounds like one', file('src/lock.ts'), false],
    ['what only sounds like one', file('src/block.ts'), false],
    ['no text, of which nothing is to be unfolded', file('a.png', 0, { binary: true }), false],
  ])('%s', (_, one, isFolded) => {
    expect(shownFiles([one], NONE)[0]?.folded !== undefined).toBe(isFolded);
  });

  it('are folded from where the open ones are long enough together', () => {
    const many = Array.from({ length: 50 }, (_, at) => file(`f${at}`, 200));
    const open = shownFiles(many, NONE).filter(({ folded }) => folded === undefined);
    expect(open).toHaveLength(10);
  });
});
