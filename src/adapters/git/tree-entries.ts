/** What a tree holds, and the same tree with other entries. Paths travel as latin1, because not every name is text. */
import { NO_OBJECT } from './objects.ts';
import { asLines, linesIn } from './path-bytes.ts';
import { type GitPlace, git, gitLine } from './run-git.ts';
import { type Space, withScratchIndex } from './space.ts';

/** `<mode> <object>` by path, of all files of a commit or tree. */
export async function entriesOf(place: GitPlace, treeish: string): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await git(place, ['ls-tree', '-r', '-z', '--full-tree', treeish]);
  return new Map(
    linesIn(stdout).map((line) => {
      const [, mode, oid, path = ''] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
      return [path, `${mode} ${oid}`];
    }),
  );
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
