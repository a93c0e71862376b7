/**
 * Exactly one pull request per task. GitHub holds at most one open one per pair of branches; the rest is to look first,
 * and to look again after every answer that leaves open what has happened, because lists may be older than the answer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PullRequestRequest } from '../../../activities/ports/forge-port.ts';
import { PawlError } from '../../../domain/failures.ts';
import type { Reach } from './branch.ts';
import { Refused } from './rest-call.ts';
import { PullRequestInList } from './shapes.ts';

/** Pauses between looks for a pull request that GitHub says is there while its list does not show it yet. */
const LOOK_AGAIN_AFTER_MS = [100, 400, 1_000, 2_500];

/** A task has one; a second is there when a person closed the first, so a page is enough. */
const LISTED_MAX = 100;

/** All pull requests from the task's branch, newest first. */
export async function pullRequestsOf({ api, branch, access }: Reach): Promise<readonly PullRequestInList[]> {
  const parameters = { head: `${access.forge.owner}:${branch}`, state: 'all', per_page: LISTED_MAX };
  const listed = await api.call({
    route: 'GET /repos/{owner}/{repo}/pulls',
    parameters,
    shape: PullRequestInList.array(),
  });
  // An unknown owner makes GitHub drop the filter, and a fork may have a branch of the same name.
  const own = listed.filter(
    ({ head, base }) => head.ref === branch && head.repo?.full_name === base.repo?.full_name,
  );
  return own.sort((one, other) => other.number - one.number);
}

/** A line about an earlier pull request that is in the way of a new one; undefined when there is none. */
export function endedBefore(reach: Reach, found: readonly PullRequestInList[]): string | undefined {
  const [newest] = found;
  if (newest === undefined || found.some(({ state }) => state === 'open')) return undefined;
  const { number, merged_at } = newest;
  return merged_at === null
    ? `pull request #${number} of ${reach.branch} was closed without a merge: reopen it, or start another task`
    : `pull request #${number} of ${reach.branch} is merged: start another task`;
}

/** @throws PawlError `conflict` when the one there is was merged or closed, or goes elsewhere */
export async function ensurePullRequest(
  reach: Reach,
  request: PullRequestRequest,
): Promise<PullRequestInList> {
  const wanted = { title: request.title, body: `${request.body}\n\n${markOf(reach)}` };
  const found = await find(reach, request);
  const there = found ?? (await create(reach, request, wanted));
  if (there.state === 'closed' || says(there, wanted)) return there;
  const route = 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
  const parameters = { pull_number: there.number, ...wanted };
  return reach.api.call({ route, parameters, shape: PullRequestInList });
}

/** By which a person or a program finds the task of a pull request; pages do not show it. */
const markOf = ({ task }: Reach): string => `<!-- pawl:task=${task.id} -->`;

/** GitHub's editor writes lines that end in CR LF. */
const says = ({ title, body }: PullRequestInList, wanted: { title: string; body: string }): boolean =>
  title === wanted.title && (body ?? '').replaceAll('\r\n', '\n') === wanted.body;

async function find(
  reach: Reach,
  { task, commit }: PullRequestRequest,
): Promise<PullRequestInList | undefined> {
  const found = await pullRequestsOf(reach);
  const open = found.find(({ state }) => state === 'open');
  if (open !== undefined && open.base.ref !== task.base) {
    throw new PawlError(
      'conflict',
      `pull request #${open.number} of ${reach.branch} goes to ${open.base.ref}, not to ${task.base}: change it back, then retry`,
    );
  }
  if (open !== undefined) return open;
  // The same was asked before, and what came of it since is for the merge to tell.
  const merged = found.find(({ merged_at, head }) => merged_at !== null && head.sha === commit);
  const ended = endedBefore(reach, found);
  if (merged === undefined && ended !== undefined) throw new PawlError('conflict', ended);
  return merged;
}

async function create(
  reach: Reach,
  request: PullRequestRequest,
  wanted: { readonly title: string; readonly body: string },
): Promise<PullRequestInList> {
  const { api, branch, task } = reach;
  const parameters = { ...wanted, head: branch, base: task.base };
  const route = 'POST /repos/{owner}/{repo}/pulls';
  try {
    return await api.call({ route, parameters, shape: PullRequestInList });
  } catch (error) {
    const maybeThere = isThere(error) || (error instanceof PawlError && error.code === 'unavailable');
    if (!maybeThere) throw error;
    for (const pauseMs of LOOK_AGAIN_AFTER_MS) {
      const found = await find(reach, request);
      if (found !== undefined) return found;
      // Nothing says that there is one: then one look is enough, and the step is tried again.
      if (!isThere(error)) throw error;
      await sleep(pauseMs);
    }
    throw new PawlError(
      'unavailable',
      `GitHub has a pull request of ${branch} and does not list it yet: try again`,
      {
        cause: error,
      },
    );
  }
}

/** GitHub answers 422, forges that speak its language 409. */
const isThere = (error: unknown): boolean =>
  error instanceof Refused &&
  (error.status === 409 || (error.status === 422 && /already exists/i.test(error.said)));
