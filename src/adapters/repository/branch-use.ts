/**
 * Where a branch of the user's repository is in use: the working tree that has it checked out, a rebase that sets it when
 * it ends. What git says of a ref alone does not tell: of a separate git folder or a submodule it names that folder in
 * place of the working tree, of a branch in two working trees one, and of a rebase nothing.
 */
import { dirname, join, resolve } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { readWhole } from '../files/atomic-file.ts';
import { namesIn } from '../files/folder-names.ts';
import { kindOf } from '../files/without-links.ts';
import { git } from '../git/run-git.ts';
import { openRepository, type Repository } from './find-repository.ts';

export type BranchUse =
  | { readonly kind: 'free' }
  | { readonly kind: 'checked_out'; readonly checkout: Repository }
  /** It must not be moved now. By a rebase: it would be put back where that ends. */
  | { readonly kind: 'taken'; readonly why: string; readonly where: string; readonly byRebase?: true };

const FREE: BranchUse = { kind: 'free' };

/**
 * @param ref a whole one, `refs/heads/main`
 * @param checkedOut whether git says so of the ref (`Branch.checkedOut`)
 * @throws PawlError `precondition` when git cannot say where the working tree is, or what it says is not so
 */
export async function useOf(repository: Repository, ref: string, checkedOut: boolean): Promise<BranchUse> {
  const linked = await linkedFolders(repository);
  const rebased = await rebaseOf(repository, linked, ref);
  if (rebased !== undefined) return rebased;
  if (!checkedOut) return FREE;
  if (linked.length === 0) return repository.bare ? FREE : { kind: 'checked_out', checkout: repository };
  const found = await checkoutsOf(repository, ref);
  if (found.length > 1) {
    const tops = found.map(({ top }) => top);
    const why = `${nameOf(ref)} is checked out in ${tops.slice(0, NAMED_MAX).join(' and in ')}`;
    return { kind: 'taken', why, where: tops[0] ?? repository.top };
  }
  const [one] = found;
  if (one === undefined) return FREE;
  return 'checkout' in one
    ? one
    : { kind: 'taken', why: `${one.top} is locked and not there`, where: one.top };
}

const NAMED_MAX = 3;
const nameOf = (ref: string): string => ref.replace(/^refs\/heads\//, '');

/** What git keeps of each linked working tree. */
async function linkedFolders({ commonDir }: Repository): Promise<readonly string[]> {
  const folder = join(commonDir, 'worktrees');
  return (await namesIn(folder)).map((name) => join(folder, name));
}

/** Where a rebase keeps what it sets in the end: its own branch, and those that go along (`--update-refs`). */
const SET_BY_REBASE = ['rebase-merge/head-name', 'rebase-merge/update-refs', 'rebase-apply/head-name'];

async function rebaseOf(
  repository: Repository,
  linked: readonly string[],
  ref: string,
): Promise<BranchUse | undefined> {
  for (const folder of [repository.commonDir, ...linked]) {
    for (const name of SET_BY_REBASE) {
      const text = await readWhole(join(folder, name));
      if (text === undefined || !text.split('\n').includes(ref)) continue;
      const where = await topOf(repository, folder);
      const why = `a rebase of ${nameOf(ref)} is under way in ${where}`;
      return { kind: 'taken', why, where, byRebase: true };
    }
  }
  return undefined;
}

async function topOf({ gitDir, commonDir, top }: Repository, folder: string): Promise<string> {
  if (folder === gitDir) return top;
  const dotGit = folder === commonDir ? undefined : await readWhole(join(folder, 'gitdir'));
  return dirname(dotGit === undefined ? commonDir : resolve(folder, dotGit.trimEnd()));
}

type Found =
  | { readonly kind: 'checked_out'; readonly checkout: Repository; readonly top: string }
  | { readonly kind: 'absent'; readonly top: string };

async function checkoutsOf(repository: Repository, ref: string): Promise<readonly Found[]> {
  const { stdout } = await git(repository.place, ['worktree', 'list', '--porcelain', '-z']);
  const entries = stdout.toString('utf8').split('\0\0').filter(Boolean);
  const found: Found[] = [];
  for (const [at, entry] of entries.entries()) {
    const lines = entry.split('\0');
    if (!lines.includes(`branch ${ref}`)) continue;
    const top = lines[0]?.slice('worktree '.length) ?? '';
    if (at === 0 && (await isBareApart(repository))) continue;
    const isLocked = lines.some((line) => line === 'locked' || line.startsWith('locked '));
    const one =
      at === 0 ? await mainCheckout(repository, top) : await linkedCheckout(repository, top, isLocked);
    if (one !== undefined) found.push(one);
  }
  return found;
}

/**
 * Whether a bare repository says so in settings of its own, as it does once a linked working tree has some (a sparse one,
 * say). Asked in that one, git lists the repository as a working tree too.
 */
async function isBareApart({ commonDir, place }: Repository): Promise<boolean> {
  const file = join(commonDir, 'config.worktree');
  if ((await kindOf(file))?.isFile() !== true) return false;
  const args = ['config', '--file', file, '--type=bool', '--get', 'core.bare'];
  return (await git(place, args, { accept: [1] })).stdout.toString('utf8').trim() === 'true';
}

/** Git knows of it only where its own folder is. */
async function mainCheckout(repository: Repository, listed: string): Promise<Found> {
  if (repository.gitDir === repository.commonDir) return checkedOutAt(repository);
  const checkout = await openRepository(listed).catch((error: unknown) => {
    if (error instanceof PawlError) return undefined;
    throw error;
  });
  if (checkout !== undefined && checkout.gitDir === repository.commonDir) return checkedOutAt(checkout);
  throw new PawlError(
    'precondition',
    `the base branch is checked out in the working tree of ${repository.commonDir}, and git does not know in which folder that is: name that folder in place of ${repository.top}`,
  );
}

async function linkedCheckout(
  repository: Repository,
  top: string,
  isLocked: boolean,
): Promise<Found | undefined> {
  // One that was removed without git. What is locked comes back, from a disk that is not there now, say.
  if ((await kindOf(top)) === undefined) return isLocked ? { kind: 'absent', top } : undefined;
  const checkout = await openRepository(top);
  if (checkout.commonDir === repository.commonDir && !checkout.bare) return checkedOutAt(checkout);
  throw new PawlError(
    'precondition',
    `${top} is listed as a working tree of ${repository.top} and is not: run \`git worktree prune\` there`,
  );
}

const checkedOutAt = (checkout: Repository): Found => ({ kind: 'checked_out', checkout, top: checkout.top });
