/**
 * A sparse checkout that an agent makes in its workspace leaves files out of the worktree, and deletes none: they stay what they
 * are. Only its own index tells them from those that it has removed.
 */
import { join } from 'node:path';
import { kindOf } from '../files/without-links.ts';
import { askAgentIndex } from './agent-index.ts';
import { asLines, linesIn, textOf } from './path-bytes.ts';
import { type GitPlace, git, gitLine } from './run-git.ts';
import { gitDirOf, type Space } from './space.ts';

/** Of a staged tree: the one with what was left out, as it is in `parent`. Leaves it in the index. */
export async function withLeftOut(
  space: Space,
  place: GitPlace,
  staged: string,
  parent: string,
): Promise<string> {
  const paths = new Set(await leftOutOf(space));
  if (paths.size === 0) return staged;
  // `<mode> <type> <object>`, a tab, the path: as the index takes it.
  const { stdout } = await git(place, ['ls-tree', '-r', '--full-tree', '-z', parent]);
  const entries = linesIn(stdout).filter((line) => paths.has(line.slice(line.indexOf('\t') + 1)));
  if (entries.length === 0) return staged;
  await git(place, ['update-index', '-z', '--add', '--index-info'], { input: asLines(entries) });
  return gitLine(place, ['write-tree']);
}

/** Paths, as latin1, that the agent's index has, but not for its worktree. */
async function leftOutOf(space: Space): Promise<readonly string[]> {
  if ((await kindOf(join(gitDirOf(space), 'info', 'sparse-checkout'))) === undefined) return [];
  const marked = (await askAgentIndex(space, ['-t'])) ?? [];
  const skipped = marked.filter((line) => line.startsWith(SKIPPED)).map((line) => line.slice(SKIPPED.length));
  const kinds = await Promise.all(skipped.map((path) => kindOf(join(space.worktree, textOf(path)))));
  return skipped.filter((_, at) => kinds[at] === undefined);
}

const SKIPPED = 'S ';
