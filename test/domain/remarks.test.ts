import { describe, expect, it } from 'vitest';
import { type ChangedFile, LARGE_BYTES, remarkLines, remarksOn } from '../../src/domain/remarks.ts';

const file = (over: Partial<ChangedFile>): ChangedFile => ({
  ...{ path: 'src/a.txt', kind: 'file', binary: false },
  ...over,
});
const link = (target: string, path = 'src/a.txt') => file({ path, kind: 'link', target });

describe('a person is told to look at', () => {
  it.each<[string, ChangedFile, RegExp]>([
    ['an absolute link', link('/etc/passwd'), /is a link to \/etc\/passwd/],
    ['a link that leads out', link('../../x'), /outside/],
    ['a link at the top that leads out', link('..', 'a'), /outside/],
    ['a link that leads out and in again', link('../../src/b'), /outside/],
    ['a submodule', file({ kind: 'submodule' }), /submodule/],
    ['a binary file', file({ binary: true, bytes: 12_345 }), /no text \(12 KiB\)/],
    [
      'a secret',
      file({ secrets: ['A', 'B', 'A', 'C', 'D'].map((kind, at) => ({ line: 7 + at, kind })) }),
      /^seems to hold a secret in line 7 \(A, B, C\): once merged/,
    ],
    ['a conflict that nobody has solved', file({ conflict: 7 }), /^holds conflict markers from line 7 on/],
    ['a file that skipped its filter', file({ filter: 'rot' }), /^was written without its filter rot, /],
    ['a large file', file({ bytes: 3 * LARGE_BYTES }), /large \(3\.0 MiB\)/],
  ])('%s', (_what, changed, why) => {
    expect(remarksOn([changed])).toEqual([{ path: changed.path, why: expect.stringMatching(why) }]);
  });

  it.each<[string, ChangedFile]>([
    ['a text', file({})],
    ['a text below the size', file({ bytes: LARGE_BYTES - 1 })],
    ['a link beside it', link('b.txt')],
    ['a link to another folder', link('../docs/./b.txt')],
    ['a link up to the top', link('..')],
  ])('but not at %s', (_what, changed) => {
    expect(remarksOn([changed])).toEqual([]);
  });

  it('first at what stays once it is merged', () => {
    const secrets = [{ line: 1, kind: 'A' }];
    const large = file({ path: 'a', bytes: LARGE_BYTES });
    const remarks = remarksOn([large, file({ path: 'b', conflict: 1 }), file({ path: 'c', secrets })]);
    expect(remarks.map(({ path }) => path)).toEqual(['c', 'b', 'a']);
  });

  it('so many, and how many more there are', () => {
    const remarks = remarksOn(Array.from({ length: 5 }, () => file({ kind: 'submodule' })));
    expect(remarkLines(remarks, 2)).toHaveLength(3);
    expect(remarkLines(remarks, 2).at(-1)).toBe('and 3 more');
    expect(remarkLines(remarks, 5)).toHaveLength(5);
  });
});
