/** Why a WebSocket is closed: words that its protocol takes, whatever the error says. */
import { expect, it } from 'vitest';
import { closingOfError, closingOfMessage } from '../../../src/edge/http/closing.ts';

it.each([
  ['unauthorized', 4401],
  ['forbidden', 4403],
  ['not_found', 4404],
  ['unavailable', 1013],
  ['internal', 1011],
] as const)('%s is %i', (code, closed) => {
  expect(closingOfError({ code, message: 'words' })).toEqual({ code: closed, words: 'words' });
});

it.each(['x', 'ä', '€', '😀'])('says no more than the protocol takes, and no half of %s', (character) => {
  for (let start = 0; start < 4; start += 1) {
    const { words } = closingOfError({
      code: 'conflict',
      message: 'a'.repeat(start) + character.repeat(200),
    });
    expect(Buffer.byteLength(words)).toBeLessThanOrEqual(123);
    expect(words).toMatch(new RegExp(`^a{${start}}${character}+…$`, 'u'));
  }
});

it.each([
  [undefined, 1003],
  ['', 1007],
  ['{', 1007],
  ['['.repeat(10_000) + ']'.repeat(10_000), 1007],
  ['{"__proto__":1}', 1007],
  ['1', 1008],
  ['{"type":"ping"}', 1008],
])('answers the message %j', (data, code) => {
  const closing = closingOfMessage(data);
  expect(closing.code).toBe(code);
  expect(Buffer.byteLength(closing.words)).toBeLessThanOrEqual(123);
});
