/**
 * Artifacts as files named by their content: `<root>/ab/cdef…` for `sha256:abcdef…`. A file is there whole or not at
 * all, and what is read is what was put, or an error.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArtifactStore } from '../../activities/ports/storage-port.ts';
import { PawlError } from '../../domain/failures.ts';
import { syncFolder } from './sync-folder.ts';

const DIGEST = /^sha256:([0-9a-f]{2})([0-9a-f]{62})$/;

/** Every call may be repeated or cut off: half-made files are only ever in `<root>/incoming`, under names of their own. */
export function createArtifactStore(root: string): ArtifactStore {
  const placeOf = (digest: string): string => {
    const [, folder, name] = DIGEST.exec(digest) ?? [];
    if (folder !== undefined && name !== undefined) return join(root, folder, name);
    throw new PawlError(
      'invalid_input',
      `no digest of an artifact: expected sha256:<64 hex digits>, got ${JSON.stringify(digest.slice(0, 80))}`,
    );
  };

  /** Puts the whole file at `incoming` where its digest says. */
  const settle = async (incoming: string, digest: string): Promise<string> => {
    const place = placeOf(digest);
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    await rename(incoming, place);
    await syncFolder(dirname(place));
    await syncFolder(root);
    return digest;
  };

  const withIncoming = async (work: (path: string) => Promise<string>): Promise<string> => {
    const folder = join(root, 'incoming');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, randomUUID());
    try {
      return await work(path);
    } finally {
      await rm(path, { force: true });
    }
  };

  return {
    /** The digest of `content`, which is on disk when this settles. */
    async put(content) {
      const digest = digestOfBytes(content);
      // A damaged file is written anew, so its size or mere presence is not enough.
      if ((await digestOfFile(placeOf(digest))) === digest) return digest;
      return withIncoming(async (incoming) => {
        const file = await open(incoming, 'wx', 0o600);
        try {
          await file.writeFile(content);
          await file.sync();
        } finally {
          await file.close();
        }
        return settle(incoming, digest);
      });
    },

    /**
     * What was put under the digest; undefined when nothing was.
     * @throws PawlError `invalid_input` for anything but a digest, `internal` when the file was changed or damaged
     */
    async read(digest) {
      const place = placeOf(digest);
      const content = await readFile(place).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
      if (content === undefined || digestOfBytes(content) === digest) return content;
      throw new PawlError(
        'internal',
        `artifact ${digest} is damaged: ${place} holds other content; restore it from a backup or remove it`,
      );
    },
  };
}

const digestOfBytes = (content: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

async function digestOfFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return `sha256:${hash.digest('hex')}`;
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
