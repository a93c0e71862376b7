/**
 * Bringing the files of a user's checkout from one commit to another. They are only touched where nothing of the user's
 * can be lost and no program of theirs would have to run; where not, the answer says why.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clip } from '../../../domain/limits.ts';
import { kindOf } from '../../files/without-links.ts';
import { filtersOf } from '../../git/filters.ts';
import { type Lfs, lfsFilter } from '../../git/lfs-program.ts';
import { hasStore } from '../../git/lfs-store.ts';
import { disarmed } from '../../git/named-programs.ts';
import { linesIn, textOf } from '../../git/path-bytes.ts';
import { GitError, type GitPlace, git } from '../../git/run-git.ts';
import { withoutUntold } from '../../git/untold.ts';
import { asUserTakesIt, usesLfs } from '../../git/user-settings.ts';
import type { Repository } from '../../repository/find-repository.ts';
import {
  type Change,
  changesBetween,
  filterOf,
  filterWords,
  inTheWay,
  submoduleLeft,
  withoutLfs,
} from './obstacles.ts';
import { putBack } from './put-back.ts';

/**
 * All or nothing. Files that are at `to` already, where a move was cut off, are left there.
 * @param lfs by which contents of Git LFS are written, where the user's own git does that as well
 * @returns why nothing was done, as part of a sentence; undefined when files and index are at `to`
 */
export async function moveFiles(
  checkout: Repository,
  from: string,
  to: string,
  lfs?: Lfs,
): Promise<string | undefined> {
  const { top, gitDir, commonDir } = checkout;
  const halted = (await underWay(checkout)) ?? (await heldIndex(gitDir));
  if (halted !== undefined) return halted;
  const plain = await disarmed(await asUserTakesIt(checkout.place, commonDir), commonDir);
  const isLfsOurs = lfs !== undefined && (await hasStore(lfs.mirror)) && (await usesLfs(plain, commonDir));
  const place = isLfsOurs ? { ...plain, config: [...(plain.config ?? []), ...lfsFilter(lfs)] } : plain;
  const [compared, changes] = await Promise.all([
    compareWithHead(place, isLfsOurs),
    changesBetween(place, from, to),
  ]);
  if (!(await isAt(place, from, compared)))
    return (await isAt(place, to, compared))
      ? undefined
      : whatDiffers(place, { ...compared, commit: from, isLfsOurs });
  const obstacle =
    (await inTheWay(place, commonDir, changes)) ??
    (await submoduleLeft(top, changes)) ??
    (await filterOf(place, changes, to, isLfsOurs));
  return obstacle ?? readTree(place, { from, to, changes });
}

/** What is begun in a working tree and not yet ended. A bisect, which leaves the branch, is none of it. */
const UNDER_WAY: Readonly<Record<string, string>> = {
  MERGE_HEAD: 'a merge',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
  'rebase-merge': 'a rebase',
  'rebase-apply': '`git am` or a rebase',
  sequencer: 'a cherry-pick or a revert',
};

async function underWay({ gitDir, top }: Repository): Promise<string | undefined> {
  for (const [name, what] of Object.entries(UNDER_WAY))
    if ((await kindOf(join(gitDir, name))) !== undefined) return `${what} is under way in ${top}`;
  return undefined;
}

const LOCK_TRIES = 20;
const LOCK_RETRY_MS = 100;

/** Another git mostly holds it for a moment. */
async function heldIndex(gitDir: string): Promise<string | undefined> {
  const file = join(gitDir, 'index.lock');
  for (let left = LOCK_TRIES; (await kindOf(file)) !== undefined; left -= 1) {
    if (left <= 1) return `another git holds ${file}`;
    await sleep(LOCK_RETRY_MS);
  }
  return undefined;
}

/** Whether index and files hold exactly a commit; files that git does not know are not looked at. */
async function isAt(
  place: GitPlace,
  commit: string,
  { head, changed, unstaged }: Compared,
): Promise<boolean> {
  if (head === commit) return !changed;
  // The files are ahead of their branch, where a move was cut off.
  const staged = await git(place, ['diff-index', '--cached', '--quiet', commit], { accept: [1] });
  return staged.exitCode === 0 && unstaged.length === 0;
}

