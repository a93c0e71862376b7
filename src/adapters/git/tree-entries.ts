/** What a tree holds, and the same tree with other entries. Paths travel as latin1, because not every name is text. */
import { NO_OBJECT } from './objects.ts';
import { asLines } from './path-bytes.ts';
import { readTrees } from './read-trees.ts';
import { type GitPlace, git, gitLine } from './run-git.ts';
import { type Space, withScratchIndex } from './space.ts';

/** `<mode> <object>` by path, of all files of a commit or tree. */
export async function entriesOf(place: GitPlace, treeish: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  let folders = [{ at: '', name: `${treeish}^{tree}` }];
  while (folders.length > 0) {
    const trees = await readTrees(
      place,
      folders.map(({ name }) => name),
    );
    const below: typeof folders = [];
    for (const [index, { at }] of folders.entries())
      for (const [name, { mode, type, oid }] of trees[index] ?? []) {
        if (type === 'tree') below.push({ at: `${at}${name}/`, name: oid });
        else found.set(`${at}${name}`, `${mode} ${oid}`);
      }
    folders = below;
  }
  return found;
}

const NO_ENTRY = `0 ${NO_OBJECT}`;

/** @param changes `<mode> <object>` by path; undefined takes the path out */
export async function treeWith(
  space: Space,
  tree: string,
  changes: ReadonlyMap<string, string | undefined>,
): Promise<string> {
  if (changes.size === 0) return tree;
  const input = asLines([...changes].map(([path, entry = NO_ENTRY]) => `${entry}\t${path}`));
  return withScratchIndex(space, async (place) => {
    await git(place, ['read-tree', tree]);
    await git(place, ['update-index', '-z', '--index-info'], { input });
    return gitLine(place, ['write-tree']);
  });
}
