/**
 * What must become of a plan, by git itself: the agent's edits committed in a working tree of the same repository, and
 * merged there with what the base is by then. Pawl's code has no part in it.
 */
import { rmSync } from 'node:fs';
import { join, posix } from 'node:path';
import { scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { applyEdits } from '../fixtures/agents/apply-edits.mjs';
import { commitAll } from './make.ts';
import type { Plan } from './plan.ts';

export type Verdict =
  | { readonly kind: 'no change' }
  | { readonly kind: 'conflict' }
  /** What lies outside would be part of what is checked and merged. */
  | { readonly kind: 'a link leads out' }
  | { readonly kind: 'merged'; readonly tree: string };

/**
 * @param from the base's commit when the task began
 * @param tip where the base is when it is merged
 */
export function judge(plan: Plan, repository: string, from: string, tip: string): Verdict {
  const folder = join(scratchFolder('judge'), 'tree');
  userGit(repository, 'worktree', 'add', '-q', '--detach', folder, from);
  try {
    applyEdits(folder, plan.agent);
    const work = commitAll(folder, 'work');
    if (treeOf(folder, work) === treeOf(folder, from)) return { kind: 'no change' };
    if (hasLinkOut(folder, from, work)) return { kind: 'a link leads out' };
    userGit(folder, 'checkout', '-q', '--force', '--detach', tip);
    // Of a base that has lost what the change stands on, only the change itself is carried over.
    const merge = isIn(folder, from, tip)
      ? ['merge', '-q', '--no-ff', '--no-edit', work]
      : ['cherry-pick', '--allow-empty', '--keep-redundant-commits', work];
    return succeeds(folder, ...merge)
      ? { kind: 'merged', tree: treeOf(folder, 'HEAD') }
      : { kind: 'conflict' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    userGit(repository, 'worktree', 'prune');
  }
}

const LINK = '120000';

/** Whether the change brings a link whose target is not in the repository. */
function hasLinkOut(folder: string, from: string, work: string): boolean {
  const fields = userGit(folder, 'diff-tree', '-r', '-z', '--no-renames', from, work).split('\0');
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode, , oid = ''] = fields[at]?.split(' ') ?? [];
    const path = fields[at + 1] ?? '';
    if (mode !== LINK) continue;
    const target = posix.join(posix.dirname(path), userGit(folder, 'cat-file', 'blob', oid));
    if (target === '..' || target.startsWith('../')) return true;
  }
  return false;
}

export const treeOf = (folder: string, commit: string): string =>
  userGit(folder, 'rev-parse', `${commit}^{tree}`);
const isIn = (folder: string, commit: string, tip: string): boolean =>
  succeeds(folder, 'merge-base', '--is-ancestor', commit, tip);

function succeeds(folder: string, ...args: readonly string[]): boolean {
  try {
    userGit(folder, ...args);
    return true;
  } catch (error) {
    // 1: the answer is no, or there are conflicts.
    if (error instanceof Error && 'status' in error && error.status === 1) return false;
    throw error;
  }
}
