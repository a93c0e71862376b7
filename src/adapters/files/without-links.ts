/**
 * Files inside a folder whose contents an agent chose: nothing here follows a link, so nothing outside the folder is
 * ever read, written or removed, whatever the agent put in the way.
 */
import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, renameSync, type Stats, writeFileSync } from 'node:fs';
import { chmod, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PawlError } from '../../domain/failures.ts';

/** Pure: the parts of a path from the top of a repository. @throws PawlError `invalid_input` when it leads elsewhere */
export function partsOf(path: string): readonly string[] {
  const parts = path.split('/');
  const wrong = parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'));
  if (!wrong && parts[0]?.toLowerCase() !== '.git') return parts;
  throw new PawlError('invalid_input', `expected a path inside the repository, got ${JSON.stringify(path)}`);
}

/** Replaces one file, making its folders. What is in the way (a link, a folder, a file as parent) goes. Atomic. */
export async function writeInside(folder: string, path: string, text: string | Uint8Array): Promise<void> {
  const parts = partsOf(path);
  const name = parts.at(-1) ?? '';
  const parent = await walkTo(folder, parts.slice(0, -1), 'make');
  const target = join(parent, name);
  const kind = await kindOf(target);
  if (kind?.isDirectory()) await removeTree(target);
  const draft = join(parent, `.pawl-${randomUUID()}`);
  try {
    writeFileSync(draft, text, { flag: 'wx', mode: kind?.isFile() ? kind.mode & 0o777 : 0o644 });
    renameSync(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** A folder by its path inside of another; undefined where it is not there, or only behind a link. */
export async function folderInside(folder: string, path: string): Promise<string | undefined> {
  return (await walkTo(folder, partsOf(path), 'look')) || undefined;
}

/** What is there by a path inside of a folder, as `kindOf`; undefined as well where it is only behind a link. */
export async function kindInside(folder: string, path: string): Promise<Stats | undefined> {
  const parts = partsOf(path);
  const parent = await walkTo(folder, parts.slice(0, -1), 'look');
  return parent === '' ? undefined : kindOf(join(parent, parts.at(-1) ?? ''));
}

/** Removes a file or link; nothing when it is not there, or only behind a link. */
export async function removeInside(folder: string, path: string): Promise<void> {
  const parts = partsOf(path);
  const parent = await walkTo(folder, parts.slice(0, -1), 'look');
  if (parent === '') return;
  const target = join(parent, parts.at(-1) ?? '');
  const kind = await kindOf(target);
  if (kind?.isDirectory()) return;
  if (kind !== undefined) await unlink(target);
}

/** Removes a file, link or whole folder, also one with folders that are read-only. Running it twice changes nothing. */
export async function removeTree(path: string): Promise<void> {
  if ((await kindOf(path)) === undefined) return;
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!isCode(error, 'EACCES', 'EPERM')) throw error;
    await allowRemoval(path);
    await rm(path, { recursive: true, force: true });
  }
}

/**
 * What is there, itself and not what it links to; undefined where nothing is. Asked by `lstatSync`: a task asks five hundred
 * times, one after the other; the call takes microseconds, and its way through libuv's thread pool a tenth of a millisecond.
 */
export async function kindOf(path: string | Buffer): Promise<Stats | undefined> {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

export const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** Down to a folder, one part at a time; empty when it is not there and only looked for. */
async function walkTo(folder: string, parts: readonly string[], mode: 'make' | 'look'): Promise<string> {
  let at = folder;
  for (const part of parts) {
    at = join(at, part);
    const kind = await kindOf(at);
    if (kind?.isDirectory()) continue;
    if (mode === 'look') return '';
    if (kind !== undefined) await unlink(at);
    mkdirSync(at);
  }
  return at;
}

async function allowRemoval(path: string): Promise<void> {
  const kind = await kindOf(path);
  if (!kind?.isDirectory()) return;
  await chmod(path, 0o700);
  for (const name of await readdir(path)) await allowRemoval(join(path, name));
}
