/**
 * The files of a workspace, for a person to look at. An agent chose what is there, and may change it meanwhile: no link is
 * followed, and nothing is read that lies elsewhere or is Pawl's own by another name.
 */
import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import type { WorkspaceFile, WorkspaceListing } from '../../domain/host-reads.ts';
import { LIMITS } from '../../domain/limits.ts';
import { CHANGED, printable, readAllowed, realPathOf, unlessGone } from './allowed-file.ts';
import { isInside } from './is-inside.ts';
import { isCode, kindOf, partsOf } from './without-links.ts';
import type { HomeFolders } from './working-directory.ts';

/** Nobody looks through thousands of packages' files; they can be read by their paths all the same. */
const LEFT_OUT: readonly string[] = ['.git', 'node_modules'];

/** Those near the top first. undefined where there is no such folder. @param folder absolute */
export async function listWorkspace(folder: string): Promise<WorkspaceListing | undefined> {
  const top = await topOf(folder);
  if (top === undefined) return undefined;
  const files: WorkspaceFile[] = [];
  let bytesLeft: number = LIMITS.countedLinesBytesMax;
  for await (const path of filesBelow(top)) {
    if (path === undefined || files.length === LIMITS.workspaceFilesListedMax) return { files, isCut: true };
    const file = await lookAt(top, path, bytesLeft);
    if (file === undefined) continue;
    if (file.lines !== undefined) bytesLeft -= file.bytes;
    files.push(file);
  }
  return { files, isCut: false };
}

/** Their paths, breadth first; undefined where there are too many folders to look into all. */
async function* filesBelow(top: string): AsyncGenerator<string | undefined> {
  const folders = [''];
  for (const [index, at] of folders.entries()) {
    if (index === LIMITS.workspaceFilesListedMax) {
      yield undefined;
      return;
    }
    for (const entry of await entriesOf(top, at)) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory() && !LEFT_OUT.includes(entry.name)) folders.push(path);
      if (entry.isFile()) yield path;
    }
  }
}

/** The real path of a folder that is one itself. */
async function topOf(folder: string): Promise<string | undefined> {
  return (await kindOf(folder))?.isDirectory() ? realPathOf(folder) : undefined;
}

/** None of one that went, or became a link, meanwhile. */
async function entriesOf(top: string, at: string) {
  const folder = join(top, at);
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    if ((await realPathOf(folder)) !== folder) return [];
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) return [];
    throw error;
  }
}

async function lookAt(top: string, path: string, bytesLeft: number): Promise<WorkspaceFile | undefined> {
  const place = join(top, path);
  try {
    const { size: bytes, mtime, nlink } = await lstat(place);
    // One with further names may be anything: its lines are none of ours to count.
    const lines = nlink === 1 && bytes <= bytesLeft ? await countLines(place, bytes) : undefined;
    return { path, place, bytes, modifiedAt: mtime.toISOString(), ...(lines !== undefined && { lines }) };
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENXIO')) return undefined;
    throw error;
  }
}

/** undefined of what is no text. */
async function countLines(place: string, bytes: number): Promise<number | undefined> {
  const file = await open(place, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    const content = buffer.subarray(0, bytesRead);
    if (!isText(content)) return undefined;
    const ends = content.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0);
    return bytesRead === 0 || content.at(-1) === 10 ? ends : ends + 1;
  } finally {
    await file.close();
  }
}

const isText = (content: Buffer): boolean => isUtf8(content) && !content.includes(0);

/** What a file is, as bytes; of `text` whether it is one. */
export interface ReadFile {
  readonly content: Buffer;
  readonly isText: boolean;
  readonly modifiedAt: string;
}

/**
 * undefined where there is no such folder.
 * @throws PawlError `forbidden` for a path that leads out of it, into git's own folder, or to what is Pawl's or the system's by
 * another name; `not_found`; `invalid_input` for a folder, or a file that is too large; `conflict` for one that changes meanwhile
 */
export async function readInWorkspace(
  folders: HomeFolders,
  folder: string,
  path: string,
): Promise<ReadFile | undefined> {
  const top = await topOf(folder);
  if (top === undefined) return undefined;
  const parts = partsIn(path);
  const named = resolve(top, ...parts);
  const real = await realPathOf(named);
  if (real === undefined)
    throw new PawlError('not_found', `there is no file ${printable(path)} in this workspace`);
  // A link inside leads to what has a name of its own, which is the one to ask for.
  if (real !== named || !isInside(top, real)) throw outside(path);
  const wrong = (what: string): PawlError => {
    const words = `expected a file, got one that ${what}: ${printable(path)}`;
    if (what === CHANGED) return new PawlError('conflict', `${words}; look again`);
    return /no file|larger/.test(what) ? new PawlError('invalid_input', words) : outside(path);
  };
  const content = await readAllowed(real, folders, wrong);
  if (content.length > LIMITS.workspaceFileBytesMax)
    throw wrong(`is larger than ${LIMITS.workspaceFileBytesMax} bytes`);
  const there = await unlessGone(lstat(real));
  if (there === undefined) throw wrong(CHANGED);
  return { content, isText: isText(content), modifiedAt: there.mtime.toISOString() };
}

/** @throws PawlError `forbidden` */
function partsIn(path: string): readonly string[] {
  try {
    return partsOf(path);
  } catch (error) {
    if (error instanceof PawlError) throw outside(path);
    throw error;
  }
}

const outside = (path: string): PawlError =>
  new PawlError(
    'forbidden',
    `expected a file of the workspace, got a path that is outside of it or not for reading: ${printable(path)}`,
  );
