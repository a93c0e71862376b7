/**
 * The work of a task's runs before this one: the next run goes on from the latest of it, or gives all of it names of its own,
 * because the task's branch becomes another run's.
 */
import type { Kept, Resumed } from '../../activities/ports/workspaces-port.ts';
import { inConflict } from '../../domain/conflicts.ts';
import { PawlError } from '../../domain/failures.ts';
import type { TaskRef } from '../../domain/steps.ts';
import type { Repository } from '../repository/find-repository.ts';
import { isBranchOfTask, standsOnWork } from './branches.ts';
import { readRef } from './distrusted-refs.ts';
import { exportAll, keptRef, workBaseRef, workRef } from './kept-work.ts';
import { placeOf, updateRefs } from './mirror.ts';
import { bringObjects, contains } from './objects.ts';
import { readBranches } from './plain-refs.ts';
import { git } from './run-git.ts';
import type { Space } from './space.ts';
import type { Left } from './taken-commits.ts';
import { mergeInto, putTip, stateOf } from './task-branch.ts';

/** What is not in the base, and not in the latest of it. */
interface Earlier {
  readonly latest: string | undefined;
  readonly others: readonly string[];
}

const ofRunBefore = (oid: string): Left => ({ oid, holds: 'the run before' });

/**
 * Gives the work of the runs before a name of its own, but for what this one goes on from. Running it twice changes nothing.
 * @param goesOn whether the run goes on from the latest of it
 */
export async function keepEarlier(
  space: Space,
  repository: Repository,
  baseCommit: string,
  goesOn: boolean,
): Promise<readonly Kept[]> {
  const { latest, others } = await earlierWork(space, repository, baseCommit);
  const named = goesOn || latest === undefined ? others : [latest, ...others];
  const kept = await exportAll(space, repository, named.map(ofRunBefore));
  if (goesOn && latest !== undefined) {
    await updateRefs(space.mirror, [{ ref: workRef(space), to: latest }]);
    return kept;
  }
  const before = await readRef(space.mirror, workRef(space));
  if (before !== undefined) {
    const inMirror = named.includes(before) ? [{ ref: keptRef(space, before), to: before }] : [];
    const gone = [workRef(space), workBaseRef(space)].map((ref) => ({ ref, to: undefined }));
    await updateRefs(space.mirror, [...inMirror, ...gone]);
  }
  return kept;
}

/**
 * What is on another branch of the repository counts as the task's earlier work, where it has none of its own. Running it twice
 * changes nothing. @throws PawlError `precondition` where there is no such branch
 */
export async function takeOver(
  space: Space,
  repository: Repository,
  baseCommit: string,
  branch: string,
): Promise<void> {
  if ((await readRef(space.mirror, workRef(space))) !== undefined) return;
  const ref = `refs/heads/${branch}`;
  const found = (await readBranches(repository, [ref])).get(ref);
  if (found === undefined)
    throw new PawlError('precondition', `expected the branch ${branch} in ${repository.top}, found none`);
  const transfer = { from: repository.place, to: placeOf(space.mirror), distrusted: true };
  await bringObjects(transfer, found.commit, [baseCommit]);
  await updateRefs(space.mirror, [{ ref: workRef(space), to: found.commit }]);
}

async function earlierWork(space: Space, repository: Repository, baseCommit: string): Promise<Earlier> {
  const { place } = repository;
  const [kept, onBranch] = await Promise.all([
    readRef(space.mirror, workRef(space)),
    onOwnBranch(space, repository, baseCommit),
  ]);
  const found = [onBranch, kept].filter((oid) => oid !== undefined);
  const open: string[] = [];
  for (const oid of new Set(found)) if (!(await contains(place, baseCommit, oid))) open.push(oid);
  const [first, second] = open;
  if (first === undefined || second === undefined) return { latest: first, others: [] };
  // What people have put on top of the work goes with it.
  if (await contains(place, first, second)) return { latest: first, others: [] };
  return { latest: second, others: [first] };
}

/** What the engine has left as the task's branch, with what people have put on it; undefined for somebody else's. */
async function onOwnBranch(
  { owner, refs, mirror }: Space,
  repository: Repository,
  baseCommit: string,
): Promise<string | undefined> {
  const { commonDir, place } = repository;
  if ((await readRef(commonDir, refs.branch)) === undefined) return undefined;
  const branch = (await readBranches(repository, [refs.branch])).get(refs.branch);
  if (branch === undefined) return undefined;
  const isOurs = isBranchOfTask(branch, owner.id);
  if (!isOurs && !(await standsOnWork(place, branch, owner.id, baseCommit))) return undefined;
  await bringObjects({ from: place, to: placeOf(mirror), distrusted: true }, branch.commit, [baseCommit]);
  return branch.commit;
}

/**
 * Makes the latest work of the runs before the task's change so far, on the base as it is now. Where both conflict, the
 * workspace holds markers as after each merge of a base. Running it twice changes nothing.
 * @param attributes of the person's clone
 */
export async function goOn(
  space: Space<TaskRef>,
  repository: Repository,
  attributes: string | undefined,
): Promise<Resumed | undefined> {
  const head = await readRef(space.mirror, workRef(space));
  if (head === undefined) return undefined;
  const { base, tip } = await stateOf(space);
  const from = (await readRef(space.mirror, workBaseRef(space))) ?? (await pastOf(space, head, base.oid));
  if (from === undefined) {
    const kept = await exportAll(space, repository, [ofRunBefore(head)]);
    return { kind: 'unrelated', commit: head, kept };
  }
  if (tip.oid === base.oid) await putTip(space, head);
  const joined = await mergeInto(space, { head, from, base: base.oid, attributes });
  // Nothing that comes then stands on it.
  const left = joined.rewritten ? [ofRunBefore(head)] : [];
  const kept = await exportAll(space, repository, left);
  return joined.kind === 'merged'
    ? { kind: 'resumed', commit: joined.commit, kept }
    : { kind: 'conflict', commit: head, ...inConflict(joined.files, joined.drivers), kept };
}

async function pastOf({ mirror }: Space, head: string, base: string): Promise<string | undefined> {
  const { stdout, exitCode } = await git(placeOf(mirror), ['merge-base', head, base], { accept: [1] });
  return exitCode === 0 ? stdout.toString('utf8').trim() : undefined;
}
