/**
 * What people have put on a task's branch, in the user's repository or on its remote, becomes the task's change. Only what
 * stands on the change that they were shown: anything else is refused with the reason, and stays where it is.
 */

import type { TakenUp } from '../../domain/by-hand.ts';
import { driverWords } from '../../domain/conflicts.ts';
import { PawlError } from '../../domain/failures.ts';
import { branchOf } from '../../domain/ids.ts';
import { clip, LIMITS } from '../../domain/limits.ts';
import { readRef } from './distrusted-refs.ts';
import { mergeTrees, pathsOf } from './merge-trees.ts';
import { type BaseSource, placeOf, updateRefs } from './mirror.ts';
import { contains, objectId, readCommits, writeCommit } from './objects.ts';
import { git } from './run-git.ts';
import type { Space } from './space.ts';
import { holdsWork, putTip, stateOf } from './task-branch.ts';
import { checkOut } from './worktree.ts';

export interface Work {
  /** The base commit that the change is compared with. */
  readonly base: string;
  /** The task's last commit. */
  readonly head: string;
  /** Of its commits, the one that the engine has put on the branch last. */
  readonly shown: string;
}

/** Running it twice changes nothing. The workspace holds no work that is not committed. */
export async function takeUpBranch(
  space: Space,
  source: BaseSource,
  { base, head, shown }: Work,
  attributes: string | undefined,
): Promise<TakenUp> {
  const branch = branchOf(space.owner.id);
  const place = placeOf(space.mirror);
  const theirs = await source.find(branch);
  if (theirs === undefined || theirs === objectId(head)) return nothing(space, head);
  const problem = await bring(space, source, theirs, head);
  if (problem !== undefined) return refused(branch, problem);
  if (await contains(place, head, theirs)) return nothing(space, head);
  if (!(await contains(place, theirs, shown)))
    return refused(branch, `it does not stand on the change that was shown, ${shown.slice(0, 7)}`);
  const joined = await join(space, { head, theirs, branch }, attributes);
  if (typeof joined !== 'string') return refused(branch, `it conflicts with ${joined.conflict}`);
  const baseCommit = await newerBase(space, source, { base, head, joined });
  const [was, is] = await readCommits(place, [baseCommit ?? base, joined]);
  if (was?.tree === is?.tree) return refused(branch, 'nothing of the change is left on it');
  const { by, summary } = await describe(space, theirs, [head, baseCommit ?? base]);
  if (baseCommit !== undefined)
    await updateRefs(space.mirror, [{ ref: space.refs.upstream, to: baseCommit }]);
  await putTip(space, joined);
  await checkOut(space, joined);
  return { kind: 'taken', commit: joined, by, summary, ...(baseCommit === undefined ? {} : { baseCommit }) };
}

/**
 * The newest commit of the base branch that the work holds where people have merged it, since what that brings is not theirs;
 * undefined where they have not, or where the base was rewritten or has the task's work itself.
 */
async function newerBase(
  { mirror, owner }: Space,
  source: BaseSource,
  { base, head, joined }: { readonly base: string; readonly head: string; readonly joined: string },
): Promise<string | undefined> {
  const place = placeOf(mirror);
  const tip = owner.base === undefined ? undefined : await source.find(owner.base);
  if (tip === undefined || tip === base) return undefined;
  try {
    await source.bringCommit(mirror, tip, base);
  } catch (error) {
    if (error instanceof PawlError && error.code === 'precondition') return undefined;
    throw error;
  }
  const { stdout, exitCode } = await git(place, ['merge-base', tip, joined], { accept: [1] });
  const newest = stdout.toString('utf8').trim();
  if (exitCode !== 0 || newest === base || !(await contains(place, newest, base))) return undefined;
  return (await contains(place, newest, head)) ? undefined : newest;
}

/** What a try that was cut off had taken up, and people have taken back since, is not the task's any more. */
async function nothing(space: Space, head: string): Promise<TakenUp> {
  const { tip } = await stateOf(space);
  if (tip.oid !== head && !(await holdsWork(space, tip, head))) {
    await putTip(space, head);
    await checkOut(space, head);
  }
  return { kind: 'nothing' };
}

/** Whether a commit is one of the task's, or was taken up by it. */
export async function isInWork({ mirror, refs }: Space, commit: string): Promise<boolean> {
  const tip = await readRef(mirror, refs.tip);
  return tip !== undefined && contains(placeOf(mirror), tip, commit);
}

/** Answers why it cannot be had. */
async function bring(
  { mirror }: Space,
  source: BaseSource,
  theirs: string,
  head: string,
): Promise<string | undefined> {
  try {
    await source.bringCommit(mirror, theirs, head);
    return undefined;
  } catch (error) {
    if (error instanceof PawlError && error.code === 'precondition') return error.message;
    throw error;
  }
}

/** Their commit where it has all that the task has, else both merged. */
async function join(
  { mirror, state, owner }: Space,
  { head, theirs, branch }: { readonly head: string; readonly theirs: string; readonly branch: string },
  attributes: string | undefined,
): Promise<string | { readonly conflict: string }> {
  const place = placeOf(mirror);
  if (await contains(place, theirs, head)) return theirs;
  const joined = await mergeTrees({ mirror, scratch: state, attributes }, head, theirs);
  const { clean, tree, conflicts, drivers } = joined;
  if (!clean) {
    const files = pathsOf(conflicts).slice(0, LIMITS.filesNamedMax).join(', ');
    return { conflict: `what the agent has made since, in ${files}${driverWords(drivers)}` };
  }
  const commits = await readCommits(place, [head, theirs]);
  return writeCommit(place, {
    tree,
    parents: [head, theirs],
    message: `Merge what was put on ${branch}`,
    trailers: { 'Pawl-Task': owner.id },
    time: Math.max(...commits.map((commit) => commit?.time ?? 0)),
  });
}

const COMMITS_NAMED_MAX = 10;
const NAME_CHARS_MAX = 100;

/** Who made the last of their commits, and what all of them are called. */
async function describe({ mirror }: Space, theirs: string, known: readonly string[]) {
  const count = `--max-count=${COMMITS_NAMED_MAX}`;
  const args = ['log', '-z', '--format=%an%n%s', count, theirs, '--not', ...known];
  const { stdout } = await git(placeOf(mirror), args);
  const made = stdout
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .map((text) => text.split('\n'));
  const by = made[0]?.[0]?.trim() || 'somebody';
  const subjects = made.map(([, subject = '']) => subject).filter(Boolean);
  const summary = subjects.toReversed().join('; ') || 'commits without a message';
  return { by: clip(by, NAME_CHARS_MAX), summary: clip(summary, LIMITS.summaryCharsMax) };
}

const refused = (branch: string, why: string): TakenUp => ({
  kind: 'refused',
  why: `branch ${branch} was worked on, and ${why}: put your commits on top of the change, or give them another name (git branch -m), then retry`,
});
