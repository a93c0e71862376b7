/** Which files attributes give to a filter. The engine runs none: it is a program that a repository's settings name. */
import { asLines, textOf } from './path-bytes.ts';
import { type GitPlace, git } from './run-git.ts';

/** The filters of those paths that have one; paths as latin1. */
export async function filtersOf(
  place: GitPlace,
  options: readonly string[],
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await git(place, ['check-attr', ...options, '--stdin', '-z', 'filter'], {
    input: asLines(paths),
  });
  const fields = stdout.toString('latin1').split('\0');
  const found = new Map<string, string>();
  // Path, attribute, value; and again.
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', , value = ''] = fields.slice(at);
    if (value !== 'unspecified' && value !== 'unset') found.set(path, textOf(value));
  }
  return found;
}
