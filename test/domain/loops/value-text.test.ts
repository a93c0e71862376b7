/** A value as people see it, in one line. */
import { expect, it } from 'vitest';
import { valueText } from '../../../src/domain/loops/value-types.ts';

it.each([
  ['a', 'a'],
  [1, '1'],
  [false, 'false'],
  [['a', 'b'], 'a, b'],
  [[], '[]'],
  ['', '""'],
])('%j', (value, text) => {
  expect(valueText(value)).toBe(text);
});
