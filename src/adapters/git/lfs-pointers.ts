/**
 * Files that `.gitattributes` give to Git LFS: git has a pointer of each, which says by SHA-256 and size what its content is, and
 * the content is elsewhere.
 */
import { filtersAt } from './filters.ts';
import { placeOf } from './mirror.ts';
import { linesIn } from './path-bytes.ts';
import { GITLINK, LINK } from './raw-changes.ts';
import { contentsOf, sizesOf } from './read-objects.ts';
import { type GitPlace, git } from './run-git.ts';
import type { Space } from './space.ts';
import { entriesOf } from './tree-entries.ts';

export interface Pointer {
  /** SHA-256 of the content, as hexadecimal digits. */
  readonly oid: string;
  readonly size: number;
}

/** Git LFS takes nothing larger for a pointer. */
const POINTER_BYTES_MAX = 1_024;
const POINTER =
  /^version https?:\/\/[^\n]+\n(?:[a-z0-9.-]+ [^\n]*\n)*oid sha256:([0-9a-f]{64})\nsize (\d{1,15})\n$/;

/** Pure. */
export function pointerIn(content: Buffer): Pointer | undefined {
  const [, oid, size] = POINTER.exec(content.toString('latin1')) ?? [];
  return oid === undefined ? undefined : { oid, size: Number(size) };
}

/** Of blobs, by their ids: what each is a pointer to, and nothing of those that are none. */
export async function pointersOf(
  place: GitPlace,
  blobs: readonly string[],
): Promise<ReadonlyMap<string, Pointer>> {
  const sizes = await sizesOf(place, [...new Set(blobs)]);
  const small = [...sizes].flatMap(([blob, size]) => (size <= POINTER_BYTES_MAX ? [blob] : []));
  const contents = await contentsOf(place, 'blob', small);
  const found = new Map<string, Pointer>();
  for (const [at, blob] of small.entries()) {
    const pointer = pointerIn(contents[at] ?? NOTHING);
    if (pointer !== undefined) found.set(blob, pointer);
  }
  return found;
}

const NOTHING = Buffer.alloc(0);

/** Those of the paths that the attributes of a commit or tree give to Git LFS; all as latin1. */
export async function pathsOfLfs(
  space: Pick<Space, 'mirror'>,
  treeish: string,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  const filters = await filtersAt(space, treeish, paths);
  return new Set([...filters].flatMap(([path, filter]) => (filter === 'lfs' ? [path] : [])));
}

/** What says so, in each `.gitattributes`. A macro, too, says it at the top. */
export const GIVES_TO_LFS = 'filter=lfs';

/** All pointers of a commit or tree, by path as latin1. Where no attributes say so, no git is started for it. */
export async function pointersAt(space: Space, treeish: string): Promise<ReadonlyMap<string, Pointer>> {
  const place = placeOf(space.mirror);
  const files = new Map<string, string>();
  for (const [path, entry] of await entriesOf(place, treeish)) {
    const [mode, oid = ''] = entry.split(' ');
    if (mode !== LINK && mode !== GITLINK) files.set(path, oid);
  }
  const attributes = [...files].flatMap(([path, oid]) =>
    /(?:^|\/)\.gitattributes$/.test(path) ? [oid] : [],
  );
  const written = await contentsOf(place, 'blob', attributes);
  if (!written.some((text) => text.includes(GIVES_TO_LFS))) return new Map();
  const kept = await pathsOfLfs(space, treeish, [...files.keys()]);
  const pointers = await pointersOf(
    place,
    [...kept].map((path) => files.get(path) ?? ''),
  );
  return new Map(
    [...kept].flatMap((path) => {
      const pointer = pointers.get(files.get(path) ?? '');
      return pointer === undefined ? [] : [[path, pointer] as const];
    }),
  );
}

/**
 * Of all commits on which one stands past others, each pointer once. What merely looks like one counts as well.
 * @param commit or a `--glob` of refs, as each of `known`
 */
export async function pointersBeyond(
  place: GitPlace,
  commit: string,
  known: readonly string[],
): Promise<readonly Pointer[]> {
  const { stdout } = await git(place, [
    'rev-list',
    '--objects',
    '--no-object-names',
    commit,
    '--not',
    ...known,
  ]);
  const objects = linesIn(Buffer.from(stdout.toString('latin1').replaceAll('\n', '\0'), 'latin1'));
  const pointers = await pointersOf(place, objects);
  return [...new Map([...pointers.values()].map((pointer) => [pointer.oid, pointer])).values()];
}
