/**
 * The engine's own conflict markers. Each ends with the name of a commit of its merge, so lines that only look like markers
 * (in a document, say) never count, and those of the merge are found wherever an agent has put them. Markers of other names
 * count in the files in which the engine has put a conflict (`conflict-files.ts`). A conflict that no lines can show (of
 * bytes, of links, of a file that one side has deleted) gets a file with markers in its place, which says where each version
 * is: so no solution, keeping or deleting the file among them, looks as if nobody had solved it.
 */
import { leftOpenIn } from './conflict-files.ts';
import type { Conflict, MergedTrees } from './merge-trees.ts';
import type { Merging } from './merging.ts';
import { placeOf } from './mirror.ts';
import { linesIn } from './path-bytes.ts';
import { GITLINK, LINK } from './raw-changes.ts';
import { type GitPlace, git, gitLine } from './run-git.ts';
import type { Space } from './space.ts';
import { entriesOf, treeWith } from './tree-entries.ts';

/** The tree of a merge with a marker for each of its conflicts, and the submodules in conflict, where none can be. */
export async function withMarkers(
  space: Space,
  { tree, conflicts }: MergedTrees,
  [ours, theirs]: readonly [ours: string, theirs: string],
): Promise<{ readonly tree: string; readonly submodules: string[] }> {
  const place = placeOf(space.mirror);
  const [marked, entries] = await Promise.all([
    pathsWithMarkers(place, tree, [ours, theirs]),
    entriesOf(place, tree),
  ]);
  const there = [...new Set(conflicts.map(({ path }) => path))].filter((path) => entries.has(path));
  const isSubmodule = (path: string) => entries.get(path)?.startsWith(GITLINK) === true;
  const changes = new Map<string, string>();
  for (const path of there.filter((one) => !marked.has(one) && !isSubmodule(one))) {
    const version = (stage: string) => conflicts.find((one) => one.path === path && one.stage === stage);
    const text = [
      `<<<<<<< ${ours}`,
      whereIs(version('2')),
      '=======',
      whereIs(version('3')),
      `>>>>>>> ${theirs}`,
    ];
    const blob = await gitLine(place, ['hash-object', '-w', '--stdin'], { input: `${text.join('\n')}\n` });
    changes.set(path, `100644 ${blob}`);
  }
  return { tree: await treeWith(space, tree, changes), submodules: there.filter(isSubmodule) };
}

function whereIs(version: Conflict | undefined): string {
  if (version === undefined) return 'Here there is no such file: remove it, to have that.';
  const { mode, oid } = version;
  if (mode === GITLINK) return `Here it is a submodule at ${oid}.`;
  const kind = mode === LINK ? 'a link, and where it leads' : `a file of mode ${mode}, and what it holds`;
  return `Here it is ${kind} is in \`git cat-file blob ${oid}\`.`;
}

/** Files of a tree in which the conflicts of a merge are not solved, by their names for people, and as latin1. */
export async function unsolvedIn(space: Space, merging: Merging, tree: string): Promise<readonly string[]> {
  const place = placeOf(space.mirror);
  const names = merging.carries ?? [merging.base, merging.head];
  const inGit = await pathsWithMarkers(place, tree, names);
  const files = merging.files ?? (await pathsWithMarkers(place, merging.tree, names));
  const left = await leftOpenIn(space, merging, names, [...new Set(files)], tree);
  const marked = [...new Set([...inGit, ...left])];
  const { submodules = [] } = merging;
  if (submodules.length === 0) return marked;
  const [before, now] = await Promise.all([entriesOf(place, merging.tree), entriesOf(place, tree)]);
  return [...marked, ...submodules.filter((path) => before.get(path) === now.get(path))];
}

/** Who indents a file indents them too. */
const markerOf = (names: readonly string[]): string => `^[ \t]*[<>]+ (${names.join('|')})`;

/** Paths as latin1. The size of markers is an attribute, so it is any. */
async function pathsWithMarkers(
  place: GitPlace,
  tree: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const args = ['grep', '-l', '-z', '-a', '-E', '-e', markerOf(names), tree];
  const { stdout } = await git(place, args, { accept: [1] });
  return new Set(linesIn(stdout).map((one) => one.slice(`${tree}:`.length)));
}
