/** Sizes as people read them. */
import { expect, it } from 'vitest';
import { bytesText } from '../../src/dashboard/shown/bytes-text.ts';

it.each([
  [0, '0 bytes'],
  [1_023, '1023 bytes'],
  [1_024, '1 KiB'],
  [1_536, '1.5 KiB'],
  [312 * 1024 * 1024, '312 MiB'],
  [2.5 * 1024 ** 3, '2.5 GiB'],
])('%i: %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
