/** Whether the project's repository is in a guaranteed state, by what is known of it without asking a remote. Pure. */
import { clip } from '../limits.ts';
import type { GIT_STATES } from '../loops/guarantees.ts';
import type { GitFacts } from './guarantee-facts.ts';

/** undefined where it is */
export function gitProblem(state: (typeof GIT_STATES)[number], git: GitFacts): string | undefined {
  const { uncommitted, untracked } = git;
  switch (state) {
    case 'no_uncommitted':
      return problemWithFiles('no change that is not committed', uncommitted);
    case 'worktree_clean':
      return problemWithFiles('nothing that is not committed or ignored', [...uncommitted, ...untracked]);
    case 'no_unpushed':
      return problemWithUnpushed(git);
    case 'branch_pushed':
      return problemWithBranch(git);
    default:
      return state satisfies never;
  }
}

const SHOWN_MAX = 5;

function problemWithFiles(expected: string, paths: readonly string[]): string | undefined {
  if (paths.length === 0) return undefined;
  const shown = paths.slice(0, SHOWN_MAX).map((path) => clip(path, 80));
  const more = paths.length > SHOWN_MAX ? ` and ${paths.length - SHOWN_MAX} more` : '';
  return `expected ${expected}, found ${shown.join(', ')}${more}`;
}

function problemWithUnpushed({ knowsRemote, unpushed }: GitFacts): string | undefined {
  const expected = 'expected every commit to be on a remote';
  if (!knowsRemote) return `${expected}, found no branch of a remote: add one and push`;
  if (unpushed === 0) return undefined;
  return `${expected}, found ${unpushed} ${unpushed === 1 ? 'commit' : 'commits'} that none is known to have: push`;
}

function problemWithBranch({ branch, tracking }: GitFacts): string | undefined {
  if (branch === undefined)
    return 'expected a branch that is pushed, found no branch checked out: check one out and push it';
  const expected = `expected ${clip(branch, 100)} to be on a remote with the commit that was looked at`;
  if (tracking.some(({ hasCommit }) => hasCommit)) return undefined;
  const [first] = tracking;
  if (first === undefined) return `${expected}, found no such branch of a remote: push it`;
  return `${expected}, found that ${clip(first.ref, 100)} does not have it: push`;
}
