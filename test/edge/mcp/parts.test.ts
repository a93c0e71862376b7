/** Parts of what is long: none is too long as JSON, and together they are the whole. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { partOf } from '../../../src/edge/mcp/parts.ts';

function partsOf(whole: Buffer, bytesMax: number) {
  const parts = [];
  for (let offset: number | undefined = 0; offset !== undefined; ) {
    const part = partOf(whole, offset, bytesMax);
    parts.push(part.content);
    expect(part.next ?? whole.length).toBeGreaterThanOrEqual(offset);
    if (part.next === offset) throw new Error(`it does not go on at ${offset} of ${whole.length}`);
    offset = part.next;
  }
  return parts;
}

/** The longest escape of one character, and with its quotes. */
const bytesMax = fc.integer({ min: 32, max: 200 });
const bytesOf = (content: object) => Buffer.byteLength(JSON.stringify(Object.values(content)[1]));

it('a text comes back from its parts, each of whole characters', () => {
  const hard = fc.constantFrom('a', '"', '\u0001', '\ufeff', 'ß', '語', '🎉', '\n');
  fc.assert(
    fc.property(fc.array(hard, { maxLength: 500 }), bytesMax, (characters, max) => {
      const text = characters.join('');
      const parts = partsOf(Buffer.from(text), max);
      expect(parts.map((part) => ('text' in part ? part.text : expect.fail('no text'))).join('')).toBe(text);
      for (const part of parts) expect(bytesOf(part)).toBeLessThanOrEqual(max);
    }),
  );
});

it('bytes come back from their parts, though some of these would be texts', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), bytesMax, (bytes, max) => {
      const whole = Buffer.concat([bytes, Buffer.from([0xff])]);
      const parts = partsOf(whole, max);
      const back = parts.map((part) =>
        'blob' in part ? Buffer.from(part.blob, 'base64') : expect.fail('a text'),
      );
      expect(Buffer.concat(back).equals(whole)).toBe(true);
      for (const part of parts) expect(bytesOf(part)).toBeLessThanOrEqual(max + 6);
    }),
  );
});
