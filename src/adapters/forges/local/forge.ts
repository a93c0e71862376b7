/**
 * The forge `local`: pull requests kept by Pawl, branches and merges in the user's own repository. Nothing leaves the
 * machine. The parts are in the files beside this one.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Forge, PullRequestRequest } from '../../../activities/ports/forge-port.ts';
import { PawlError } from '../../../domain/failures.ts';
import { branchOf, TaskId } from '../../../domain/ids.ts';
import type { TaskRef } from '../../../domain/steps.ts';
import { lock } from '../../files/file-lock.ts';
import { isBranchOfTask } from '../../git/branches.ts';
import { keptBranches } from '../../git/kept-work.ts';
import { giveContents } from '../../git/lfs-contents.ts';
import { claimMirror, placeOf, repositoryKey } from '../../git/mirror.ts';
import { bringObjects, contains, objectId } from '../../git/objects.ts';
import { readBranches } from '../../git/plain-refs.ts';
import { lfsOf, type SpacePlaces, spaceOf } from '../../git/space.ts';
import { openRepository, type Repository } from '../../repository/find-repository.ts';
import { endBegun, type Merging, mergeOnce, type Outcome } from './merge.ts';
import { type Moved, moveBranch } from './move-branch.ts';
import { problemOf } from './problem.ts';
import {
  findPullRequest,
  type KeptPullRequest,
  pathOfPullRequest,
  writePullRequest,
} from './pull-request-files.ts';

export interface ForgePlaces extends SpacePlaces {
  readonly locks: string;
  readonly pullRequests: string;
}

/** Every call may be cut off anywhere and made again, also by another process, and by several at once. */
export function createLocalForge(places: ForgePlaces): Forge {
  const folderOf = (task: TaskRef): string => join(places.pullRequests, repositoryKey(task.repository));
  /** Numbers and merges of one repository come one after the other. */
  const alone = async <T>(task: TaskRef, work: () => Promise<T>): Promise<T> => {
    const held = await lock(join(places.locks, `repository-${repositoryKey(task.repository)}`));
    try {
      return await work();
    } finally {
      held.release();
    }
  };
  return {
    problem: problemOf,
    async push(task, commit) {
      const space = spaceOf(places, task);
      const { mirror, refs } = space;
      const repository = await openRepository(task.repository);
      const look = async () => (await readBranches(repository, [refs.branch])).get(refs.branch);
      const branch = await look();
      if (branch?.commit === objectId(commit)) return 'pushed';
      // What the engine has put on a branch of its name it may replace; what a person did there it may not.
      if (branch !== undefined && !isBranchOfTask(branch, task.id)) {
        // Somebody has gone on from there, perhaps after a try of the same push: it is reachable, and their work stays.
        if (await contains(repository.place, branch.commit, commit)) return 'pushed';
        if (!(await isKeptBy({ repository, mirror, task }, branch.commit, commit))) return 'worked_on';
      }
      await claimMirror(mirror);
      const transfer = { from: placeOf(mirror), to: repository.place, distrusted: true };
      await bringObjects(transfer, commit, [refs.base]);
      await giveContents(space, repository, commit);
      const move = { ref: refs.branch, from: branch, to: commit, why: 'pawl: push', lfs: lfsOf(space) };
      const moved = await moveBranch(repository, move);
      // Another try of the same push may have been faster.
      if (moved.kind !== 'moved' && (await look())?.commit !== commit) throw notPushed(task, moved);
      return 'pushed';
    },
    ensurePullRequest: (request) =>
      alone(request.task, async () => {
        const folder = folderOf(request.task);
        const { kept, nextNumber } = await findPullRequest(folder, request.task.id);
        const next = keptPullRequestOf(request, kept, nextNumber);
        if (next !== kept) await writePullRequest(folder, next);
        return { number: next.number, url: pathToFileURL(pathOfPullRequest(folder, next)).href };
      }),
    merge: (request) =>
      alone(request.task, async () => {
        const { task, number, commit } = request;
        const folder = folderOf(task);
        const { kept } = await findPullRequest(folder, task.id);
        if (kept?.number !== number || kept.commit !== objectId(commit)) {
          throw new PawlError(
            'conflict',
            `pull request #${number} is not about ${commit}: publish that commit first`,
          );
        }
        const space = spaceOf(places, task);
        const repository = await openRepository(task.repository);
        const merging = { repository, space, request, kept };
        return kept.merged === undefined ? mergeFirst(folder, merging) : { kind: 'merged', ...kept.merged };
      }),
    watch: async ({ task }) => {
      throw new TypeError(
        `nobody but Pawl changes a local pull request: task ${task.id} need not be watched`,
      );
    },
  };
}

async function mergeFirst(folder: string, merging: Merging): Promise<Outcome> {
  await claimMirror(merging.space.mirror);
  const outcome = await mergeOnce(merging);
  await endBegun(merging);
  if (outcome.kind !== 'merged') return outcome;
  const { kind: _, ...merged } = outcome;
  await writePullRequest(folder, { ...merging.kept, merged });
  return outcome;
}

/** Whether nothing is lost where the branch goes from there to `commit`: it stands on that, or another branch is kept there. */
async function isKeptBy(
  { repository, mirror, task }: { repository: Repository; mirror: string; task: TaskRef },
  from: string,
  commit: string,
): Promise<boolean> {
  if (await contains(placeOf(mirror), commit, from)) return true;
  return (await keptBranches(repository, TaskId.parse(task.id))).some(({ oid }) => oid === from);
}

/** The pull request as the request wants it; the very same object when it is so already. */
function keptPullRequestOf(
  { task, key, commit, title, body }: PullRequestRequest,
  kept: KeptPullRequest | undefined,
  nextNumber: number,
): KeptPullRequest {
  objectId(commit);
  if (kept?.merged !== undefined && kept.commit !== commit) {
    throw new PawlError(
      'conflict',
      `pull request #${kept.number} of task ${task.id} is merged: start another task`,
    );
  }
  if (kept?.key === key && kept.commit === commit && kept.title === title && kept.body === body) return kept;
  if (kept?.merged !== undefined) return kept;
  const now = new Date().toISOString();
  return {
    number: kept?.number ?? nextNumber,
    task: task.id,
    repository: task.repository,
    base: task.base,
    branch: branchOf(task.id),
    commit,
    title,
    body,
    key,
    createdAt: kept?.createdAt ?? now,
    updatedAt: kept?.commit === commit ? kept.updatedAt : now,
  };
}

const notPushed = (task: TaskRef, moved: Exclude<Moved, { kind: 'moved' }>): PawlError =>
  moved.kind === 'busy'
    ? new PawlError(
        'conflict',
        `branch ${branchOf(task.id)} cannot be moved where it is checked out, because ${moved.why}: change that or switch branches, then retry`,
      )
    : new PawlError('unavailable', `branch ${branchOf(task.id)} was moved this very moment: try again`);
