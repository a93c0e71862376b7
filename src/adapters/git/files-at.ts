/** What a commit has at a path. No link is followed. */
import { objectId } from './objects.ts';
import { bytesOf } from './path-bytes.ts';
import { LINK } from './raw-changes.ts';
import { contentsOf } from './read-objects.ts';
import { readTrees, type Tree, type TreeEntry } from './read-trees.ts';
import { type GitPlace, git } from './run-git.ts';

/**
 * The text of a file in a commit; undefined when there is none at that path, or a link, a folder or a submodule.
 * @param path from the top of the repository, with `/`
 */
export async function textAt(place: GitPlace, commit: string, path: string): Promise<string | undefined> {
  const entry = await entryAt(place, commit, path);
  if (entry?.type !== 'blob' || entry.mode === LINK) return undefined;
  const [content] = await contentsOf(place, 'blob', [entry.oid]);
  return content?.toString('utf8');
}

/** What a commit has at a path; undefined where it has nothing. */
export async function kindAt(
  place: GitPlace,
  commit: string,
  path: string,
): Promise<'blob' | 'tree' | 'link' | 'commit' | undefined> {
  const entry = await entryAt(place, commit, path);
  return entry?.mode === LINK ? 'link' : entry?.type;
}

/** Folder by folder from the top: a path with a slash at its end, or one that means more than itself, names nothing. */
async function entryAt(place: GitPlace, commit: string, path: string): Promise<TreeEntry | undefined> {
  let name: string | undefined = `${objectId(commit)}^{tree}`;
  let entry: TreeEntry | undefined;
  for (const part of bytesOf(path).split('/')) {
    const folder: Tree | undefined = name === undefined ? undefined : (await readTrees(place, [name]))[0];
    entry = folder?.get(part);
    name = entry?.type === 'tree' ? entry.oid : undefined;
  }
  return entry;
}

/** Paths of all files of a commit, submodules and links too. */
export async function pathsAt(place: GitPlace, commit: string): Promise<readonly string[]> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', '--name-only', objectId(commit)];
  return (await git(place, args)).stdout.toString('utf8').split('\0').filter(Boolean);
}
