/** One task's worktree as the engine sees it: where it is, its refs, and reading and writing trees of it. */
import { randomUUID } from 'node:crypto';
import { copyFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { branchOf } from '../../domain/ids.ts';
import type { TaskRef } from '../../domain/steps.ts';
import { GitError, type GitPlace, git, gitLine } from './git.ts';
import { type Mirror, mirrorOf } from './mirror.ts';

export interface Worktree {
  readonly mirror: Mirror;
  readonly path: string;
  /** The worktree's own folder in the mirror: its index, its HEAD and the engine's notes. */
  readonly admin: string;
  /** The worktree's git, whatever its `.git` file says by now. */
  readonly place: GitPlace;
  /** The branch that the agent sees and may move. */
  readonly branch: string;
  /** The last commit that the engine itself made or took: what the next one stands on. */
  readonly tip: string;
}

export function worktreeOf(
  places: { readonly mirrors: string; readonly workspaces: string },
  task: TaskRef,
): Worktree {
  const mirror = mirrorOf(places.mirrors, task.repository);
  const path = join(places.workspaces, task.id);
  const admin = join(mirror.gitDir, 'worktrees', task.id);
  return {
    mirror,
    path,
    admin,
    place: { cwd: path, gitDir: admin, workTree: path },
    branch: `refs/heads/${branchOf(task.id)}`,
    tip: `refs/pawl/tips/${task.id}`,
  };
}

export const isThere = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined;

/** A killed git leaves its lock; the engine calls only while no agent works, so nobody else can hold it. */
export const unlockIndex = ({ admin }: Worktree): Promise<void> =>
  rm(join(admin, 'index.lock'), { force: true });

/**
 * The tree of everything not ignored, by an index of its own, so that the agent's stays as it is.
 * @param keep called with that index before it is removed
 */
export async function writeTree(
  worktree: Worktree,
  keep?: (index: string, tree: string) => Promise<void>,
): Promise<string> {
  const index = join(worktree.admin, `pawl-index-${randomUUID()}`);
  const environment = { GIT_INDEX_FILE: index };
  try {
    // A copy knows which files are unchanged since they were last read.
    await copyFile(join(worktree.admin, 'index'), index).catch(ignoreMissing);
    await addAll(worktree, environment);
    const tree = await gitLine(worktree.place, ['write-tree'], { environment });
    await keep?.(index, tree);
    return tree;
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}

const NESTED_MAX = 50;

/** A git repository without a commit that an agent left inside cannot be added; everything around it can. */
async function addAll({ place }: Worktree, environment: Record<string, string>): Promise<void> {
  const without: string[] = [];
  for (;;) {
    const paths =
      without.length === 0 ? ['.'] : ['.', ...without.map((path) => `:(exclude,top,literal)${path}`)];
    // Excluding needs pathspec magic, which is off everywhere else.
    const magic = without.length === 0 ? {} : { GIT_LITERAL_PATHSPECS: '0' };
    try {
      await git(place, ['add', '--all', '--', ...paths], { environment: { ...environment, ...magic } });
      return;
    } catch (error) {
      const [, nested] =
        error instanceof GitError ? (/'(.*)\/' does not have a commit/.exec(error.words) ?? []) : [];
      if (nested === undefined || without.length >= NESTED_MAX) throw error;
      without.push(nested);
    }
  }
}

/** Makes an index the worktree's own and HEAD the task's branch, as after a commit by hand. */
export async function adoptIndex(worktree: Worktree, index: string): Promise<void> {
  await git(worktree.place, ['symbolic-ref', 'HEAD', worktree.branch]);
  await rename(index, join(worktree.admin, 'index'));
}

/** Moves the branch and the engine's tip together. */
export async function moveTip({ mirror, branch, tip }: Worktree, commit: string): Promise<void> {
  const input = `update ${branch} ${commit}\nupdate ${tip} ${commit}\n`;
  await git(mirror.place, ['update-ref', '--stdin', '-m', 'pawl'], { input });
}

/** A ref's commit; undefined where there is no such ref. */
export async function readRef({ place }: Pick<Mirror, 'place'>, ref: string): Promise<string | undefined> {
  const { code, out } = await git(place, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], {
    answers: [1],
  });
  return code === 0 ? out.trim() : undefined;
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
}
