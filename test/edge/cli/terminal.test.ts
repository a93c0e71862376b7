/** stdin as text, streams as screens. */
import { Readable } from 'node:stream';
import { WriteStream } from 'node:tty';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readText, screenOf } from '../../../src/edge/cli/terminal.ts';

it('reads any text as it is, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 7 }), async (text, size) => {
      const bytes = Buffer.from(text);
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      expect(await readText(Readable.from(pieces), 1_000_000)).toBe(text.replace(/^\ufeff/, ''));
    }),
  );
});

it('refuses what is no text or too much', async () => {
  await expect(readText(Readable.from([Buffer.from([0xff, 0xfe])]), 100)).rejects.toMatchObject({
    code: 'invalid_input',
  });
  await expect(readText(Readable.from([Buffer.alloc(60), Buffer.alloc(60)]), 100)).rejects.toThrow(
    'at most 100 bytes',
  );
});

it('a stream that is no terminal has no colours and no moving line', async () => {
  const screen = await screenOf(
    Object.assign(Object.create(WriteStream.prototype) as WriteStream, { isTTY: false }),
  );
  expect({ ...screen, write: undefined }).toMatchObject({ colours: false, live: undefined });
  expect(screen.columns).toBe(120);
});
