/** Merging a pull request: the merge commit is made in the mirror, brought to the user's repository, then the base moves. */
import type { Forge, MergeRequest } from '../../../activities/ports/forge-port.ts';
import { PawlError } from '../../../domain/failures.ts';
import { branchOf } from '../../../domain/ids.ts';
import { clip } from '../../../domain/limits.ts';
import type { TaskRef } from '../../../domain/steps.ts';
import { type Branch, isBranchOfTask } from '../../git/branches.ts';
import { readRef } from '../../git/distrusted-refs.ts';
import { giveContents } from '../../git/lfs-contents.ts';
import { fetchedRef, placeOf, updateRefs } from '../../git/mirror.ts';
import { bringObjects, contains, type NewCommit, readCommits, writeCommit } from '../../git/objects.ts';
import { readBranches } from '../../git/plain-refs.ts';
import { git } from '../../git/run-git.ts';
import { lfsOf, type Space } from '../../git/space.ts';
import { baseTipOf, type Repository } from '../../repository/find-repository.ts';
import { type Busy, moveBranch, removeBranch, takeFilesBack } from './move-branch.ts';
import type { KeptPullRequest } from './pull-request-files.ts';
import { takeCommand } from './take-command.ts';

export interface Merging {
  readonly repository: Repository;
  readonly space: Space;
  readonly request: MergeRequest;
  readonly kept: KeptPullRequest;
}
export type Outcome = Exclude<Awaited<ReturnType<Forge['merge']>>, { kind: 'pending' }>;

/** Only under the repository's lock. Looks first, so that it may be cut off anywhere and run again. */
export async function mergeOnce(merging: Merging): Promise<Outcome> {
  const { repository, space, request } = merging;
  const { mirror } = space;
  const { task, commit, baseCommit } = request;
  const [baseRef, branchRef] = [`refs/heads/${task.base}`, `refs/heads/${branchOf(task.id)}`];
  const branches = await readBranches(repository, [baseRef, branchRef, keptRef(task)]);
  const base = branches.get(baseRef) ?? {
    commit: await baseTipOf(repository, task.base),
    committerEmail: '',
    checkedOut: false,
  };
  const branch = branches.get(branchRef);
  const kept = branches.get(keptRef(task));
  const isWorkedOn = await holdsMore(merging, branch);
  if (base.commit !== baseCommit) {
    const earlier = await mergeIn(repository, base.commit, commit);
    if (earlier === undefined) return isWorkedOn ? { kind: 'worked_on' } : movedBefore(merging, base);
    await removeMerged(merging, branch);
    await removeKept(merging, kept);
    return { kind: 'merged', commit: earlier };
  }
  if (isWorkedOn) return { kind: 'worked_on' };
  const made = await makeMerge(merging, branch?.commit === commit);
  // The base comes into the change first, and what that makes is checked.
  if (made === undefined) return { kind: 'base_moved', baseCommit };
  const { merge, isThere } = made;
  await takeOthersBack(merging, base, merge);
  const transfer = { from: placeOf(mirror), to: repository.place, distrusted: true };
  const known = [baseCommit, ...(branch?.commit === commit ? [commit] : [])];
  await Promise.all([
    isThere ? undefined : bringObjects(transfer, merge, known),
    // What was made in the mirror need not be brought there for the next task.
    updateRefs(
      mirror,
      [fetchedRef(task.base), begunRef(task.base)].map((ref) => ({ ref, to: merge })),
    ),
  ]);
  await expectChecked(merging, merge);
  await giveContents(space, repository, merge);
  const why = `pawl: merge pull request #${request.number}`;
  // The branch is part of the base then. One that somebody has worked on since, or has checked out, stays.
  const isDone = branch?.commit === commit && !branch.checkedOut;
  const without = isDone ? { ref: branchRef, commit } : undefined;
  const moved = await moveBranch(repository, {
    ref: baseRef,
    from: base,
    to: merge,
    why,
    without,
    lfs: lfsOf(space),
  });
  if (moved.kind === 'busy') return keep(merging, merge, moved);
  if (moved.kind === 'changed') return movedMeanwhile(merging);
  await removeKept(merging, kept);
  return { kind: 'merged', commit: merge };
}

/** Whether people have put something on the task's branch that is not in what is to be merged. */
async function holdsMore({ repository, request }: Merging, branch: Branch | undefined): Promise<boolean> {
  const { task, commit } = request;
  if (branch === undefined || branch.commit === commit || isBranchOfTask(branch, task.id)) return false;
  return !(await contains(repository.place, commit, branch.commit));
}

/** A try that was cut off between the files and the base has left the files ahead of where the base is now: back with them. */
async function movedBefore(merging: Merging, base: Branch): Promise<Outcome> {
  const { repository, request } = merging;
  const made = base.checkedOut ? await makeMerge(merging, false) : undefined;
  const [brought] = made === undefined ? [] : await readCommits(repository.place, [made.merge]);
  if (brought !== undefined)
    await takeFilesBack(
      repository,
      `refs/heads/${request.task.base}`,
      base,
      brought.oid,
      lfsOf(merging.space),
    );
  return { kind: 'base_moved', baseCommit: base.commit };
}

/** The merge into a base that was begun and of which nobody knows what came of it, whichever task's it is. */
const begunRef = (base: string): string => `refs/pawl/begun/${encodeURIComponent(base)}`;

