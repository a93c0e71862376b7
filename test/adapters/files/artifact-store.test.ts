/** Artifacts as files. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createArtifactStore } from '../../../src/adapters/files/artifact-store.ts';
import { testArtifactStore } from '../../conformance/artifact-store.ts';
import { newFolder } from '../../conformance/folders.ts';

describe('conformance', () => testArtifactStore(() => createArtifactStore(join(newFolder(), 'artifacts'))));

async function stored(content: string) {
  const root = newFolder();
  const store = createArtifactStore(root);
  const digest = await store.put(content);
  const hex = digest.slice('sha256:'.length);
  return { root, store, digest, place: join(root, hex.slice(0, 2), hex.slice(2)) };
}

it('keeps each under its digest, for its user alone, and leaves nothing half-made', async () => {
  const { root, place } = await stored('hello');
  expect(readFileSync(place, 'utf8')).toBe('hello');
  expect(statSync(place).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(root, 'incoming'))).toEqual([]);
});

it('does not write again what is there', async () => {
  const { store, place } = await stored('hello');
  const before = statSync(place).ino;
  await store.put('hello');
  expect(statSync(place).ino).toBe(before);
});

it('notices damage when it reads, and mends it when the content is put again', async () => {
  const { store, digest, place } = await stored('hello');
  writeFileSync(place, 'jello');
  await expect(store.read(digest)).rejects.toThrow(/artifact sha256:\w+ is damaged/);
  await store.put('hello');
  expect((await store.read(digest))?.toString()).toBe('hello');
});

it('reads nothing outside its folder', async () => {
  const { root, store } = await stored('hello');
  writeFileSync(join(root, 'outside'), 'secret');
  await expect(store.read('sha256:outside')).rejects.toThrow('no digest of an artifact');
  expect(existsSync(join(root, 'outside'))).toBe(true);
});
