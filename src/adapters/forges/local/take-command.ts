/** The command by which a person takes a merge that waits for them, now or later. It loses no file of theirs. */
import { quote } from 'shell-quote';
import { PawlError } from '../../../domain/failures.ts';
import { bytesOf, textOf } from '../../git/path-bytes.ts';
import { git } from '../../git/run-git.ts';
import { ignoringAsUser } from '../../git/user-settings.ts';
import { openRepository } from '../../repository/find-repository.ts';
import { changesBetween, standing } from './obstacles.ts';

/**
 * Whatever `merge.ff` says, and also once the base has gone on. But where the merge would write over what git ignores there,
 * only as a fast-forward: git does not heed `--no-overwrite-ignore` in any other merge.
 * @param where the base is checked out
 * @param from the base, `to` the merge
 */
export async function takeCommand(where: string, from: string, to: string): Promise<string> {
  const how = (await isOverIgnored(where, from, to)) ? '--ff-only' : '--ff';
  return quote(['git', '-C', where, 'merge', how, '--no-overwrite-ignore', '--no-edit', to]);
}

/** They are arguments of one command. */
const ASKED_MAX = 1_000;

async function isOverIgnored(where: string, from: string, to: string): Promise<boolean> {
  const checkout = await openRepository(where).catch((error: unknown) => {
    // A working tree on a disk that is not there now.
    if (error instanceof PawlError) return undefined;
    throw error;
  });
  if (checkout === undefined) return true;
  const { place, commonDir, top } = checkout;
  const paths = new Set<string>();
  for await (const { path } of standing(top, await changesBetween(place, from, to))) paths.add(path);
  if (paths.size === 0) return false;
  // An argument is text.
  const names = [...paths].map(textOf);
  if (paths.size > ASKED_MAX || names.some((name) => !paths.has(bytesOf(name)))) return true;
  const args = ['ls-files', '--others', '--ignored', '--exclude-standard', '-z', '--', ...names];
  return (await git(await ignoringAsUser(place, commonDir), args)).stdout.length > 0;
}
