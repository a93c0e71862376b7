/**
 * What lies in a folder, with a stamp of each file that changes with it. The time of the last change of its entry is part of the
 * stamp: no program can set that, as it can set the time of a file's last write. Nothing here follows a link.
 */
import { lstat, readdir } from 'node:fs/promises';
import { isCode } from './without-links.ts';

/** By path from the folder, as latin1, because not every name is text. */
export type FileStamps = ReadonlyMap<string, string>;

const FOLDER = 'folder';
/** A folder into which its own user may not look. */
const CLOSED = 'closed folder';

/** Whether a stamp is that of a folder. */
export const isFolderStamp = (stamp: string): boolean => stamp.startsWith(FOLDER) || stamp === CLOSED;

/**
 * @param isLeftOut paths of which nothing is said; of a folder also nothing in it
 * @returns nothing where there is no folder. What goes away meanwhile is left out
 */
export async function stampsOf(folder: string, isLeftOut: (path: string) => boolean): Promise<FileStamps> {
  const found = new Map<string, string>();
  await walk(Buffer.from(folder), '', isLeftOut, found);
  return found;
}

async function walk(
  folder: Buffer,
  below: string,
  isLeftOut: (path: string) => boolean,
  found: Map<string, string>,
): Promise<void> {
  const folders: string[] = [];
  const at = (path: string) => Buffer.concat([folder, Buffer.from(`/${path}`, 'latin1')]);
  const names = await namesIn(below === '' ? folder : at(below));
  if (names === CLOSED) {
    found.set(below, CLOSED);
    return;
  }
  const look = async (name: Buffer) => {
    const path = below === '' ? name.toString('latin1') : `${below}/${name.toString('latin1')}`;
    if (isLeftOut(path)) return;
    const kind = await orWhy(lstat(at(path), { bigint: true }));
    if (kind === undefined) return;
    if (kind === CLOSED) {
      found.set(below, CLOSED);
      return;
    }
    if (kind.isDirectory()) folders.push(path);
    const { mode, size, ino, mtimeNs, ctimeNs } = kind;
    // The times of a folder change with what is put into it.
    found.set(path, kind.isDirectory() ? `${FOLDER} ${mode}` : [mode, size, ino, mtimeNs, ctimeNs].join(' '));
  };
  await Promise.all(names.map(look));
  for (const path of folders) await walk(folder, path, isLeftOut, found);
}

const namesIn = async (folder: Buffer): Promise<readonly Buffer[] | typeof CLOSED> =>
  (await orWhy(readdir(folder, { encoding: 'buffer' }))) ?? [];

/** undefined for what is gone meanwhile. */
async function orWhy<T>(look: Promise<T>): Promise<T | undefined | typeof CLOSED> {
  try {
    return await look;
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    if (isCode(error, 'EACCES', 'EPERM')) return CLOSED;
    throw error;
  }
}
