/**
 * Moving a branch of the user's repository, together with the files where it is checked out. The files of a user are
 * only touched where nothing of theirs can be lost and no program of theirs would have to run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PawlError } from '../../../domain/failures.ts';
import { kindOf } from '../../files/without-links.ts';
import type { Branch } from '../../git/branches.ts';
import { disarmed } from '../../git/named-programs.ts';
import { GitError, type GitPlace, git } from '../../git/run-git.ts';
import { openRepository, type Repository } from '../../repository/find-repository.ts';

export interface Move {
  readonly ref: string;
  /** Where it is; undefined when it is to be made. */
  readonly from: Branch | undefined;
  readonly to: string;
  /** For the reflog. */
  readonly why: string;
  /** Another branch that goes in the same moment, because it is part of this one then. Not one that is checked out. */
  readonly without?: { readonly ref: string; readonly commit: string } | undefined;
}

/**
 * `busy`: it is checked out, and has changes, files in the way, a filter, or another git at work. `changed`: somebody
 * moved it meanwhile. Nothing was done then.
 */
export type Moved = 'moved' | 'busy' | 'changed';

const NOWHERE = '0'.repeat(40);

/** Cut off between files and ref, it finds the files where they should be and moves the ref. */
export async function moveBranch(repository: Repository, move: Move): Promise<Moved> {
  const { ref, from, to, why, without } = move;
  const worktree = from === undefined ? undefined : await worktreeOf(repository, from);
  const moving = from !== undefined && worktree !== undefined;
  if (moving && !(await moveFiles(repository, worktree, from.commit, to))) return 'busy';
  const lines = [`update ${ref} ${to} ${from?.commit ?? NOWHERE}`];
  if (without !== undefined) lines.push(`delete ${without.ref} ${without.commit}`);
  if (await setRefs(worktree ?? repository.place, why, lines)) return 'moved';
  // The files went ahead of a branch that somebody moved this very moment: back with them.
  if (moving) await moveFiles(repository, worktree, to, from.commit);
  return 'changed';
}

/** Brings files that are exactly at `ahead`, where a move was cut off, to where their branch is; any others stay. */
export async function takeFilesBack(repository: Repository, branch: Branch, ahead: string): Promise<void> {
  const worktree = await worktreeOf(repository, branch);
  if (worktree !== undefined) await moveFiles(repository, worktree, ahead, branch.commit);
}

/** Removes a branch that is where it is expected, unless it is checked out. */
export async function removeBranch(repository: Repository, ref: string, branch: Branch): Promise<void> {
  if (branch.checkedOutAt === undefined)
    await setRefs(repository.place, '', [`delete ${ref} ${branch.commit}`]);
}

/** The working tree in which a branch is checked out. @throws PawlError when what git answers is not to be trusted */
async function worktreeOf(repository: Repository, branch: Branch): Promise<GitPlace | undefined> {
  const at = branch.checkedOutAt;
  // A bare repository names itself, and a linked working tree may have been removed without git.
  if (at === undefined || repository.bare || (await kindOf(at)) === undefined) return undefined;
  if (at === repository.top) return repository.place;
  const worktree = await openRepository(at);
  if (worktree.commonDir === repository.commonDir && !worktree.bare) return worktree.place;
  throw new PawlError(
    'precondition',
    `${at} is listed as a working tree of ${repository.top} and is not: run \`git worktree prune\` there`,
  );
}

/** Brings files and index from one commit to another; false when that is not safe. */
async function moveFiles(
  { commonDir }: Repository,
  worktree: GitPlace,
  from: string,
  to: string,
): Promise<boolean> {
  const place = await disarmed(worktree, commonDir);
  const [clean, changes] = await Promise.all([isAt(place, from), changesBetween(place, from, to)]);
  if (!clean) return isAt(place, to);
  if (await isInTheWay(place.cwd, changes)) return false;
  if (await hasFilters(place, to, changes)) return false;
  try {
    // It looks at all files before it writes the first.
    await git(place, ['read-tree', '-m', '-u', from, to]);
    return true;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (/would be overwritten|would lose|not uptodate|index\.lock/.test(error.stderr)) return false;
    throw error;
  }
}

