/** The files of a workspace: made from a commit, put back to one, looked at without touching them, overlaid. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderInside, removeInside, removeTree } from '../files/without-links.ts';
import { putCopied, stageWork } from './copied.ts';
import { placeOf } from './mirror.ts';
import { objectId } from './objects.ts';
import { dress } from './own-repository.ts';
import { asLines, linesIn, textOf } from './path-bytes.ts';
import { type GitPlace, git } from './run-git.ts';
import { withoutSetup, withSetup } from './setup-files.ts';
import { markReady, removeFolders, type Space, withIndex, withScratchIndex } from './space.ts';
import { followSubmodules } from './submodule-trees.ts';
import { type Surroundings, surround } from './surroundings.ts';
import { diffTrees } from './tree-diff.ts';

/** Makes the workspace at a commit; what is left of an unfinished one goes first. */
export async function build(space: Space, commit: string, surroundings: Surroundings): Promise<void> {
  await removeFolders(space);
  await mkdir(space.worktree, { recursive: true, mode: 0o700 });
  await withIndex(space, (place) => readTree(place, objectId(commit)));
  await surround(space, surroundings);
  await dress(space, commit);
  await markReady(space);
}

/**
 * Tracked and not ignored files as they are in a commit or tree, with what set-up left; ignored ones (installed packages,
 * say) stay.
 */
export async function checkOut(space: Space, treeish: string): Promise<void> {
  const whole = await withSetup(space, objectId(treeish));
  await withIndex(space, async (place) => {
    await readTree(place, whole);
    const { exitCode } = await git(place, ['clean', '-ffdq'], { accept: [1] });
    if (exitCode !== 0) await removeUntracked(place);
  });
  await followSubmodules(space, whole);
  await putCopied(space);
  await dress(space);
}

/**
 * The files of a commit, with what set-up left. What is not in that stays, and the branch is there from now on. Answers the
 * commit or tree that the index holds.
 */
export async function checkOutOver(space: Space, commit: string): Promise<string> {
  const whole = await withSetup(space, objectId(commit));
  await withIndex(space, (place) => readTree(place, whole));
  await putCopied(space);
  await dress(space, commit);
  return whole;
}

const readTree = (place: GitPlace, tree: string) => git(place, ['read-tree', '--reset', '-u', tree]);

/** Tree of everything not ignored but what set-up left, and what differs from the commit the task started from. */
export async function lookAt(space: Space): Promise<{ tree: string; changedFiles: readonly string[] }> {
  const whole = await withIndex(space, (place) => stageWork(space, place, space.refs.tip, true));
  const tree = await withoutSetup(space, whole);
  const changes = await diffTrees(placeOf(space.mirror), space.refs.base, tree);
  return { tree, changedFiles: changes.map(({ path }) => textOf(path)) };
}

/** Files as they are in a commit; those that are not in it go. Links in the way are replaced, never followed. */
export async function overlay(space: Space, commit: string, paths: readonly string[]): Promise<void> {
  await withScratchIndex(space, async (place) => {
    await git(place, ['read-tree', objectId(commit)]);
    const { stdout } = await git(place, ['ls-files', '-z']);
    const wanted = new Set(paths);
    // Names travel as bytes, because not every one is text.
    const named = linesIn(stdout).map((latin1) => ({ latin1, path: textOf(latin1) }));
    const there = named.filter(({ path }) => wanted.has(path));
    for (const { path } of there) wanted.delete(path);
    for (const path of wanted) await removeInside(space.worktree, path);
    const input = asLines(there.map(({ latin1 }) => latin1));
    await git(place, ['checkout-index', '--force', '-z', '--stdin'], { input });
  });
}

/** Where programs of the task start in it, by no link; undefined where that is not there. */
export async function startIn({ worktree, owner: { dir } }: Space): Promise<string | undefined> {
  return dir === undefined ? worktree : folderInside(worktree, dir);
}

/** What `git clean` could not remove: folders that an agent made read-only. */
async function removeUntracked(place: GitPlace): Promise<void> {
  const args = ['ls-files', '--others', '--exclude-standard', '--directory', '-z'];
  const { stdout } = await git(place, args);
  for (const path of stdout.toString('utf8').split('\0').filter(Boolean)) {
    await removeTree(join(place.cwd, path));
  }
}
