/** Files of a working directory that a client names as its results: none is read that lies outside of it. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { ArtifactStore } from '../../activities/ports/storage-port.ts';
import { PawlError } from '../../domain/failures.ts';
import { clip, LIMITS } from '../../domain/limits.ts';
import { isInside } from './is-inside.ts';
import { isCode } from './without-links.ts';

/** @throws PawlError `invalid_input` where there is no such directory */
export async function realDirectory(path: string): Promise<string> {
  const wrong = (what: string) =>
    new PawlError('invalid_input', `directory: expected an existing folder's absolute path, got ${what}`, {
      details: [['directory']],
    });
  if (!isAbsolute(path)) throw wrong('a relative one');
  const real = await realPathOf(path);
  if (real === undefined) throw wrong('one that is not there or may not be looked at');
  if (!(await stat(real)).isDirectory()) throw wrong('a file');
  return real;
}

interface SessionFolders {
  /** Real path of the session's working directory. */
  readonly directory: string;
  /** The engine's own files: its token would open it to whoever reads artifacts. */
  readonly home: string;
  /** Of them, what is made for agents to work in. */
  readonly workspaces: string;
}

/** @throws PawlError `invalid_input` for a path that leads out of `directory` or into `home`, is no file or too large */
export async function storeFile(
  artifacts: Pick<ArtifactStore, 'put'>,
  { directory, home, workspaces }: SessionFolders,
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
  const isWorkspace = isInside((await realPathOf(workspaces)) ?? workspaces, directory);
  if (!isWorkspace && isInside((await realPathOf(home)) ?? home, real)) throw wrong("is the engine's own");
  const name = relative(directory, real);
  const { size } = await statOfFile(real, wrong);
  if (size > LIMITS.artifactBytesMax) throw wrong(`is larger than ${LIMITS.artifactBytesMax} bytes`);
  const content = await readFile(real).catch((error: unknown) => {
    throw isCode(error, 'EACCES') ? wrong('may not be read') : error;
  });
  return { digest: await artifacts.put(content), bytes: content.length, name };
}

async function statOfFile(path: string, wrong: (what: string) => PawlError) {
  const found = await stat(path);
  if (!found.isFile()) throw wrong('is no file');
  return found;
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
