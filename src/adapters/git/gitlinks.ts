/**
 * At which commits the submodules of a workspace are, read as files. Git itself would start another one in each of them, which
 * goes by settings of its own there, and those name programs.
 */
import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { readWhole } from '../files/atomic-file.ts';
import { folderInside, isCode, kindOf } from '../files/without-links.ts';
import { readHead, readRef } from './distrusted-refs.ts';
import { asLines, bytesOf, linesIn, textOf } from './path-bytes.ts';
import { GITLINK } from './raw-changes.ts';
import { type GitPlace, git } from './run-git.ts';

/** A submodule that the index knows. */
export interface Gitlink {
  /** As latin1. */
  readonly path: string;
  readonly oid: string;
}

/** Submodules of the index in whose place the working tree has a folder still. */
export async function gitlinkFolders(place: GitPlace): Promise<readonly Gitlink[]> {
  if (!(await mayHoldGitlink(place.env?.GIT_INDEX_FILE))) return [];
  const { stdout } = await git(place, ['ls-files', '--stage', '-z']);
  const found: Gitlink[] = [];
  for (const line of linesIn(stdout)) {
    // `<mode> <object> <stage>`, a tab, the path.
    const [, oid, path] = LINE.exec(line) ?? [];
    if (oid === undefined || path === undefined || bytesOf(textOf(path)) !== path) continue;
    if ((await folderInside(place.cwd, textOf(path))) !== undefined) found.push({ path, oid });
  }
  return found;
}

const LINE = new RegExp(`^${GITLINK} ([0-9a-f]+) \\d\\t(.*)$`, 's');

/** An index has the mode of each entry as these bytes; where there are none, no git need be asked. */
const MODE = Buffer.from([0, 0, 0xe0, 0]);

async function mayHoldGitlink(index: string | undefined): Promise<boolean> {
  if (index === undefined) return true;
  try {
    return (await readFile(index)).includes(MODE);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Puts the commits at which those submodules are by now into the index. One without a commit stays at what it was. */
export async function stageGitlinks(place: GitPlace, links: readonly Gitlink[]): Promise<void> {
  const moved: string[] = [];
  for (const { path, oid } of links) {
    const gitDir = await namedGitDir(place.cwd, textOf(path));
    const now = gitDir === undefined ? undefined : await commitIn(gitDir);
    if (now !== undefined && now !== oid) moved.push(`${GITLINK} ${now}\t${path}`);
  }
  if (moved.length > 0) await git(place, ['update-index', '-z', '--index-info'], { input: asLines(moved) });
}

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
