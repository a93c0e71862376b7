/** What is said about a pull request, cut to fit: no item is lost. */
import { expect, it } from 'vitest';
import { clipAll, LIMITS } from '../../src/domain/limits.ts';
import type { FeedbackItem } from '../../src/domain/pull-request-news.ts';
import { failedChecksIn, feedbackOf } from '../../src/domain/review.ts';

const check = (name: string, chars = 10): FeedbackItem => ({
  kind: 'check',
  text: `${name}: failure\n${'x'.repeat(chars)}`,
  url: '',
});
const comment: FeedbackItem = { kind: 'comment', text: 'Rename it.', author: 'bea', url: '' };

it.each([
  ['what fits', ['a', 'bb'], 3, ['a', 'bb']],
  ['one long among short ones', ['a', 'b'.repeat(100), 'c'], 12, ['a', `${'b'.repeat(9)}…`, 'c']],
  ['all alike', ['a'.repeat(9), 'b'.repeat(9)], 8, ['aaa…', 'bbb…']],
  ['nothing', [], 5, []],
])('cuts %s', (_, texts, charsMax, cut) => {
  expect(clipAll(texts, charsMax)).toEqual(cut);
});

it.each([
  [LIMITS.failedChecksToldMax, 5_000],
  [3, LIMITS.feedbackCharsMax],
  [1, 3],
])('names each of %i checks with %i characters of output', (count, chars) => {
  const items = Array.from({ length: count }, (_, at) => check(`job-${at}`, chars));
  const text = feedbackOf([...items, comment]);
  expect(text.length).toBeLessThanOrEqual(LIMITS.feedbackCharsMax);
  for (let at = 0; at < count; at += 1) expect(text).toContain(`job-${at}: failure`);
  expect(text).toContain('bea wrote:\nRename it.');
});

it('names failed checks for people in a line, and nothing where there are none', () => {
  expect(failedChecksIn([check('unit'), comment, check('lint')])).toBe(
    'checks failed on the forge: unit: failure; lint: failure',
  );
  expect(failedChecksIn([comment])).toBeUndefined();
});
