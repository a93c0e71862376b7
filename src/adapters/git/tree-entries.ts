/** What a tree holds, and the same tree with other entries. Paths travel as latin1, because not every name is text. */
import { type GitPlace, git, gitLine } from './run-git.ts';
import { type Space, withScratchIndex } from './space.ts';

/** `<mode> <object>` by path, of all files of a commit or tree. */
export async function entriesOf(place: GitPlace, treeish: string): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await git(place, ['ls-tree', '-r', '-z', '--full-tree', treeish]);
  const lines = stdout.toString('latin1').split('\0').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [, mode, oid, path = ''] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
      return [path, `${mode} ${oid}`];
    }),
  );
}

const NO_ENTRY = `0 ${'0'.repeat(40)}`;

/** @param changes `<mode> <object>` by path; undefined takes the path out */
export async function treeWith(
  space: Space,
  tree: string,
  changes: ReadonlyMap<string, string | undefined>,
): Promise<string> {
  if (changes.size === 0) return tree;
  const lines = [...changes].map(([path, entry = NO_ENTRY]) => `${entry}\t${path}\0`);
  return withScratchIndex(space, async (place) => {
    await git(place, ['read-tree', tree]);
    await git(place, ['update-index', '-z', '--index-info'], {
      input: Buffer.from(lines.join(''), 'latin1'),
    });
    return gitLine(place, ['write-tree']);
  });
}
