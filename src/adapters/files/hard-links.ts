/** A file may have further names, by hard links, which its path says nothing of: they are found by device and inode. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode } from './without-links.ts';

export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/**
 * Whether a name of this file lies in `folder`, however deep, or is it. What this user may not look at is not found.
 * @param skipped folders in it that are not looked into
 */
export async function hasNameIn(
  folder: string,
  file: FileIdentity,
  skipped: readonly string[] = [],
): Promise<boolean> {
  const found = skipped.includes(folder) ? undefined : await identityOf(folder);
  // A hard link never leads to another device.
  if (found?.dev !== file.dev) return false;
  if (found.ino === file.ino) return true;
  const entries = (await unlessUnseen(() => readdir(folder, { withFileTypes: true }))) ?? [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const isIt = entry.isDirectory()
      ? await hasNameIn(path, file, skipped)
      : (await identityOf(path))?.ino === file.ino;
    if (isIt) return true;
  }
  return false;
}

/** undefined where it went meanwhile, or may not be looked at. */
const identityOf = (path: string): Promise<FileIdentity | undefined> =>
  unlessUnseen(() => lstat(path, { bigint: true }));

async function unlessUnseen<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
}
