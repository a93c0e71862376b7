/** What every artifact store does, wherever it keeps its content. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ArtifactStore } from '../../src/activities/ports/storage-port.ts';

const digestOf = (content: string | Uint8Array) =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

export function testArtifactStore(create: () => ArtifactStore): void {
  it('gives back what was put, under its digest', async () => {
    const store = create();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array(), fc.string({ unit: 'grapheme' })), async (content) => {
        const digest = await store.put(content);
        expect(digest).toBe(digestOf(content));
        expect(await store.read(digest)).toEqual(Buffer.from(content));
      }),
      { numRuns: 20 },
    );
  });

  it('keeps the same content once, also when it is put at the same time', async () => {
    const store = create();
    const digests = await Promise.all(Array.from({ length: 10 }, () => store.put('the same')));
    expect(new Set(digests)).toEqual(new Set([digestOf('the same')]));
    expect((await store.read(digestOf('the same')))?.toString()).toBe('the same');
  });

  it('has nothing under a digest that was never put', async () => {
    expect(await create().read(digestOf('never put'))).toBeUndefined();
  });

  it.each([
    '',
    'sha256:',
    'sha256:../../../../etc/passwd',
    `sha256:../${'a'.repeat(61)}`,
    `sha256:${'a'.repeat(63)}`,
    `sha256:${'A'.repeat(64)}`,
    `sha256:${'a'.repeat(64)}\n`,
    `md5:${'a'.repeat(32)}`,
    'a'.repeat(64),
  ])('refuses what is no digest: %j', async (digest) => {
    await expect(create().read(digest)).rejects.toMatchObject({ name: 'PawlError', code: 'invalid_input' });
  });
}
