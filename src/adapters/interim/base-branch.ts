/** Moving a branch of the user's own repository: fast-forward where it is checked out and clean, by ref where it is not. */
import { PawlError } from '../../domain/failures.ts';
import { GitError, type GitPlace, git } from './git.ts';
import { isDirty } from './repository.ts';

/**
 * Moves `base` from one commit to the next. Where its working tree has changes, or a filter would decide what the files
 * hold, nothing of the user's is touched: the command to take the commit is answered instead.
 * @throws PawlError `conflict` when the branch is not at `from` any more
 */
export async function moveBase(
  user: GitPlace & { readonly filters: boolean },
  base: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<{ readonly takeCommand?: string }> {
  const worktree = await worktreeWith(user, base);
  if (worktree === undefined) {
    await compareAndSwap(user, base, from, to);
    return {};
  }
  const place = { ...user, cwd: worktree };
  const take = { takeCommand: `git -C ${quoted(worktree)} merge --ff-only ${to}` };
  if (user.filters || (await isDirty(place))) return take;
  try {
    await git(place, ['merge', '--quiet', '--ff-only', '--no-verify', '--no-stat', to], {
      environment: { GIT_OPTIONAL_LOCKS: '1' },
    });
    return {};
  } catch (error) {
    // An untracked file in the way, or a change made this very moment: git left everything as it was.
    if (error instanceof GitError) return take;
    throw error;
  }
}

async function compareAndSwap(user: GitPlace, base: string, from: string, to: string): Promise<void> {
  try {
    await git(user, ['update-ref', '-m', 'pawl: merge', `refs/heads/${base}`, to, from]);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new PawlError('unavailable', `${base} of ${user.cwd} moved during the merge`, { cause: error });
  }
}

/** The folder where a branch is checked out, among the repository's own and linked ones. */
async function worktreeWith(user: GitPlace, base: string): Promise<string | undefined> {
  const { out } = await git(user, ['worktree', 'list', '--porcelain', '-z']);
  const blocks = out.split('\0\0').map((block) => block.split('\0'));
  const found = blocks.find(
    (lines) => lines.includes(`branch refs/heads/${base}`) && !lines.includes('bare'),
  );
  return found?.find((line) => line.startsWith('worktree '))?.slice('worktree '.length);
}

/** For a person to paste into a shell. */
const quoted = (path: string): string =>
  /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
