/** Files that are half-way from one commit to another: what can be taken back is, whatever else cannot. */
import { rmdir, unlink } from 'node:fs/promises';
import { isCode, kindOf } from '../../files/without-links.ts';
import { asLines, linesIn, pathAt } from '../../git/path-bytes.ts';
import { type GitPlace, git } from '../../git/run-git.ts';
import type { Change } from './obstacles.ts';

/**
 * The disk was full, say, or a folder cannot be written: the index is where it was, and the files go there again. Each by itself.
 * @returns paths, as latin1, of what could not be put back
 */
export async function putBack(place: GitPlace, changes: readonly Change[]): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { status, path } of changes)
    if (status === 'A' && !(await removeAdded(place.cwd, path))) left.push(path);
  const known = changes.filter(({ status, submodule }) => status !== 'A' && !submodule);
  const paths = known.map(({ path }) => path);
  // It ends where one of them is not what git expects to find there, and goes on after any other that it cannot write.
  if (!(await checkOut(place, paths))) for (const path of paths) await checkOut(place, [path]);
  await git(place, ['update-index', '--refresh', '--ignore-submodules'], { accept: [1, 128] });
  const differing = await git(place, [
    'diff-files',
    '--name-only',
    '-z',
    '--no-renames',
    '--ignore-submodules',
  ]);
  const wanted = new Set(paths);
  return [...left, ...linesIn(differing.stdout).filter((path) => wanted.has(path))];
}

/** Whether git came to the end of them. */
async function checkOut(place: GitPlace, paths: readonly string[]): Promise<boolean> {
  const options = { input: asLines(paths), accept: [1, 128] };
  return (await git(place, ['checkout-index', '--force', '-z', '--stdin'], options)).exitCode !== 128;
}

/** With the folders that have come with it, and behind no link. Whether it is gone. */
async function removeAdded(top: string, path: string): Promise<boolean> {
  const folders = foldersOf(path);
  try {
    for (const folder of folders.toReversed())
      if ((await kindOf(pathAt(top, folder)))?.isDirectory() === false) return true;
    const kind = await kindOf(pathAt(top, path));
    if (kind?.isDirectory() === false) await unlink(pathAt(top, path));
  } catch (error) {
    return isCode(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG');
  }
  for (const folder of folders) if (!(await removeEmpty(pathAt(top, folder)))) break;
  return true;
}

/** Whether nothing is there then. Where it stays, something is in it, or it is not ours to remove: either way no file of the change. */
async function removeEmpty(folder: Buffer): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    return isCode(error, 'ENOENT', 'ENAMETOOLONG');
  }
}

/** From the innermost on. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, parts.length - at).join('/'));
}
