/** What differs between two trees, read folder by folder where they differ. */
import type { RawChange, Version } from './raw-changes.ts';
import { readTrees, type Tree, type TreeEntry } from './read-trees.ts';
import type { GitPlace } from './run-git.ts';

/** A folder that differs. */
interface Folder {
  /** With a slash at its end, or nothing for the top. */
  readonly at: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * As `diff-tree -r --raw --no-renames` tells it, by path.
 * @param from a commit or tree @param to another one
 * @throws as `git` does for what is not there
 */
export async function diffTrees(place: GitPlace, from: string, to: string): Promise<readonly RawChange[]> {
  const changes: RawChange[] = [];
  let folders: readonly Folder[] = [{ at: '', from: `${from}^{tree}`, to: `${to}^{tree}` }];
  while (folders.length > 0) {
    const names = folders.flatMap((one) => [one.from, one.to]).filter((name) => name !== undefined);
    const trees = new Map((await readTrees(place, names)).map((tree, index) => [names[index], tree]));
    const compared = folders.map((one) => compare(one.at, trees.get(one.from), trees.get(one.to)));
    for (const { files } of compared) changes.push(...files);
    folders = compared.flatMap((one) => one.folders);
  }
  return changes.sort((one, other) => (one.path < other.path ? -1 : 1));
}

const NOTHING: Tree = new Map();

function compare(at: string, from: Tree = NOTHING, to: Tree = NOTHING) {
  const files: RawChange[] = [];
  const folders: Folder[] = [];
  for (const name of new Set([...from.keys(), ...to.keys()])) {
    const [was, is] = [from.get(name), to.get(name)];
    if (was?.mode === is?.mode && was?.oid === is?.oid) continue;
    const [fileWas, fileIs] = [was, is].map((entry) => (entry?.type === 'tree' ? undefined : entry));
    if (was?.type === 'tree' || is?.type === 'tree')
      folders.push({ at: `${at}${name}/`, from: folderOf(was), to: folderOf(is) });
    if (fileWas !== undefined || fileIs !== undefined) files.push(changeOf(`${at}${name}`, fileWas, fileIs));
  }
  return { files, folders };
}

const folderOf = (entry: TreeEntry | undefined) => (entry?.type === 'tree' ? entry.oid : undefined);

const changeOf = (path: string, was: TreeEntry | undefined, is: TreeEntry | undefined): RawChange => ({
  path,
  letter: letterOf(was, is),
  before: versionOf(was),
  after: versionOf(is),
});

const letterOf = (was: TreeEntry | undefined, is: TreeEntry | undefined): string => {
  if (was === undefined) return 'A';
  if (is === undefined) return 'D';
  return kindOf(was) === kindOf(is) ? 'M' : 'T';
};

/** A file, executable or not, a link, a submodule. */
const kindOf = ({ mode }: TreeEntry): string => mode.slice(0, -'0644'.length);

const ABSENT: Version = { mode: '000000', oid: '0'.repeat(40) };

const versionOf = (entry: TreeEntry | undefined): Version =>
  entry === undefined ? ABSENT : { mode: entry.mode, oid: entry.oid };
