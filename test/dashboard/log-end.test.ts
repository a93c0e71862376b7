/** The last line of a log, read from near its end. */
import { expect, it } from 'vitest';
import { lastText, tailOffset } from '../../src/dashboard/log/log-end.ts';

it.each([
  [undefined, 0],
  [{ attempt: 2, bytes: 100 }, 0],
  [{ attempt: 2, bytes: 1_000_000 }, 1_000_000 - 16 * 1024],
  // Of another attempt it says nothing.
  [{ attempt: 1, bytes: 1_000_000 }, 0],
])('of a log that has grown to %j begins at %i', (grown, offset) => {
  expect(tailOffset(grown, 2)).toBe(offset);
});

it('is the last that says something, without its colours', () => {
  const lines = ['first', '\x1b[32mdone\x1b[0m ', '  ', '\x1b[0m'].map((text) => ({ text }));
  expect(lastText(lines)).toBe('done');
  expect(lastText([])).toBeUndefined();
});