/** Index and files beside the commit that is checked out. */
interface Compared {
  readonly head: string | undefined;
  readonly changed: boolean;
  /** Paths, as latin1, at which files are not as the index has them. */
  readonly unstaged: readonly string[];
}

/** Also brings the index up to date, without which a file that was only touched would look changed. */
async function compareWithHead(place: GitPlace, isLfsOurs: boolean): Promise<Compared> {
  const locking = { ...place, env: { ...place.env, GIT_OPTIONAL_LOCKS: '1' } };
  const args = ['status', '--porcelain=v2', '--branch', '--no-ahead-behind', '-z', '--untracked-files=no'];
  const { stdout } = await git(locking, [...args, '--no-renames', '--ignore-submodules=dirty']);
  const lines = await withoutUntold(place, linesIn(stdout), (filter) => isLfsOurs && filter === 'lfs');
  const head = lines.find((line) => line.startsWith(OF_HEAD))?.slice(OF_HEAD.length);
  const changes = lines.filter(isChange);
  const unstaged = changes.map((line) => UNSTAGED.exec(line)?.[1]).filter((path) => path !== undefined);
  return { head, changed: changes.length > 0, unstaged };
}

const OF_HEAD = '# branch.oid ';

/** `1 <staged><unstaged> <submodule> …`; of a submodule only what is staged counts. */
const isChange = (line: string): boolean => !line.startsWith('# ') && !/^1 \..? S/.test(line);
/** After six fields more. What is not merged differs from every commit as it is. */
const UNSTAGED = /^1 .[^.] [^S](?:\S* ){6}(.*)$/s;

const NAMED_MAX = 3;

async function whatDiffers(
  place: GitPlace,
  { commit, unstaged, isLfsOurs }: Pick<Compared, 'unstaged'> & { commit: string; isLfsOurs: boolean },
): Promise<string> {
  const args = ['diff-index', '--cached', '--name-only', '-z', '--no-renames', '--ignore-submodules', commit];
  const staged = linesIn((await git(place, args)).stdout);
  const all = [...new Set([...staged, ...unstaged])];
  if (all.length === 0) return `the index of ${place.cwd} could not be read or written`;
  const filters =
    staged.length === 0
      ? withoutLfs(await filtersOf(place, [], unstaged), isLfsOurs)
      : new Map<string, string>();
  // What it would be without its filter only the user's own git can tell.
  if (filters.size === all.length) return filterWords(filters);
  return `${place.cwd} has changes that are not committed (${named(all)})`;
}

function named(paths: readonly string[]): string {
  const more = paths.length > NAMED_MAX ? ` and ${paths.length - NAMED_MAX} more` : '';
  return `${paths.slice(0, NAMED_MAX).map(textOf).join(', ')}${more}`;
}

interface Step {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly Change[];
}

async function readTree(place: GitPlace, { from, to, changes }: Step): Promise<string | undefined> {
  try {
    // It looks at all files before it writes the first.
    await git(place, ['read-tree', '-m', '-u', from, to]);
    return undefined;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const refused = refusalOf(error.stderr, place.cwd);
    if (refused !== undefined) return refused;
    const left = await putBack(place, changes);
    const stays = left.length === 0 ? '' : `, and this could not be put back: ${named(left)}`;
    return `${place.cwd} could not be written (${clip(error.message, SAID_CHARS_MAX)})${stays}`;
  }
}

const SAID_CHARS_MAX = 200;

/** What git refuses before it writes anything. Changes that it would show were looked for before. */
function refusalOf(stderr: string, top: string): string | undefined {
  const held = /'([^']*index\.lock)': File exists/.exec(stderr)?.[1];
  if (held !== undefined) return `another git holds ${held}`;
  if (!/would be overwritten|would lose|not uptodate/.test(stderr)) return undefined;
  const path = /'(.+?)'/.exec(stderr)?.[1] ?? 'a file';
  return `${path} in ${top} has changes that git is told not to show, or that were made this very moment`;
}
