/** The branches of a repository on GitHub: where they are, whose work is on the task's own, moving and removing that. */
import { PawlError } from '../../../domain/failures.ts';
import { branchOf } from '../../../domain/ids.ts';
import type { TaskRef } from '../../../domain/steps.ts';
import { pushOwnContents } from '../../git/lfs-contents.ts';
import { claimMirror, placeOf } from '../../git/mirror.ts';
import { contains, objectId } from '../../git/objects.ts';
import { pushCommit } from '../../git/remote.ts';
import { ENGINE_EMAIL } from '../../git/run-git.ts';
import type { Space } from '../../git/space.ts';
import type { Environment } from '../../programs/environment.ts';
import { type Access, accessTo, remoteOf } from './hosts.ts';
import { type Api, createApi, Refused } from './rest-call.ts';
import { Commit, Nothing, Ref } from './shapes.ts';

/** One task and the way to its repository, for the length of one call of the port. */
export interface Reach {
  readonly task: TaskRef;
  /** `pawl/<task>`. */
  readonly branch: string;
  readonly access: Access;
  readonly api: Api;
}

/** @throws PawlError as `accessTo` */
export function reachOf(task: TaskRef, environment: Environment, signal?: AbortSignal): Reach {
  const access = accessTo(task, environment);
  return { task, branch: branchOf(task.id), access, api: createApi(access, signal) };
}

export async function tipOnGitHub({ api }: Reach, branch: string): Promise<string | undefined> {
  const route = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
  const found = await api.find({ route, parameters: { ref: `heads/${branch}` }, shape: Ref });
  return found?.object.sha;
}

/** @throws PawlError `precondition` when the base is gone */
export async function baseOnGitHub(reach: Reach): Promise<string> {
  const tip = await tipOnGitHub(reach, reach.task.base);
  if (tip !== undefined) return tip;
  throw new PawlError('precondition', withoutBase(reach));
}

export const withoutBase = ({ task, access: { forge } }: Reach): string =>
  `${forge.owner}/${forge.repository} has no branch ${JSON.stringify(task.base)} on GitHub: push it there, or name another base`;

/** A line about work of somebody else's on the task's branch; undefined when there is none. */
export async function foreignWork(reach: Reach, commit: string): Promise<string | undefined> {
  const { api, task, branch, access } = reach;
  const route = 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}';
  const { message, committer } = await api.call({
    route,
    parameters: { commit_sha: commit },
    shape: Commit,
  });
  const last = message.trimEnd().split('\n\n').at(-1) ?? '';
  if (committer.email === ENGINE_EMAIL && last.split('\n').includes(`Pawl-Task: ${task.id}`))
    return undefined;
  const { owner, repository } = access.forge;
  return `branch ${branch} of ${owner}/${repository} holds work that is not of this task: rename it, then retry`;
}

/** Looks first, moves the branch from exactly there, and settles what it did not hear by looking again. */
export async function push(reach: Reach, space: Space, commit: string): Promise<'pushed' | 'worked_on'> {
  const { branch, access } = reach;
  const { mirror } = space;
  const from = await tipOnGitHub(reach, branch);
  if (from === objectId(commit)) return 'pushed';
  await claimMirror(mirror);
  const isWorkedOn = async (tip: string | undefined) =>
    tip !== undefined &&
    !(await contains(placeOf(mirror), commit, tip)) &&
    (await foreignWork(reach, tip)) !== undefined;
  if (await isWorkedOn(from)) return 'worked_on';
  await pushOwnContents(space, remoteOf(access), commit);
  const refused = await settled(reach, commit, () =>
    pushCommit(mirror, remoteOf(access), { branch, from, to: commit }),
  );
  if (refused === undefined) return 'pushed';
  const now = await tipOnGitHub(reach, branch);
  if (now === commit) return 'pushed';
  if (now !== from) {
    if (await isWorkedOn(now)) return 'worked_on';
    throw new PawlError('unavailable', `branch ${branch} was moved on GitHub this very moment: try again`);
  }
  if (/stale info|fetch first|cannot lock ref/.test(refused)) {
    throw new PawlError('unavailable', `GitHub shows two states of branch ${branch}: try again`);
  }
  throw new PawlError(
    'precondition',
    `GitHub takes no push of ${branch} (${refused}): change that rule or the token, then retry`,
  );
}

async function settled(
  reach: Reach,
  commit: string,
  move: () => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await move();
  } catch (error) {
    if (!(error instanceof PawlError) || error.code !== 'unavailable') throw error;
    if ((await tipOnGitHub(reach, reach.branch)) === commit) return undefined;
    throw error;
  }
}

/** Removes the task's branch when it is where the merged pull request has it: what was put on it later stays. */
export async function removeMerged(reach: Reach, merged: string): Promise<void> {
  const { api, branch } = reach;
  if ((await tipOnGitHub(reach, branch)) !== merged) return;
  const route = 'DELETE /repos/{owner}/{repo}/git/refs/{ref}';
  try {
    await api.call({ route, parameters: { ref: `heads/${branch}` }, shape: Nothing });
  } catch (error) {
    // Gone this moment, by GitHub's own setting for merged branches; or a rule protects it, which is no fault of the merge.
    if (!(error instanceof Refused)) throw error;
  }
}
