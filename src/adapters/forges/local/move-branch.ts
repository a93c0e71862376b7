/**
 * Moving a branch of the user's repository, together with the files where it is checked out (`move-files.ts`), by one
 * transaction of git's.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PawlError } from '../../../domain/failures.ts';
import type { Branch } from '../../git/branches.ts';
import type { Lfs } from '../../git/lfs-program.ts';
import { NO_OBJECT } from '../../git/objects.ts';
import { GitError, type GitPlace, git } from '../../git/run-git.ts';
import { type BranchUse, useOf } from '../../repository/branch-use.ts';
import type { Repository } from '../../repository/find-repository.ts';
import { moveFiles } from './move-files.ts';

export interface Move {
  readonly ref: string;
  /** Where it is; undefined when it is to be made. */
  readonly from: Branch | undefined;
  readonly to: string;
  /** For the reflog. */
  readonly why: string;
  /** Another branch that goes in the same moment, because it is part of this one then. Not one that is in use. */
  readonly without?: { readonly ref: string; readonly commit: string } | undefined;
  /** See `moveFiles`. */
  readonly lfs?: Lfs | undefined;
}

/** `changed`: somebody moved it meanwhile. Nothing was done then, and neither where it is `busy`. */
export type Moved = { readonly kind: 'moved' } | { readonly kind: 'changed' } | Busy;

/** It is checked out, and its files are not to be moved now. */
export interface Busy {
  readonly kind: 'busy';
  /** For a person, as part of a sentence. */
  readonly why: string;
  /** Where it is checked out. */
  readonly where: string;
}

const NOT_IN_USE: BranchUse = { kind: 'free' };

/** Cut off between files and ref, it finds the files where they should be and moves the ref. */
export async function moveBranch(repository: Repository, move: Move): Promise<Moved> {
  const { ref, from, to, why, without, lfs } = move;
  const use = from === undefined ? NOT_IN_USE : await useOf(repository, ref, from.checkedOut);
  if (use.kind === 'taken') return { ...use, kind: 'busy' };
  const lines = [`update ${ref} ${to} ${from?.commit ?? NO_OBJECT}`];
  if (without !== undefined && (await useOf(repository, without.ref, false)).kind === 'free')
    lines.push(`delete ${without.ref} ${without.commit}`);
  if (from === undefined || use.kind === 'free') return movedBy(await setRefs(repository.place, why, lines));
  return moveWithFiles(use.checkout, { from: from.commit, to, why, lines, lfs });
}

async function moveWithFiles(
  checkout: Repository,
  {
    from,
    to,
    why,
    lines,
    lfs,
  }: { from: string; to: string; why: string; lines: readonly string[]; lfs: Lfs | undefined },
): Promise<Moved> {
  const obstacle = await moveFiles(checkout, from, to, lfs);
  if (obstacle !== undefined) return { kind: 'busy', why: obstacle, where: checkout.top };
  try {
    const set = await setRefs(checkout.place, why, lines);
    if (set.kind === 'set') return { kind: 'moved' };
    // The files went ahead of a branch that somebody moved this very moment, or holds: back with them.
    await moveFiles(checkout, to, from, lfs);
    return set.kind === 'locked'
      ? { kind: 'busy', why: lockedBy(set), where: checkout.top }
      : { kind: 'changed' };
  } catch (error) {
    // Of a git that was ended or lost nobody knows whether it has moved the branch: that is as after a kill.
    if (isAnswer(error)) await moveFiles(checkout, to, from, lfs);
    throw error;
  }
}

const isAnswer = (error: unknown): boolean =>
  error instanceof PawlError || (error instanceof GitError && error.exitCode !== undefined);

function movedBy(set: Set): Moved {
  if (set.kind === 'set') return { kind: 'moved' };
  if (set.kind === 'elsewhere') return { kind: 'changed' };
  throw new PawlError('unavailable', `${lockedBy(set)}: try again; if no git runs there, remove that file`);
}

/** Brings files that are exactly at `ahead`, where a move was cut off, to where their branch is; any others stay. */
export async function takeFilesBack(
  repository: Repository,
  ref: string,
  branch: Branch,
  ahead: string,
  lfs: Lfs | undefined,
): Promise<void> {
  const use = await useOf(repository, ref, branch.checkedOut);
  if (use.kind === 'checked_out') await moveFiles(use.checkout, ahead, branch.commit, lfs);
}

/** Removes a branch that is where it is expected, unless it is in use. */
export async function removeBranch(repository: Repository, ref: string, branch: Branch): Promise<void> {
  if (branch.checkedOut || (await useOf(repository, ref, false)).kind !== 'free') return;
  movedBy(await setRefs(repository.place, '', [`delete ${ref} ${branch.commit}`]));
}

const TRIES = 20;
const RETRY_MS = 100;

type Set =
  | { readonly kind: 'set' }
  /** One of them is not where it was expected. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'locked'; readonly file: string };

const lockedBy = ({ file }: { readonly file: string }): string => `another git holds ${file}`;

/** Compare and swap, all or none. Waits for another git that holds them. */
async function setRefs(place: GitPlace, why: string, lines: readonly string[]): Promise<Set> {
  const message = why === '' ? [] : ['-m', why];
  for (let left = TRIES; ; left -= 1) {
    try {
      await git(place, ['update-ref', ...message, '--stdin'], { input: `${lines.join('\n')}\n` });
      return { kind: 'set' };
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      const { stderr } = error;
      if (/ but expected |reference already exists|unable to resolve reference/.test(stderr))
        return { kind: 'elsewhere' };
      if (/exists; cannot create|non-empty directory/.test(stderr)) throw inTheWay(lines[0], error);
      const file = /'([^']*\.lock)': File exists/.exec(stderr)?.[1];
      if (file === undefined) throw error;
      if (left <= 1) return { kind: 'locked', file };
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
