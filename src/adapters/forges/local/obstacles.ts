/** What keeps a change from being written into a user's checkout, each as part of a sentence. Only looks. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { kindOf } from '../../files/without-links.ts';
import { filtersOf } from '../../git/filters.ts';
import { pathAt, textOf } from '../../git/path-bytes.ts';
import { GITLINK } from '../../git/raw-changes.ts';
import { type GitPlace, git } from '../../git/run-git.ts';
import { ignoredOf } from '../../git/stage.ts';
import { diffTrees } from '../../git/tree-diff.ts';
import { ignoringAsUser } from '../../git/user-settings.ts';

export interface Change {
  readonly status: string;
  /** Its bytes as latin1, because not every name is text. */
  readonly path: string;
  /** Whether it is a submodule before or after. */
  readonly submodule: boolean;
}

export async function changesBetween(place: GitPlace, from: string, to: string): Promise<readonly Change[]> {
  return (await diffTrees(place, from, to)).map(({ path, letter, before, after }) => {
    return { status: letter, path, submodule: before.mode === GITLINK || after.mode === GITLINK };
  });
}

/**
 * A file that git does not know where a new one is to be. Git itself protects all but the ignored ones. Only of a working
 * tree that holds exactly the commit before, so that what the change takes away is not in its way.
 * @param commonDir where the configuration of the place is
 */
export async function inTheWay(
  place: GitPlace,
  commonDir: string,
  changes: readonly Change[],
): Promise<string | undefined> {
  const top = place.cwd;
  const removed = new Set(changes.filter(({ status }) => status === 'D').map(({ path }) => path));
  for await (const { path, isFolder } of standing(top, changes)) {
    const found = isFolder ? await unknownBelow(top, path, removed) : removed.has(path) ? undefined : path;
    if (found === undefined) continue;
    const ignored = await ignoredOf(await ignoringAsUser(place, commonDir), [found]);
    return ignored.size > 0
      ? `${textOf(found)}, which git ignores, is in the way in ${top}: move it away first`
      : `${textOf(found)}, which git does not know, is in the way in ${top}`;
  }
  return undefined;
}

/** What stands where something new is to be: a folder, a file, or one in place of a folder. Paths as latin1. */
export async function* standing(
  top: string,
  changes: readonly Change[],
): AsyncGenerator<{ readonly path: string; readonly isFolder: boolean }> {
  const folders = new Set<string>();
  for (const { path } of changes.filter(({ status }) => status === 'A')) {
    const found = await standsAt(top, path, folders);
    if (found !== undefined) yield found;
  }
}

/** @param folders known to be some, or not to be there */
async function standsAt(top: string, path: string, folders: Set<string>) {
  const parts = path.split('/');
  for (let depth = 1; depth < parts.length; depth += 1) {
    const folder = parts.slice(0, depth).join('/');
    if (folders.has(folder)) continue;
    const kind = await kindOf(pathAt(top, folder));
    // A file, or a link, of which what it leads to does not count.
    if (kind !== undefined && !kind.isDirectory()) return { path: folder, isFolder: false };
    folders.add(folder);
  }
  const kind = await kindOf(pathAt(top, path));
  return kind === undefined ? undefined : { path, isFolder: kind.isDirectory() };
}

/** A folder that becomes a file goes with all that is in it. */
async function unknownBelow(
  top: string,
  folder: string,
  removed: ReadonlySet<string>,
): Promise<string | undefined> {
  for (const entry of await readdir(pathAt(top, folder), { encoding: 'latin1', withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    const found = entry.isDirectory() ? await unknownBelow(top, path, removed) : path;
    if (found !== undefined && !removed.has(found)) return found;
  }
  return undefined;
}

/** A submodule that is checked out stays where it is when its commit changes, and would look changed from then on. */
export async function submoduleLeft(top: string, changes: readonly Change[]): Promise<string | undefined> {
  for (const { path } of changes.filter(({ submodule }) => submodule)) {
    const folder = pathAt(top, path);
    if ((await kindOf(folder))?.isDirectory() && (await readdir(folder)).length > 0)
      return `the submodule ${textOf(path)} is checked out in ${top}, and only your own git may move it`;
  }
  return undefined;
}

/**
 * A file that is stored in another form than it has: only the user's git may write it.
 * @param isLfsOurs whether the engine writes those of Git LFS
 */
export async function filterOf(
  place: GitPlace,
  changes: readonly Change[],
  to: string,
  isLfsOurs: boolean,
): Promise<string | undefined> {
  for await (const filters of filtersOn(place, changes, to)) {
    const found = withoutLfs(filters, isLfsOurs);
    if (found.size > 0) return filterWords(found);
  }
  return undefined;
}

/** Those of the files as they are, then those that the change itself gives them. */
export async function* filtersOn(
  place: GitPlace,
  changes: readonly Change[],
  to: string,
): AsyncGenerator<ReadonlyMap<string, string>> {
  const paths = changes.map(({ path }) => path);
  yield filtersOf(place, [], paths);
  if (!paths.some((path) => basename(path) === '.gitattributes')) return;
  const folder = await mkdtemp(join(tmpdir(), 'pawl-index-'));
  try {
    const scratch = { ...place, env: { ...place.env, GIT_INDEX_FILE: join(folder, 'index') } };
    await git(scratch, ['read-tree', to]);
    yield filtersOf(scratch, ['--cached'], paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Those that only the user's git may run. */
export const withoutLfs = (
  filters: ReadonlyMap<string, string>,
  isLfsOurs: boolean,
): ReadonlyMap<string, string> =>
  isLfsOurs ? new Map([...filters].filter(([, filter]) => filter !== 'lfs')) : filters;

export function filterWords(filters: ReadonlyMap<string, string>): string {
  const [[path, filter] = ['', '']] = filters;
  return `${textOf(path)} goes through the filter ${filter}, which only your own git may run`;
}
