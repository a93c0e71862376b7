/**
 * At which commits the submodules of a workspace are, read as files. Git itself would start another one in each of them, which
 * goes by settings of its own there, and those name programs.
 */
import { join, relative, resolve } from 'node:path';
import { readWhole } from '../files/atomic-file.ts';
import { folderInside, kindOf } from '../files/without-links.ts';
import { readHead, readRef } from './distrusted-refs.ts';

const DOT_GIT_BYTES_MAX = 8 * 1024;

/** Where the repository of a submodule is, as its folder says: anywhere. @param path of that folder, by no link */
async function namedGitDir(worktree: string, path: string): Promise<string | undefined> {
  const folder = await folderInside(worktree, path);
  if (folder === undefined) return undefined;
  const dotGit = join(folder, '.git');
  const kind = await kindOf(dotGit);
  if (kind?.isDirectory()) return dotGit;
  if (!kind?.isFile() || kind.size > DOT_GIT_BYTES_MAX) return undefined;
  const [, named] = /^gitdir: ([^\n]+)\n*$/.exec((await readWhole(dotGit)) ?? '') ?? [];
  return named === undefined ? undefined : resolve(folder, named);
}

/** The same where it is in its folder, or below the repository of the working tree, and by no link. */
export async function gitDirIn(worktree: string, path: string): Promise<string | undefined> {
  const named = await namedGitDir(worktree, path);
  if (named === undefined || named === join(worktree, path, '.git')) return named;
  const own = join(worktree, '.git');
  if (!named.startsWith(join(own, 'modules', '/')) || !(await kindOf(own))?.isDirectory()) return undefined;
  return folderInside(own, relative(own, named));
}

/** What is checked out in a repository; undefined where that is no commit, or a branch without one. */
export async function commitIn(gitDir: string): Promise<string | undefined> {
  const head = await readHead(gitDir);
  return typeof head === 'string' ? readRef(gitDir, head) : head?.oid;
}

/** The commit that is checked out in the repository of a folder; undefined where it has none. */
export async function commitAt(worktree: string, path: string): Promise<string | undefined> {
  const gitDir = await namedGitDir(worktree, path);
  return gitDir === undefined ? undefined : commitIn(gitDir);
}

/** One that was added properly has its repository among the modules of the one around it; a working tree has it elsewhere. */
export async function isKeptAsModule(dotGit: string): Promise<boolean> {
  const kind = await kindOf(dotGit);
  if (!kind?.isFile() || kind.size > DOT_GIT_BYTES_MAX) return false;
  return /^gitdir: (?:.*\/)?modules\/./.test((await readWhole(dotGit)) ?? '');
}
