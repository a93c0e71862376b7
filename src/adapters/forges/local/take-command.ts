/** The command by which a person takes a merge that waits for them, now or later. It loses no file of theirs. */
import { quote } from 'shell-quote';
import { PawlError } from '../../../domain/failures.ts';
import { bytesOf, textOf } from '../../git/path-bytes.ts';
import { git } from '../../git/run-git.ts';
import { asUserTakesIt, ignoringAsUser, requiredFilters } from '../../git/user-settings.ts';
import { openRepository, type Repository } from '../../repository/find-repository.ts';
import { type Change, changesBetween, filtersOn, standing } from './obstacles.ts';

/**
 * Whatever `merge.ff` says, and also once the base has gone on. But where the merge would write over what git ignores there,
 * only as a fast-forward: git does not heed `--no-overwrite-ignore` in any other merge. A filter that is required and fails would
 * stop it halfway, with files gone: it writes such a file as git has it.
 * @param where the base is checked out
 * @param from the base, `to` the merge
 */
export async function takeCommand(where: string, from: string, to: string): Promise<string> {
  const { isOver, required } = await lookAt(where, from, to);
  const settings = required.flatMap((filter) => ['-c', `filter.${filter}.required=false`]);
  const how = isOver ? '--ff-only' : '--ff';
  return quote(['git', '-C', where, ...settings, 'merge', how, '--no-overwrite-ignore', '--no-edit', to]);
}

async function lookAt(where: string, from: string, to: string) {
  const checkout = await openRepository(where).catch((error: unknown) => {
    // A working tree on a disk that is not there now.
    if (error instanceof PawlError) return undefined;
    throw error;
  });
  if (checkout === undefined) return { isOver: true, required: [] };
  const changes = await changesBetween(checkout.place, from, to);
  const [isOver, required] = await Promise.all([
    isOverIgnored(checkout, changes),
    requiredOn(checkout, changes, to),
  ]);
  return { isOver, required };
}

/** Of Git LFS it has the contents there already. */
const LFS = 'lfs';

async function requiredOn(
  { place, commonDir }: Repository,
  changes: readonly Change[],
  to: string,
): Promise<readonly string[]> {
  const required = await requiredFilters(place);
  if (required.size === 0) return [];
  const found = new Set<string>();
  // What is set by `-c` ends with the first `=`.
  for await (const filters of filtersOn(await asUserTakesIt(place, commonDir), changes, to))
    for (const filter of filters.values())
      if (required.has(filter) && filter !== LFS && !filter.includes('=')) found.add(filter);
  return [...found];
}

/** They are arguments of one command. */
const ASKED_MAX = 1_000;

async function isOverIgnored(
  { place, commonDir, top }: Repository,
  changes: readonly Change[],
): Promise<boolean> {
  const paths = new Set<string>();
  for await (const { path } of standing(top, changes)) paths.add(path);
  if (paths.size === 0) return false;
  // An argument is text.
  const names = [...paths].map(textOf);
  if (paths.size > ASKED_MAX || names.some((name) => !paths.has(bytesOf(name)))) return true;
  const args = ['ls-files', '--others', '--ignored', '--exclude-standard', '-z', '--', ...names];
  return (await git(await ignoringAsUser(place, commonDir), args)).stdout.length > 0;
}
