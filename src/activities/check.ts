/** The step that checks a task's commit (`check-commit.ts`), which is what its next attempt goes on from. */
import type { CheckInput, CheckReport } from '../domain/steps.ts';
import { type CommitCheckDeps, checkCommit, problemOfCommit } from './check-commit.ts';
import type { ActivityDeps } from './deps.ts';
import type { Running } from './running.ts';

export type CheckDeps = Omit<CommitCheckDeps, 'commits'> & Pick<ActivityDeps, 'workspaces'>;

export async function runChecks(
  deps: CheckDeps,
  { task, ...input }: CheckInput,
  { signal }: Pick<Running, 'signal'>,
): Promise<CheckReport> {
  const { commit } = input;
  const checks = { owner: task, ...input };
  const withCommits = { ...deps, commits: deps.workspaces };
  const problem = await problemOfCommit(withCommits, checks);
  if (problem !== undefined) return { commit, evidence: [], problem };
  if (input.checks.length === 0) return { commit, evidence: [] };
  // The next attempt goes on from what was checked, whatever a program of the last one has written since.
  await deps.workspaces.restore(task, commit);
  return { commit, evidence: await checkCommit(withCommits, checks, signal) };
}
