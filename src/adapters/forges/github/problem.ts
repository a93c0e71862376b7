/** Why a task could not be delivered to GitHub, found before an agent spends money on it. Only looks. */
import { PawlError } from '../../../domain/failures.ts';
import type { ForgeChoice } from '../../../domain/task-spec.ts';
import { foreignWork, type Reach, tipOnGitHub, withoutBase } from './branch.ts';
import { endedBefore, pullRequestsOf } from './pull-requests.ts';
import { Refused } from './rest-call.ts';
import { Repository } from './shapes.ts';

/**
 * @param isPart whether a commit is part of the task's own work
 * @throws PawlError `unavailable` when GitHub cannot be asked now
 */
export async function problemOf(
  reach: () => Reach,
  isPart: (commit: string) => Promise<boolean>,
): Promise<string | undefined> {
  try {
    const reached = reach();
    return (await problemOfRepository(reached)) ?? (await problemOfBranches(reached, isPart));
  } catch (error) {
    if (error instanceof PawlError && error.code !== 'unavailable') return error.message;
    throw error;
  }
}

async function problemOfRepository({ api, access: { forge, token } }: Reach): Promise<string | undefined> {
  const name = `${forge.owner}/${forge.repository}`;
  const found = await look();
  if (typeof found === 'string') return found;
  const { full_name, archived, permissions } = found;
  if (full_name.toLowerCase() !== name.toLowerCase()) {
    return `${name} is ${full_name} now: run \`git remote set-url\` with its new address, then start a new task`;
  }
  if (archived)
    return `${name} is archived on GitHub, nobody can push to it: take it out of the archive first`;
  // What an app may do does not show here.
  if (permissions?.push === false && !token.startsWith('ghs_')) {
    return `the GitHub token may not push to ${name}: set one that may write its contents and pull requests`;
  }
  return allows(found, forge.mergeMethod)
    ? undefined
    : `${name} does not allow the merge method ${forge.mergeMethod}: set PAWL_GITHUB_MERGE to one that it allows, for a new task`;

  async function look(): Promise<Repository | string> {
    try {
      return await api.call({ route: 'GET /repos/{owner}/{repo}', shape: Repository });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return error.status === 404
        ? `the GitHub token does not see ${name}: correct the remote, or set a token that has access to it`
        : `GitHub refuses the token for ${name} (${error.said}): authorize it there, or set another`;
    }
  }
}

function allows(found: Repository, method: ForgeChoice['mergeMethod']): boolean {
  const said = {
    merge: found.allow_merge_commit,
    squash: found.allow_squash_merge,
    rebase: found.allow_rebase_merge,
  };
  return said[method] !== false;
}

async function problemOfBranches(
  reach: Reach,
  isPart: (commit: string) => Promise<boolean>,
): Promise<string | undefined> {
  const [base, tip, pullRequests] = await Promise.all([
    tipOnGitHub(reach, reach.task.base),
    tipOnGitHub(reach, reach.branch),
    pullRequestsOf(reach),
  ]);
  if (base === undefined) return withoutBase(reach);
  const ended = endedBefore(reach, pullRequests);
  // One that is where the base is has no work of its own.
  if (ended !== undefined || tip === undefined || tip === base) return ended;
  return (await isPart(tip)) ? undefined : foreignWork(reach, tip);
}