/**
 * What came of it is known. From then on a base without the merge, and files that have it, are how the person wants them: they have
 * taken the merge back, and kept what it brought to go on with.
 */
export const endBegun = ({ space, request }: Merging): Promise<void> =>
  updateRefs(space.mirror, [{ ref: begunRef(request.task.base), to: undefined }]);

/** The same for the merge of another task, which may be done again later than this one. */
async function takeOthersBack(
  { repository, space, request }: Merging,
  base: Branch,
  merge: string,
): Promise<void> {
  const { mirror } = space;
  const begun = await readRef(mirror, begunRef(request.task.base));
  if (begun === undefined || begun === base.commit || begun === merge || !base.checkedOut) return;
  // Where the user's repository does not have it (it was made anew), none of its files is from it.
  const [other] = await readCommits(repository.place, [begun]);
  if (other?.parents[0] === base.commit)
    await takeFilesBack(repository, `refs/heads/${request.task.base}`, base, other.oid, lfsOf(space));
}

async function movedMeanwhile({ repository, request: { task, baseCommit } }: Merging): Promise<Outcome> {
  const now = await baseTipOf(repository, task.base);
  if (now !== baseCommit) return { kind: 'base_moved', baseCommit: now };
  throw new PawlError('unavailable', `branch ${branchOf(task.id)} was moved this very moment: try again`);
}

/** After a merge by hand, or a try that was cut off between the base and its branch. */
async function removeMerged({ repository, request }: Merging, branch: Branch | undefined): Promise<void> {
  if (branch?.commit !== request.commit) return;
  await removeBranch(repository, `refs/heads/${branchOf(request.task.id)}`, branch);
}

/** What a try that was cut off has kept for the user, whose files are not in the way any more. */
async function removeKept({ repository, request }: Merging, kept: Branch | undefined): Promise<void> {
  if (kept !== undefined) await removeBranch(repository, keptRef(request.task), kept);
}

/** The commit by which `commit` came into the base, by an earlier try or by hand; undefined when it is not in it. */
async function mergeIn({ place }: Repository, tip: string, commit: string): Promise<string | undefined> {
  if (!(await contains(place, tip, commit))) return undefined;
  const walk = ['rev-list', '--first-parent', '--parents', tip, `^${commit}`];
  const lines = (await git(place, walk)).stdout.toString('utf8').split('\n').filter(Boolean);
  const found = lines.map((line) => line.split(' ')).find(([, , ...others]) => others.includes(commit));
  return found?.[0] ?? (lines.length === 0 ? commit : tip);
}

/**
 * The same merge commit every time: who, when and what all stand in the kept pull request and the parents. Where the user's
 * repository has all that it consists of, it is made there as well.
 * @param isPushed whether the user's repository has the commit that is merged
 * @returns undefined where the commit does not stand on the base: what that merge would hold nobody has checked
 */
async function makeMerge(merging: Merging, isPushed: boolean) {
  const { space, repository, request, kept } = merging;
  const { task, commit, baseCommit, number, key } = request;
  const place = placeOf(space.mirror);
  const [ours, theirs] = await readCommits(place, [baseCommit, commit]);
  if (ours === undefined || theirs === undefined) {
    throw new PawlError(
      'not_found',
      `the commits of task ${task.id} are not in its mirror: run the task again`,
    );
  }
  const stands = theirs.parents.includes(ours.oid);
  if (!stands && !(await contains(place, commit, baseCommit))) return undefined;
  const joined: NewCommit = {
    tree: theirs.tree,
    parents: [baseCommit, commit],
    message: `Merge pull request #${number}: ${kept.title}`,
    trailers: { 'Pawl-Task': task.id, 'Pawl-Effect': key },
    time: Math.max(Math.floor(Date.parse(kept.updatedAt) / 1_000), ours.time, theirs.time),
  };
  const [merge, there] = await Promise.all([
    writeCommit(place, joined),
    isPushed && stands ? writeCommit(repository.place, joined) : undefined,
  ]);
  // A repository may want its commits in another encoding: then it gets the one of the mirror.
  return { merge, isThere: merge === there };
}

/** The last look before the base moves: it gets exactly the tree that was checked and approved, or stays where it is. */
async function expectChecked({ repository, request }: Merging, merge: string): Promise<void> {
  const { commit, task } = request;
  const [made, checked] = await readCommits(repository.place, [merge, commit]);
  if (made !== undefined && made.tree === checked?.tree) return;
  throw new PawlError(
    'internal',
    `the merge ${merge} does not hold what was checked in ${commit}: ${task.base} was not moved. This is a fault of Pawl's own, please report it`,
  );
}

const keptRef = ({ id }: TaskRef): string => `refs/pawl/${id}`;

/** For history, which holds what is bounded. */
const REASON_CHARS_MAX = 500;

/** The user's files are in the way: the merge waits under a ref of its own for the user to take it. */
async function keep({ repository, request }: Merging, merge: string, busy: Busy): Promise<Outcome> {
  await git(repository.place, ['update-ref', keptRef(request.task), merge]);
  return {
    kind: 'merged',
    commit: merge,
    takeCommand: await takeCommand(busy.where, request.baseCommit, merge),
    takeReason: clip(busy.why, REASON_CHARS_MAX),
  };
}