interface Change {
  readonly status: string;
  /** Its bytes as latin1, because not every name is text. */
  readonly path: string;
}

async function changesBetween(place: GitPlace, from: string, to: string): Promise<readonly Change[]> {
  const { stdout } = await git(place, ['diff-tree', '-r', '--name-status', '--no-renames', '-z', from, to]);
  const fields = stdout.toString('latin1').split('\0');
  return fields.flatMap((status, at) =>
    at % 2 === 0 && status !== '' ? [{ status, path: fields[at + 1] ?? '' }] : [],
  );
}

/** Whether index and files hold exactly a commit; files that git does not know are not looked at. */
async function isAt(place: GitPlace, commit: string): Promise<boolean> {
  const [staged, changed] = await Promise.all([
    git(place, ['diff-index', '--cached', '--quiet', commit], { accept: [1] }),
    // Also brings the index up to date, without which a file that was only touched would look changed. 128: locked.
    git(place, ['update-index', '--refresh', '--ignore-submodules'], { accept: [1, 128] }),
  ]);
  return staged.exitCode === 0 && changed.exitCode === 0;
}

/** Whether a new file would take the place of one that git does not know. It protects all but the ignored ones itself. */
async function isInTheWay(worktree: string, changes: readonly Change[]): Promise<boolean> {
  const folders = new Set<string>();
  for (const { path } of changes.filter(({ status }) => status === 'A')) {
    const text = Buffer.from(path, 'latin1').toString('utf8');
    if ((await kindOf(join(worktree, text))) !== undefined) return true;
    for (let folder = dirname(text); folder !== '.' && !folders.has(folder); folder = dirname(folder)) {
      folders.add(folder);
      const kind = await kindOf(join(worktree, folder));
      if (kind !== undefined && !kind.isDirectory()) return true;
    }
  }
  return false;
}

/** Whether a file that changes is stored in another form than it has (Git LFS, say): only the user's git may write it. */
async function hasFilters(place: GitPlace, to: string, changes: readonly Change[]): Promise<boolean> {
  const paths = Buffer.from(changes.map(({ path }) => `${path}\0`).join(''), 'latin1');
  if (await namesFilter(place, paths)) return true;
  if (!changes.some(({ path }) => basename(path) === '.gitattributes')) return false;
  // The change itself says which files have filters from now on.
  const folder = await mkdtemp(join(tmpdir(), 'pawl-index-'));
  try {
    const scratch = { ...place, env: { ...place.env, GIT_INDEX_FILE: join(folder, 'index') } };
    await git(scratch, ['read-tree', to]);
    return await namesFilter(scratch, paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function namesFilter(place: GitPlace, paths: Buffer): Promise<boolean> {
  const asked = await git(place, ['check-attr', '--cached', '--stdin', '-z', 'filter'], { input: paths });
  // Path, attribute, value; and again.
  const values = asked.stdout
    .toString('latin1')
    .split('\0')
    .filter((_, at) => at % 3 === 2);
  return values.some((value) => value !== 'unspecified' && value !== 'unset');
}

const TRIES = 20;
const RETRY_MS = 100;

/** Compare and swap, all or none; false when one is elsewhere. Waits for another git that holds them. */
async function setRefs(place: GitPlace, why: string, lines: readonly string[]): Promise<boolean> {
  const message = why === '' ? [] : ['-m', why];
  for (let left = TRIES; ; left -= 1) {
    try {
      await git(place, ['update-ref', ...message, '--stdin'], { input: `${lines.join('\n')}\n` });
      return true;
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      const { stderr } = error;
      if (/ but expected |reference already exists|unable to resolve reference/.test(stderr)) return false;
      if (/exists; cannot create|non-empty directory/.test(stderr)) throw inTheWay(lines[0], error);
      if (!/\.lock': File exists/.test(stderr) || left <= 1) throw error;
      await sleep(RETRY_MS);
    }
  }
}

const inTheWay = (line: string | undefined, cause: GitError): PawlError =>
  new PawlError(
    'precondition',
    `${line?.split(' ')[1]} cannot be made because of a branch whose name is a part of it: rename that one`,
    { cause },
  );
