/** Files of a working directory that a client names as its results: none is read that lies outside of it. */
import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { ArtifactStore } from '../../activities/ports/storage-port.ts';
import { PawlError } from '../../domain/failures.ts';
import { isOfAnyHome, printable, readAllowed, realFolders, realPathOf } from './allowed-file.ts';
import { isInside } from './is-inside.ts';
import { type HomeFolders, problemWithDirectory } from './working-directory.ts';

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
  const own = await realFolders(folders);
  const problem = problemWithDirectory(own, real);
  if (problem !== undefined) throw wrong("a working directory: name a project's folder", problem);
  if (await isOfAnyHome(own, real))
    throw wrong("a working directory: name a project's folder", 'one of a home of Pawl');
  return real;
}

/**
 * Reads a file of the session's `directory` (its real path).
 * @throws PawlError `invalid_input` for a path that leads out of `directory`, into the system or Pawl's home, also by a hard
 * link, or into what is private in the user's home; that is no file or too large
 */
export async function readSessionFile(
  { directory, ...folders }: HomeFolders & { readonly directory: string },
  path: string,
): Promise<{ readonly content: Buffer; readonly name: string }> {
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
  return { content: await readAllowed(real, folders, wrong), name: relative(directory, real) };
}

/** Keeps such a file. Idempotent: content has one address. @throws PawlError as `readSessionFile` */
export async function storeFile(
  artifacts: Pick<ArtifactStore, 'put'>,
  folders: HomeFolders & { readonly directory: string },
  path: string,
) {
  const { content, name } = await readSessionFile(folders, path);
  return { digest: await artifacts.put(content), bytes: content.length, name };
}
