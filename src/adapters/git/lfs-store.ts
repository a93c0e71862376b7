/** Contents that pointers of Git LFS stand for, as files below a folder: that of a mirror, of a workspace, or of the user's repository. */
import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { folderInside, isCode, kindOf } from '../files/without-links.ts';
import type { Repository } from '../repository/find-repository.ts';
import type { Pointer } from './lfs-pointers.ts';
import { git } from './run-git.ts';

/** The folder with them, of a repository that says nothing else. */
export const storeIn = (gitDir: string): string => join(gitDir, 'lfs', 'objects');

/** Whether there has ever been a content in it. */
export const hasStore = async (gitDir: string): Promise<boolean> =>
  (await kindOf(storeIn(gitDir))) !== undefined;

/** Where the user's own Git LFS has them. */
export async function storeOf({ place, commonDir }: Repository): Promise<string> {
  const { stdout } = await git(place, ['config', '--type=path', '--get', 'lfs.storage'], { accept: [1] });
  const named = stdout.toString('utf8').trim();
  if (named === '') return storeIn(commonDir);
  return join(isAbsolute(named) ? named : join(commonDir, named), 'objects');
}

const folderFor = ({ oid }: Pointer): string => join(oid.slice(0, 2), oid.slice(2, 4));

/** The file with a content, by no link below the store; undefined where it is not there. */
async function fileOf(store: string, pointer: Pointer): Promise<string | undefined> {
  const folder = await folderInside(store, folderFor(pointer));
  if (folder === undefined) return undefined;
  const kind = await kindOf(join(folder, pointer.oid));
  return kind?.isFile() === true && kind.size === pointer.size ? join(folder, pointer.oid) : undefined;
}

/** Of an empty content nothing is kept. */
export const hasContent = async (store: string, pointer: Pointer): Promise<boolean> =>
  pointer.size === 0 || (await fileOf(store, pointer)) !== undefined;

export async function lackingIn(store: string, pointers: readonly Pointer[]): Promise<readonly Pointer[]> {
  const lacking: Pointer[] = [];
  for (const pointer of pointers) if (!(await hasContent(store, pointer))) lacking.push(pointer);
  return lacking;
}

/** What is there is as young as what is brought now: the upkeep of mirrors goes by that. */
export async function freshen(store: string, pointers: readonly Pointer[]): Promise<void> {
  const now = new Date();
  for (const pointer of pointers) {
    const file = pointer.size === 0 ? undefined : await fileOf(store, pointer);
    if (file !== undefined) await utimes(file, now, now).catch(() => undefined);
  }
}

/**
 * Copies a content into another store, where it is whole or not there. Idempotent.
 * @returns false where the first does not have it, or another one under its name
 */
export async function copyContent(from: string, to: string, pointer: Pointer): Promise<boolean> {
  if (await hasContent(to, pointer)) return true;
  const source = await fileOf(from, pointer);
  if (source === undefined) return false;
  const folder = join(to, folderFor(pointer));
  // What a kill leaves there Git LFS takes away itself.
  const drafts = join(to, '..', 'tmp');
  await Promise.all([folder, drafts].map((one) => mkdir(one, { recursive: true })));
  const draft = join(drafts, `pawl-${randomUUID()}`);
  try {
    await copyFile(source, draft, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    if ((await digestOf(draft)) !== pointer.oid) return false;
    await sync(draft);
    await rename(draft, join(folder, pointer.oid));
    return true;
  } catch (error) {
    // It was cleared away this very moment, or is not for us to read.
    if (isCode(error, 'ENOENT', 'EACCES', 'EPERM')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** As git does it with objects: what is merged survives the machine's crash. */
async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync().finally(() => file.close());
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * Takes out of a mirror what Git LFS has left there before a moment, drafts and logs of its own among it. It can be had again from
 * where it was brought to or from.
 * @param kept contents that stay
 */
export async function expireContents(
  mirror: string,
  beforeMs: number,
  kept: ReadonlySet<string>,
): Promise<void> {
  const folder = join(mirror, 'lfs');
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory() || kept.has(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const kind = await kindOf(path);
    if (kind !== undefined && kind.mtimeMs < beforeMs) await rm(path, { force: true });
  }
}

/** The first bytes of a content; none where it is not there. */
export async function beginningOf(store: string, pointer: Pointer, bytesMax: number): Promise<Buffer> {
  const file = pointer.size === 0 ? undefined : await fileOf(store, pointer);
  if (file === undefined) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(file, { end: bytesMax - 1 })) chunks.push(chunk);
  return Buffer.concat(chunks);
}
