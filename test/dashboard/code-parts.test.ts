/** Commands in words of the engine. */
import { expect, it } from 'vitest';
import { codeParts } from '../../src/dashboard/shown/code-parts.ts';

it.each([
  ['see `pawl show x`, or not', ['see ', 'code:pawl show x', ', or not']],
  ['a ` alone', ['a ` alone']],
  ['`a` `b`', ['code:a', ' ', 'code:b']],
  ['', []],
])('finds the commands in %j', (words, expected) => {
  expect(codeParts(words).map(({ is, text }) => (is === 'code' ? `code:${text}` : text))).toEqual(expected);
});
