/** When the disk counts as full. */
import { expect, it } from 'vitest';
import { isDiskFull, tooLittleRoom } from '../../src/domain/disk-full.ts';
import { PawlError } from '../../src/domain/failures.ts';
import { LIMITS } from '../../src/domain/limits.ts';

const coded = (code: string) => Object.assign(new Error('x'), { code });

it.each([
  [coded('ENOSPC'), true],
  [coded('EDQUOT'), true],
  [coded('EACCES'), false],
  [new PawlError('unavailable', 'cannot be written', { cause: coded('ENOSPC') }), true],
  [new Error('git commit exited with 128: fatal: write error: No space left on device'), true],
  [new Error('disk quota exceeded'), true],
  [new Error('no space'), false],
  ['No space left on device', false],
  [undefined, false],
])('%s: %s', (error, is) => {
  expect(isDiskFull(error)).toBe(is);
});

it('says how much is free, and from where on it is enough', () => {
  expect(tooLittleRoom(LIMITS.diskBytesMin)).toBeUndefined();
  expect(tooLittleRoom(LIMITS.diskBytesMin - 1)).toMatch(/^127 MB are free .*128 MB are: make room/);
});
