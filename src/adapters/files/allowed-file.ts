/** Reading a file that somebody named: none of the system, of Pawl's home, or of what is private, by whatever name. */
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { clip, LIMITS } from '../../domain/limits.ts';
import { type FileIdentity, hasNameIn } from './hard-links.ts';
import { isInside } from './is-inside.ts';
import { isCode } from './without-links.ts';
import { type HomeFolders, isOfHome, isOfSystem, isPrivate } from './working-directory.ts';

/** What is wrong with a file that went, or became another one, while it was looked at. */
export const CHANGED = 'is being changed';

/** Makes the error from what is wrong with the file. */
export type Wrong = (what: string) => PawlError;

/**
 * @param path its real path
 * @throws what `wrong` makes, for a file of the system, of Pawl's home (also by a hard link), of what is private in the home
 * folder of its user; for one that is no file, may not be read, changes, or is larger than an artifact
 */
export async function readAllowed(path: string, given: HomeFolders, wrong: Wrong): Promise<Buffer> {
  if (isOfSystem(path)) throw wrong("is the system's");
  const folders = await realFolders(given);
  if (await isOfAnyHome(folders, path)) throw wrong("is Pawl's own");
  if (isPrivate(folders, path)) throw wrong('is private in the home folder of its user');
  return readResult(path, folders, wrong);
}

/** A file that this host's user sends to an engine elsewhere, wherever it lies. @throws PawlError `invalid_input` */
export async function readOwnFile(folders: HomeFolders, path: string): Promise<Buffer> {
  const wrong: Wrong = (what) =>
    new PawlError(
      'invalid_input',
      `file: expected a file to read, got one that ${what}: ${printable(path)}`,
      {
        details: [['files']],
      },
    );
  const real = await realPathOf(path);
  if (real === undefined) throw wrong('is not there or may not be looked at');
  return readAllowed(real, folders, wrong);
}

async function readResult(path: string, folders: HomeFolders, wrong: Wrong): Promise<Buffer> {
  // Opening a device does things, and a FIFO waits: neither is opened, also where one is put here between the two lines.
  const there = await unlessGone(stat(path));
  if (there === undefined) throw wrong(CHANGED);
  if (!there.isFile()) throw wrong('is no file');
  const file = await openUnfollowed(path, wrong);
  try {
    const found = await file.stat({ bigint: true });
    if (!found.isFile()) throw wrong('is no file');
    if (!(await isStillAt(path, found))) throw wrong(CHANGED);
    if (found.nlink > 1n && (await isLinkedElsewhere(found, folders)))
      throw wrong("is Pawl's own, or the system's, by another name");
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
    if (isCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO')) throw wrong(CHANGED);
    throw error;
  }
}

/** A folder on the way may have become a link since the path was looked at. */
async function isStillAt(path: string, { dev, ino }: FileIdentity): Promise<boolean> {
  if ((await realPathOf(path)) !== path) return false;
  const there = await unlessGone(lstat(path, { bigint: true }));
  return there?.dev === dev && there.ino === ino;
}

/** undefined where it went meanwhile. */
export const unlessGone = <T>(look: Promise<T>): Promise<T | undefined> =>
  look.catch((error: unknown) => {
    if (isCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return undefined;
    throw error;
  });

/** Secrets on a disk where others can link to them; what else is the system's lies on devices of its own, or is no secret. */
async function isLinkedElsewhere(
  file: FileIdentity,
  { home, workspaces, userHomes }: HomeFolders,
): Promise<boolean> {
  const places = userHomes.flatMap((folder) => PRIVATE_PLACES.map((name) => join(folder, name)));
  for (const place of [home, '/etc', ...places]) if (await hasNameIn(place, file, [workspaces])) return true;
  return false;
}

/**
 * Of a user's home: where keys and passwords lie. Not all that begins with a dot, because stores of packages lie there whose
 * files a project holds by hard links.
 */
const PRIVATE_PLACES = [
  ...['.ssh', '.gnupg', '.aws', '.azure', '.kube', '.docker', '.config', '.claude', '.codex', '.gemini'],
  ...['.netrc', '.npmrc', '.pypirc', '.git-credentials', '.pgpass'],
] as const;

/**
 * Whether it is of a home of Pawl, whichever; what is in the workspace of a task of this one is not.
 * @param path real, of a file or folder
 */
export const isOfAnyHome = async (folders: HomeFolders, path: string): Promise<boolean> =>
  isOfHome(folders, path) || (!isInside(folders.workspaces, path) && (await isInForeignHome(path)));

/** Another home is known by what is in it. */
async function isInForeignHome(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const isHome = await Promise.all(HOME_FILES.map((name) => isThere(join(folder, name))));
    if (isHome.every(Boolean)) return true;
    if (folder === dirname(folder)) return false;
  }
}
const HOME_FILES = ['engine.lock', 'secret'] as const;

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: unknown) => {
      if (isCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return false;
      throw error;
    },
  );

/** A file may grow while it is read. */
async function readAtMost(file: FileHandle, bytesMax: number): Promise<Buffer> {
  const stream = file.createReadStream({ start: 0, end: bytesMax - 1, autoClose: false });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function realFolders({ home, workspaces, userHomes }: HomeFolders): Promise<HomeFolders> {
  const realOf = async (path: string) => (await realPathOf(path)) ?? path;
  return {
    home: await realOf(home),
    workspaces: await realOf(workspaces),
    userHomes: await Promise.all(userHomes.map(realOf)),
  };
}

/** No path with a control character in it is worth breaking the lines of a message. */
export const printable = (path: string): string =>
  clip(path.replaceAll(/\p{Cc}/gu, '?'), LIMITS.titleShownCharsMax);

/** Where a path really leads, links followed; undefined where no file system would have it. */
export async function realPathOf(path: string): Promise<string | undefined> {
  if (path.includes('\0')) return undefined;
  try {
    return await realpath(path);
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES')) return undefined;
    throw error;
  }
}
