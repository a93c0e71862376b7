/**
 * The files in which the engine has put a conflict. Who makes the merge anew, or changes what its markers are called, has
 * others in them: any marker counts there that no side of the merge had, and so a document about markers is none.
 */
import { valuesOf } from './attribute-values.ts';
import { pointersOf } from './lfs-pointers.ts';
import { beginningOf, storeIn } from './lfs-store.ts';
import { holdsConflict, isLeft } from './marker-lines.ts';
import type { Merging } from './merging.ts';
import { placeOf } from './mirror.ts';
import { linesIn } from './path-bytes.ts';
import { contentsOf, sizesOf } from './read-objects.ts';
import { type GitPlace, git } from './run-git.ts';
import { type Space, withScratchIndex } from './space.ts';
import { entriesOf } from './tree-entries.ts';

/** Enough for every marker that the engine itself puts into a file of Git LFS: where a pointer was. */
const CONTENT_BYTES_MAX = 64 * 1024;
/** Nobody solves a conflict by hand in a larger file. */
const FILE_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Those that are not solved in a tree, under the names that they have there. All paths as latin1.
 * @param paths of the merge's conflicts
 * @param names with which its markers end
 */
export async function leftOpenIn(
  space: Space,
  merging: Merging,
  names: readonly string[],
  paths: readonly string[],
  tree: string,
): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const place = placeOf(space.mirror);
  const trees = [merging.base, merging.head, await pastOf(space, names), merging.tree, tree];
  const entries = await Promise.all(
    trees.map((one) => (one === undefined ? new Map<string, string>() : entriesOf(place, one))),
  );
  const [given = new Map<string, string>(), there = new Map<string, string>()] = entries.slice(-2);
  const gone = paths.filter((path) => given.has(path) && !there.has(path));
  const renamed = gone.length === 0 ? [] : await newWithMarkers(place, tree, given);
  const attributes = [merging.base, merging.head, tree];
  const all = [...paths, ...renamed];
  const sizes = await Promise.all(attributes.map((one) => markerSizes(space, one, all)));
  const found = new Set<string>();
  for (const path of paths) {
    const blobs = entries.slice(0, -1).map((one) => one.get(path)?.split(' ')[1]);
    const isGone = gone.includes(path);
    const targets = isGone ? renamed : [path];
    const now = targets.map((name) => there.get(name)?.split(' ')[1]);
    const [ours = '', theirs = '', past = '', marked = '', ...texts] = await textsOf(space, [
      ...blobs,
      ...now,
    ]);
    for (const [at, name] of targets.entries()) {
      const said = sizes.map((one) => one.get(name) ?? MARKER_SIZE);
      const file = { ours, theirs, past, given: marked, now: texts[at] ?? '', names, sizes: said };
      if (isLeft(file) && (!isGone || holdsConflict(file))) found.add(name);
    }
  }
  return [...found];
}

/** Files that were not there when the conflicts were put into the tree, with anything like a marker in them. */
async function newWithMarkers(
  place: GitPlace,
  tree: string,
  before: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const args = ['grep', '-l', '-z', '-a', '-E', '-e', '^[ \t]*[<>]+([ \t]|$)', tree];
  const { stdout } = await git(place, args, { accept: [1] });
  const paths = linesIn(stdout).map((one) => one.slice(`${tree}:`.length));
  return paths.filter((path) => !before.has(path));
}

/** What both sides began from; undefined where git cannot say. */
async function pastOf({ mirror }: Space, names: readonly string[]): Promise<string | undefined> {
  const { stdout, exitCode } = await git(placeOf(mirror), ['merge-base', ...names], { accept: [1, 128] });
  return exitCode === 0 ? stdout.toString('utf8').trim() : undefined;
}

/** What git takes where no attribute says another one. */
const MARKER_SIZE = 7;

/** As the attributes of a commit or tree say. */
async function markerSizes(
  space: Space,
  treeish: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  return withScratchIndex(space, async (place) => {
    await git(place, ['read-tree', treeish]);
    const values = await valuesOf(place, 'conflict-marker-size', ['--cached'], paths);
    const sizes = [...values].map(([path, value]) => [path, Number.parseInt(value, 10)] as const);
    return new Map(sizes.filter(([, size]) => size > 0));
  });
}

/** Of a file of Git LFS its content. What is not there, or too large, has none. */
async function textsOf(space: Space, blobs: readonly (string | undefined)[]): Promise<readonly string[]> {
  const place = placeOf(space.mirror);
  const there = [...new Set(blobs.filter((one) => one !== undefined))];
  const [sizes, pointers] = [await sizesOf(place, there), await pointersOf(place, there)];
  const small = there.filter((oid) => !pointers.has(oid) && (sizes.get(oid) ?? Infinity) <= FILE_BYTES_MAX);
  const contents = await contentsOf(place, 'blob', small);
  const texts = new Map(small.map((oid, at) => [oid, contents[at]?.toString('latin1')]));
  for (const [oid, pointer] of pointers) {
    if (pointer.size > CONTENT_BYTES_MAX) continue;
    const content = await beginningOf(storeIn(space.mirror), pointer, CONTENT_BYTES_MAX);
    texts.set(oid, content.toString('latin1'));
  }
  return blobs.map((oid) => texts.get(oid ?? '') ?? '');
}
