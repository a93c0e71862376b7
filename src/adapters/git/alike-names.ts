/** Names that file systems which fold them (macOS, Windows) take for one and the same. */
import { linesIn, textOf } from './path-bytes.ts';
import { type GitPlace, git } from './run-git.ts';

/** Of those paths of a commit that have another file for a namesake, which. */
export async function namesakesOf(
  place: GitPlace,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map();
  const { stdout } = await git(place, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit]);
  const wanted = new Set(paths.map(folded));
  const alike = new Map<string, string[]>();
  for (const path of linesIn(stdout).map(textOf)) {
    const key = folded(path);
    if (wanted.has(key)) alike.set(key, [...(alike.get(key) ?? []), path]);
  }
  return new Map(
    paths.flatMap((path) => {
      const other = alike.get(folded(path))?.find((one) => one !== path);
      return other === undefined ? [] : [[path, other] as const];
    }),
  );
}

const folded = (path: string): string => path.normalize('NFC').toLowerCase();
