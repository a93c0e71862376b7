/** Names that file systems which fold them (macOS, Windows) take for one and the same. */
import { textOf } from './path-bytes.ts';
import { readTrees, type Tree } from './read-trees.ts';
import type { GitPlace } from './run-git.ts';

/** Of those paths of a commit that have another file for a namesake, which. Reads only the folders in which one can be. */
export async function namesakesOf(
  place: GitPlace,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(paths.map(folded));
  const above = new Set([...wanted].flatMap(foldersOf));
  const alike = new Map<string, string[]>();
  let folders = wanted.size === 0 ? [] : [{ at: '', name: `${commit}^{tree}` }];
  while (folders.length > 0) {
    const names = folders.map(({ name }) => name);
    const entries = (await readTrees(place, names)).flatMap((tree, index) =>
      pathsIn(tree, folders[index]?.at ?? ''),
    );
    for (const { path, key } of entries)
      if (wanted.has(key)) alike.set(key, [...(alike.get(key) ?? []), path]);
    folders = entries
      .filter(({ type, key }) => type === 'tree' && above.has(key))
      .map(({ path, oid }) => ({ at: `${path}/`, name: oid }));
  }
  return new Map(
    paths.flatMap((path) => {
      const other = alike.get(folded(path))?.find((one) => one !== path);
      return other === undefined ? [] : [[path, other] as const];
    }),
  );
}

const folded = (path: string): string => path.normalize('NFC').toLowerCase();

const foldersOf = (path: string): readonly string[] => {
  const names = path.split('/');
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
};

const pathsIn = (tree: Tree, at: string) =>
  [...tree].map(([name, { type, oid }]) => {
    const path = `${at}${textOf(name)}`;
    return { path, key: folded(path), type, oid };
  });
