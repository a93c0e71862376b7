/** Files of a working directory that a client names as its results: none is read that lies outside of it. */
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { ArtifactStore } from '../../activities/ports/storage-port.ts';
import { PawlError } from '../../domain/failures.ts';
import { clip, LIMITS } from '../../domain/limits.ts';
import { type FileIdentity, hasNameIn } from './hard-links.ts';
import { isInside } from './is-inside.ts';
import { isCode } from './without-links.ts';
import {
  type HomeFolders,
  isOfHome,
  isOfSystem,
  isPrivate,
  problemWithDirectory,
} from './working-directory.ts';

/** @throws PawlError `invalid_input` where there is no such directory, or it is no working directory */
export async function realDirectory(folders: HomeFolders, path: string): Promise<string> {
  const wrong = (expected: string, got: string) =>
    new PawlError('invalid_input', `directory: expected ${expected}, got ${got}`, {
      details: [['directory']],
    });
  const missing = (what: string) => wrong("an existing folder's absolute path", what);
  if (!isAbsolute(path)) throw missing('a relative one');
  const real = await realPathOf(path);
  if (real === undefined) throw missing('one that is not there or may not be looked at');
  if (!(await stat(real)).isDirectory()) throw missing('a file');
  const problem = problemWithDirectory(await realFolders(folders), real);
  if (problem !== undefined) throw wrong("a working directory: name a project's folder", problem);
  return real;
}

/**
 * Keeps a file of the session's `directory` (its real path). Idempotent: content has one address.
 * @throws PawlError `invalid_input` for a path that leads out of `directory`, into the system or Pawl's home, also by a hard
 * link, or into what is private in the user's home; that is no file or too large
 */
export async function storeFile(
  artifacts: Pick<ArtifactStore, 'put'>,
  { directory, ...given }: HomeFolders & { readonly directory: string },
  path: string,
) {
  const wrong = (what: string) =>
    new PawlError(
      'invalid_input',
      `files: expected files of ${directory}, got one that ${what}: ${printable(path)}`,
      {
        details: [['files']],
      },
    );
  const named = resolve(directory, path);
  if (!isInside(directory, named)) throw wrong('is outside');
  const real = await realPathOf(named);
  if (real === undefined) throw wrong('is not there or may not be looked at');
  if (!isInside(directory, real)) throw wrong('is outside');
  if (isOfSystem(real)) throw wrong("is the system's");
  const folders = await realFolders(given);
  if (isOfHome(folders, real)) throw wrong("is the engine's own");
  if (isPrivate(folders, real)) throw wrong("is private in the home folder of the engine's user");
  const content = await readResult(real, folders, wrong);
  return { digest: await artifacts.put(content), bytes: content.length, name: relative(directory, real) };
}

type Wrong = (what: string) => PawlError;

async function readResult(path: string, folders: HomeFolders, wrong: Wrong): Promise<Buffer> {
  // Opening a device does things, and a FIFO waits: neither is opened, also where one is put here between the two lines.
  if (!(await stat(path)).isFile()) throw wrong('is no file');
  const file = await openUnfollowed(path, wrong);
  try {
    const found = await file.stat({ bigint: true });
    if (!found.isFile()) throw wrong('is no file');
    if (!(await isStillAt(path, found))) throw wrong('is being changed');
    if (found.nlink > 1n && (await isLinkedElsewhere(found, folders)))
      throw wrong("is the engine's own, or the system's, by another name");
    const content = await readAtMost(file, LIMITS.artifactBytesMax + 1);
    if (content.length <= LIMITS.artifactBytesMax) return content;
    throw wrong(`is larger than ${LIMITS.artifactBytesMax} bytes`);
  } finally {
    await file.close();
  }
}

async function openUnfollowed(path: string, wrong: Wrong): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    if (isCode(error, 'EACCES', 'EPERM')) throw wrong('may not be read');
    if (isCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO')) throw wrong('is being changed');
    throw error;
  }
}

/** A folder on the way may have become a link since the path was looked at. */
async function isStillAt(path: string, { dev, ino }: FileIdentity): Promise<boolean> {
  if ((await realPathOf(path)) !== path) return false;
  const there = await lstat(path, { bigint: true });
  return there.dev === dev && there.ino === ino;
}

/** Secrets on a disk where others can link to them; what else is the system's lies on devices of its own, or is no secret. */
const isLinkedElsewhere = async (file: FileIdentity, { home, workspaces }: HomeFolders): Promise<boolean> =>
  (await hasNameIn(home, file, [workspaces])) || (await hasNameIn('/etc', file));

/** A file may grow while it is read. */
async function readAtMost(file: FileHandle, bytesMax: number): Promise<Buffer> {
  const stream = file.createReadStream({ start: 0, end: bytesMax - 1, autoClose: false });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function realFolders({ home, workspaces, userHomes }: HomeFolders): Promise<HomeFolders> {
  const realOf = async (path: string) => (await realPathOf(path)) ?? path;
  return {
    home: await realOf(home),
    workspaces: await realOf(workspaces),
    userHomes: await Promise.all(userHomes.map(realOf)),
  };
}

/** No path with a control character in it is worth breaking the lines of a message. */
const printable = (path: string): string => clip(path.replaceAll(/\p{Cc}/gu, '?'), LIMITS.titleShownCharsMax);

/** Where a path really leads, links followed; undefined where no file system would have it. */
async function realPathOf(path: string): Promise<string | undefined> {
  if (path.includes('\0')) return undefined;
  try {
    return await realpath(path);
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES')) return undefined;
    throw error;
  }
}
