/**
 * Files with a filter that the engine does not run look changed to its git as soon as their times are others than the index says,
 * whatever they hold. Where their size is still the same nothing says that they have changed.
 */
import { kindOf } from '../files/without-links.ts';
import { filtersOf } from './filters.ts';
import { bytesOf, pathAt, textOf } from './path-bytes.ts';
import { type GitPlace, git } from './run-git.ts';

/** They are arguments of one command. */
const ASKED_MAX = 1_000;

/**
 * @param lines of `git status --porcelain=v2 -z --no-renames`, as latin1
 * @param isRun whether the engine's git runs a filter here
 * @returns the lines without those of files of which nobody can tell whether they have changed
 */
export async function withoutUntold(
  place: GitPlace,
  lines: readonly string[],
  isRun: (filter: string) => boolean = () => false,
): Promise<readonly string[]> {
  const paths = lines.map(onlyWritten).filter((path) => path !== undefined);
  if (paths.length === 0 || paths.length > ASKED_MAX) return lines;
  const filters = await filtersOf(place, [], paths);
  // An argument is text.
  const asked = paths.filter((path) => {
    const filter = filters.get(path);
    return filter !== undefined && !isRun(filter) && bytesOf(textOf(path)) === path;
  });
  if (asked.length === 0) return lines;
  const sizes = await sizesInIndex(place, asked);
  const untold = new Set<string>();
  for (const path of asked) {
    const [size, kind] = [sizes.get(path), await kindOf(pathAt(place.cwd, path))];
    // Git writes none where it could not tell by the times alone.
    if (kind?.isFile() === true && (size === 0 || size === kind.size)) untold.add(path);
  }
  return lines.filter((line) => !untold.has(onlyWritten(line) ?? ''));
}

/** The path of a file that is what it was but for what it holds: `1 .M N... <mode> <mode> <mode> <object> <object> <path>`. */
const onlyWritten = (line: string): string | undefined =>
  /^1 \.M N\.\.\. \d+ (\d+) \1 \S+ \S+ (.*)$/s.exec(line)?.[2];

/** As files had it when git last looked at them. */
async function sizesInIndex(place: GitPlace, paths: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { stdout } = await git(place, ['ls-files', '--debug', '-z', '--', ...paths.map(textOf)]);
  const entries = stdout.toString('latin1').matchAll(/([^\0]+)\0(?: {2}.*\n)*? {2}size: (\d+)\tflags: .*\n/g);
  return new Map([...entries].map(([, path = '', size]) => [path, Number(size)]));
}
