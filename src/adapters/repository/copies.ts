/**
 * Files of the user's checkout that are brought along into a workspace by name. Only looks; whatever cannot be brought is one
 * line that says why, and never shows what is in a file.
 */
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { LIMITS } from '../../domain/limits.ts';
import { isCode, kindOf, partsOf } from '../files/without-links.ts';
import { kindAt } from '../git/files-at.ts';
import type { GitPlace } from '../git/run-git.ts';
import { openRepository } from './find-repository.ts';

export interface Copy {
  readonly path: string;
  readonly content: Buffer;
}

/**
 * @param place where the commit is known
 * @param commit of the base: what it has itself is in the workspace already
 * @throws PawlError `precondition` for a path that it has, and for what is no plain file below the checkout, or too large
 */
export async function readCopies(
  repository: string,
  { place, commit }: { readonly place: GitPlace; readonly commit: string },
  paths: readonly string[],
): Promise<readonly Copy[]> {
  if (paths.length === 0) return [];
  const { top, bare } = await openRepository(repository);
  if (bare) throw refusal(paths[0] ?? '', `${top} is bare and has no files: name a checkout with --repo`);
  const copies: Copy[] = [];
  for (const path of paths) {
    if ((await kindAt(place, commit, path)) !== undefined)
      throw refusal(path, 'git tracks it on the base branch, so the workspace has it already');
    copies.push({ path, content: await readPlain(top, path) });
  }
  return copies;
}

async function readPlain(top: string, path: string): Promise<Buffer> {
  const parts = partsOf(path);
  if (parts.some((part) => part.toLowerCase() === '.git'))
    throw refusal(path, 'it is of a repository of git');
  for (const [index] of parts.slice(1).entries()) {
    const folder = parts.slice(0, index + 1).join('/');
    if ((await lookedAt(path, join(top, folder)))?.isDirectory() !== true)
      throw refusal(path, `there is no folder ${folder} in ${top}, or it is a link`);
  }
  const found = await lookedAt(path, join(top, path));
  if (found === undefined) throw refusal(path, `it is not in ${top}: make it there, or name it no more`);
  if (!found.isFile())
    throw refusal(path, `it is no plain file in ${top}: links, folders and devices are not copied`);
  return readBounded(join(top, path), path);
}

const lookedAt = (path: string, at: string) =>
  kindOf(at).catch((error: unknown) => {
    if (isCode(error, 'EACCES', 'ENAMETOOLONG')) throw refusal(path, 'it may not be looked at');
    throw error;
  });

/** What was looked at may be another file by now: a link is not followed, and a pipe is not waited for. */
async function readBounded(at: string, path: string): Promise<Buffer> {
  const file = await open(at, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      if (isCode(error, 'EACCES', 'EPERM', 'ENOENT', 'ELOOP', 'ENXIO'))
        throw refusal(path, 'it may not be read');
      throw error;
    },
  );
  try {
    const [opened, there] = await Promise.all([file.stat(), lstat(at).catch(() => undefined)]);
    if (!opened.isFile() || there?.ino !== opened.ino) throw refusal(path, 'it is being changed');
    const buffer = Buffer.alloc(LIMITS.copiedFileBytesMax + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = (await file.read(buffer, length, buffer.length - length, length)).bytesRead;
    if (length > LIMITS.copiedFileBytesMax)
      throw refusal(path, `it is larger than ${LIMITS.copiedFileBytesMax} bytes`);
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

const refusal = (path: string, why: string): PawlError =>
  new PawlError('precondition', `copy: ${JSON.stringify(path)} is not copied: ${why}`, {
    details: [['copy']],
  });
