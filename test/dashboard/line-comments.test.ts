import { describe, expect, it } from 'vitest';
import {
  type Draft,
  draftIn,
  EMPTY,
  reasonOf,
  withComment,
} from '../../src/dashboard/decision/line-comments.ts';

const at = (path: string, line: number, text: string, side: 'before' | 'after' = 'after') => ({
  ...{ path, line, text, side },
});
const draft = (reason: string, ...comments: Draft['comments']): Draft => ({ reason, comments });

describe('the reason that an agent reads', () => {
  it.each<[string, Draft, string]>([
    ['nothing', EMPTY, ''],
    ['blanks alone', draft(' \n'), ''],
    ['words', draft(' use cents\n'), 'use cents'],
    ['a comment', draft('', at('a.ts', 3, 'why? ')), 'a.ts:3: why?'],
    ['of a line that is gone', draft('', at('a.ts', 3, 'keep', 'before')), 'a.ts:3 (removed): keep'],
    [
      'both',
      draft('not yet', at('a.ts', 3, 'why?'), at('b.ts', 1, 'no')),
      'not yet\n\na.ts:3: why?\nb.ts:1: no',
    ],
  ])('%s', (_, given, expected) => {
    expect(reasonOf(given)).toBe(expected);
  });
});

describe('a comment', () => {
  it('takes the place of the one on its line, by the order of files and lines', () => {
    const comments = [at('b', 1, 'x'), at('a', 10, 'x'), at('a', 9, 'x'), at('a', 9, 'y')];
    const all = comments.reduce(withComment, EMPTY).comments;
    expect(all.map(({ path, line, text }) => `${path}${line}${text}`)).toEqual(['a9y', 'a10x', 'b1x']);
  });

  it('on a line that is gone is another than on the one that has its number now', () => {
    const both = withComment(withComment(EMPTY, at('a', 1, 'x')), at('a', 1, 'y', 'before'));
    expect(both.comments).toHaveLength(2);
  });

  it('without words is none', () => {
    expect(withComment(draft('', at('a', 1, 'x')), at('a', 1, ' '))).toEqual(EMPTY);
  });
});

it('a draft is read as it was kept, and anything else as none', () => {
  const kept = draft('r', at('a', 1, 'x'));
  expect(draftIn(JSON.stringify(kept))).toEqual(kept);
  expect(draftIn(JSON.stringify({ reason: 'r', comments: [null, { path: 1 }, kept.comments[0]] }))).toEqual(
    kept,
  );
  for (const text of [null, '', '{', 'null', '[]', '{"reason":1}']) expect(draftIn(text)).toEqual(EMPTY);
});
