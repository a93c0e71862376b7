/** What `.gitattributes` say of files. */
import { asLines, textOf } from './path-bytes.ts';
import { type GitPlace, git } from './run-git.ts';

/** The value of an attribute for those of the paths for which it has one; paths as latin1. */
export async function valuesOf(
  place: GitPlace,
  attribute: string,
  options: readonly string[],
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await git(place, ['check-attr', ...options, '--stdin', '-z', attribute], {
    input: asLines(paths),
  });
  const fields = stdout.toString('latin1').split('\0');
  const found = new Map<string, string>();
  // Path, attribute, value; and again.
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', , value = ''] = fields.slice(at, at + 3);
    if (value !== 'unspecified' && value !== 'unset') found.set(path, textOf(value));
  }
  return found;
}
