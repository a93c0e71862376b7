/**
 * Merging on GitHub. GitHub holds the head still (`sha`) but not the base: that is looked at right before, and no other
 * task of this engine merges there meanwhile. Somebody who pushes to the base between look and merge gets the pull request merged
 * onto their commit, and the task says so.
 */
import type { Forge, MergeRequest } from '../../../activities/ports/forge-port.ts';
import { PawlError } from '../../../domain/failures.ts';
import { baseOnGitHub, foreignWork, type Reach, removeMerged } from './branch.ts';
import { Refused } from './rest-call.ts';
import { Commit, MergeResult, PullRequest } from './shapes.ts';

type Outcome = Awaited<ReturnType<Forge['merge']>>;

/** Looks that an answer is worth which says that something has changed. */
const LOOKS_MAX = 3;

export async function merge(reach: Reach, request: MergeRequest): Promise<Outcome> {
  for (let looks = 1; looks <= LOOKS_MAX; looks += 1) {
    const outcome = (await seenBefore(reach, request)) ?? (await ask(reach, request));
    if (outcome?.kind === 'merged') return asChecked(reach, request, outcome.commit);
    if (outcome !== undefined) return outcome;
  }
  throw new PawlError(
    'unavailable',
    `GitHub shows two states of pull request #${request.number}: try again in a moment`,
  );
}

/** GitHub merges onto the base as it is by then, so what came of it is told from what was checked afterwards. */
async function asChecked(reach: Reach, { task, commit }: MergeRequest, merge: string): Promise<Outcome> {
  const [merged, checked] = await Promise.all([treeOf(reach, merge), treeOf(reach, commit)]);
  if (merged === undefined || checked === undefined || merged === checked)
    return { kind: 'merged', commit: merge };
  const unchecked = `${merge.slice(0, 7)} was merged with commits that came to ${task.base} this very moment, or by somebody else: what both make together was not checked`;
  return { kind: 'merged', commit: merge, unchecked };
}

/** undefined: it cannot be told now, and the merge is made all the same. */
async function treeOf({ api }: Reach, commit: string): Promise<string | undefined> {
  const route = 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}';
  try {
    return (await api.find({ route, parameters: { commit_sha: commit }, shape: Commit }))?.tree.sha;
  } catch (error) {
    if (error instanceof PawlError && error.code === 'unavailable') return undefined;
    throw error;
  }
}

export async function readPullRequest({ api }: Reach, number: number): Promise<PullRequest | undefined> {
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
  return api.find({ route, parameters: { pull_number: number }, shape: PullRequest });
}

/** What is decided already; undefined when the merge can be asked for. */
async function seenBefore(
  reach: Reach,
  { task, number, commit, baseCommit }: MergeRequest,
): Promise<Outcome | undefined> {
  const found = await readPullRequest(reach, number);
  if (found === undefined || found.head.ref !== reach.branch) {
    throw new PawlError(
      'conflict',
      `pull request #${number} is not of task ${task.id}: publish its commit first`,
    );
  }
  const { head, base, state } = found;
  if (found.merged) {
    await removeMerged(reach, head.sha);
    return { kind: 'merged', commit: mergeCommitOf(found) };
  }
  if (state === 'closed') {
    const why = `pull request #${number} was closed without a merge: reopen it and retry, or cancel the task`;
    return { kind: 'closed', why };
  }
  if (head.sha !== commit) {
    if ((await foreignWork(reach, head.sha)) !== undefined) return { kind: 'worked_on' };
    throw new PawlError(
      'conflict',
      `pull request #${number} is about ${head.sha}, not about ${commit}: publish that commit first`,
    );
  }
  if (base.ref !== task.base) {
    throw new PawlError(
      'conflict',
      `pull request #${number} goes to ${base.ref}, not to ${task.base}: change it back`,
    );
  }
  const tip = await baseOnGitHub(reach);
  return tip === baseCommit ? undefined : { kind: 'base_moved', baseCommit: tip };
}

export function mergeCommitOf({ merge_commit_sha, head }: PullRequest): string {
  return merge_commit_sha ?? head.sha;
}

/** undefined: what GitHub says means to look again. */
async function ask(reach: Reach, request: MergeRequest): Promise<Outcome | undefined> {
  const { number, commit } = request;
  const { api, access } = reach;
  const parameters = { pull_number: number, sha: commit, merge_method: access.forge.mergeMethod };
  try {
    const route = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge';
    const { sha } = await api.call({ route, parameters, shape: MergeResult });
    await removeMerged(reach, commit);
    return { kind: 'merged', commit: sha };
  } catch (error) {
    if (error instanceof Refused) return afterRefusal(reach, request, error);
    if (!(error instanceof PawlError) || error.code !== 'unavailable') throw error;
    // The merge may have been made before the answer was lost. A base that moved otherwise is found by the next try.
    if ((await readPullRequest(reach, number))?.merged === true) return undefined;
    throw error;
  }
}

async function afterRefusal(
  reach: Reach,
  request: MergeRequest,
  error: Refused,
): Promise<Outcome | undefined> {
  // The head or the base was modified, or the pull request is merged or closed by now.
  if (error.status === 409 || error.status === 422 || error.status === 404) return undefined;
  if (error.status !== 405) throw error;
  if (/not allowed on this repository/i.test(error.said)) {
    throw new PawlError(
      'precondition',
      `${error.said}: set PAWL_GITHUB_MERGE to a method that is, for a new task`,
    );
  }
  return (await seenBefore(reach, request)) ?? { kind: 'pending', why: error.said };
}
