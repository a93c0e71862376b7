/** Globs as everyone knows them (`**` crosses folders, a leading dot is nothing special), matched by picomatch. */
import picomatch from 'picomatch';

/** Those of `paths` (with `/`, from the top of the repository) that at least one glob matches, in their order. */
export function matching(paths: readonly string[], globs: readonly string[]): string[] {
  if (globs.length === 0) return [];
  const isMatch = picomatch([...globs], { dot: true });
  return paths.filter((path) => isMatch(path));
}
