/**
 * Waits for news of a pull request by looking every now and then. Requests are conditional: while nothing changes GitHub
 * answers 304, which does not count against its limit.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PawlError, pauseMsOf } from '../../../domain/failures.ts';
import type { PullRequestNews, WatchInput } from '../../../domain/pull-request-news.ts';
import type { Reach } from './branch.ts';
import { feedbackIn, type Standing } from './feedback.ts';
import { mergeCommitOf } from './merge.ts';
import { type Answer, type Call, Refused } from './rest-call.ts';
import {
  CheckRuns,
  CombinedStatus,
  Issue,
  IssueComment,
  PullRequest,
  Review,
  ReviewComment,
} from './shapes.ts';

const PAGE = 100;
const PAGES_MAX = 30;
/** The forge would merge; or the base has moved, so that asking for the merge is what brings it on. */
const WORTH_ASKING = new Set(['clean', 'unstable', 'has_hooks', 'behind', 'dirty']);

/** @throws the reason of `signal` when that aborts; PawlError as every call of the API, with what a person can do */
export async function watch(
  reach: Reach,
  input: WatchInput,
  pollMs: number,
  signal: AbortSignal,
): Promise<PullRequestNews> {
  const read = conditional(reach);
  // Never at the first look: where GitHub calls mergeable what it does not merge, the two would chase each other.
  for (let isFirst = true; ; isFirst = false) {
    const pauseMs = await news(read, input, !isFirst).catch((error: unknown) => {
      throw inWords(error, reach, input);
    });
    if (typeof pauseMs !== 'number') return pauseMs;
    // Engines that were started together do not ask together for ever.
    const spread = 0.75 + Math.random() / 2;
    await sleep(Math.max(pollMs * spread, pauseMs), undefined, { signal });
  }
}

/** The news, or how long GitHub wants to be left alone at least. */
async function news(read: Read, input: WatchInput, mayMerge: boolean): Promise<PullRequestNews | number> {
  try {
    return (await look(read, input, mayMerge)) ?? 0;
  } catch (error) {
    const pauseMs = error instanceof PawlError ? pauseMsOf(error) : undefined;
    if (pauseMs === undefined) throw error;
    return pauseMs;
  }
}

function inWords(error: unknown, { access: { forge } }: Reach, { pullRequest }: WatchInput): unknown {
  if (!(error instanceof Refused)) return error;
  const change = `pull request #${pullRequest} of ${forge.owner}/${forge.repository}`;
  if (error.status === 404) {
    const words = `GitHub shows the token no ${change}: give it access there, or look whether the repository is gone`;
    return new PawlError('not_found', words, { cause: error });
  }
  if (error.status !== 403) return error;
  const words = `GitHub refuses the token ${change} (${error.said}): authorize it there, or set another for the engine and start it again`;
  return new PawlError('precondition', words, { cause: error });
}

async function look(read: Read, input: WatchInput, mayMerge: boolean): Promise<PullRequestNews | undefined> {
  const { pullRequest, commit, seen, until } = input;
  const parameters = { pull_number: pullRequest };
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
  const found = await read({ route, parameters, shape: PullRequest });
  if (found.merged) {
    return { kind: 'merged', commit: mergeCommitOf(found), by: found.merged_by?.login ?? 'somebody' };
  }
  if (found.state === 'closed') {
    const issue = { issue_number: pullRequest };
    const { closed_by } = await read({
      route: 'GET /repos/{owner}/{repo}/issues/{issue_number}',
      parameters: issue,
      shape: Issue,
    });
    return { kind: 'closed', by: closed_by?.login ?? 'somebody' };
  }
  const feedback = feedbackIn(await standing(read, pullRequest, commit), seen);
  if (feedback !== undefined) return { kind: 'feedback', ...feedback };
  const isMergeable = until === 'mergeable' && mayMerge && WORTH_ASKING.has(found.mergeable_state);
  return isMergeable ? { kind: 'mergeable' } : undefined;
}

async function standing(read: Read, number: number, commit: string): Promise<Standing> {
  const pull = { pull_number: number };
  const [comments, reviews, reviewComments, checkRuns, statuses] = await Promise.all([
    listed(read, {
      route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      parameters: { issue_number: number },
      shape: IssueComment.array(),
    }),
    listed(read, {
      route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
      parameters: pull,
      shape: Review.array(),
    }),
    listed(read, {
      route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments',
      parameters: pull,
      shape: ReviewComment.array(),
    }),
    ifAllowed(
      paged((page) =>
        read({
          route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
          parameters: { ref: commit, ...page },
          shape: CheckRuns,
        }).then(({ check_runs }) => check_runs),
      ),
    ),
    ifAllowed(
      paged((page) =>
        read({
          route: 'GET /repos/{owner}/{repo}/commits/{ref}/status',
          parameters: { ref: commit, ...page },
          shape: CombinedStatus,
        }).then((combined) => combined.statuses),
      ),
    ),
  ]);
  return { commit, comments, reviews, reviewComments, checkRuns, statuses };
}

/** A fine-grained token can have every right that Pawl needs and not see checks: then there are none to tell of. */
async function ifAllowed<T>(reading: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Refused && (error.status === 403 || error.status === 404)) return [];
    throw error;
  }
}

const listed = <T>(read: Read, call: Call<readonly T[]>): Promise<readonly T[]> =>
  paged((page) => read({ ...call, parameters: { ...call.parameters, ...page } }));

async function paged<T>(
  read: (page: { readonly per_page: number; readonly page: number }) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const some = await read({ per_page: PAGE, page });
    all.push(...some);
    if (some.length < PAGE) break;
  }
  return all;
}

type Read = <T>(call: Call<T>) => Promise<T>;

/** Reads what was read before from memory, as long as GitHub says that it is the same. */
function conditional({ api }: Reach): Read {
  const known = new Map<string, Answer<unknown>>();
  return async (call) => {
    const key = `${call.route} ${JSON.stringify(call.parameters)}`;
    const before = known.get(key);
    const answer = await api.changed(call, before?.etag);
    if (answer === undefined) return call.shape.parse(before?.data);
    known.set(key, answer);
    return answer.data;
  };
}
