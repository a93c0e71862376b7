/**
 * Commits that an agent made in a submodule. The task's change holds no more of them than a name, so where the submodule's remote
 * does not have them they would be gone with the workspace.
 */
import { join } from 'node:path';
import { kindOf } from '../files/without-links.ts';
import { gitDirIn } from './gitlinks.ts';
import { hasMirror, placeOf } from './mirror.ts';
import { put } from './own-repository.ts';
import { linesIn, textOf } from './path-bytes.ts';
import { GITLINK, rawChanges } from './raw-changes.ts';
import { git } from './run-git.ts';
import type { Space } from './space.ts';
import { type Below, eachBelow, hasCommit, readNote } from './submodules.ts';
import { type Left, takeCommit } from './taken-commits.ts';
import { stateOf } from './task-branch.ts';

/** Takes into the mirror what submodules that the task has moved are at, if their repositories in the workspace have it. Idempotent. */
export async function takeSubmoduleCommits(space: Space): Promise<readonly Left[]> {
  // Without one there was nothing to move.
  if ((await kindOf(join(space.worktree, '.gitmodules'))) === undefined) return [];
  const { base, tip } = await stateOf(space);
  const args = ['diff-tree', '-r', '--raw', '--no-abbrev', '--no-renames', '-z', base.oid, tip.oid];
  const changes = rawChanges(linesIn((await git(placeOf(space.mirror), args)).stdout));
  const taken: Left[] = [];
  const own = await ownSubmodules(space, tip.oid);
  for (const { path, after } of changes.filter((change) => change.after.mode === GITLINK)) {
    const name = textOf(path);
    const gitDir = await gitDirIn(space.worktree, name);
    if (gitDir === undefined) continue;
    const below = own.get(name);
    if (below !== undefined && (await hasCommit(below))) continue;
    // What the engine has put there stands on objects of that mirror; where else they are from an agent may have named.
    if (below !== undefined)
      await put(gitDir, 'objects/info/alternates', `${join(below.mirror, 'objects')}\n`);
    if ((await takeCommit(space, after.oid, join(gitDir, 'objects'))) === undefined) continue;
    taken.push({ oid: after.oid, holds: `a commit of submodule ${name}: push it to the remote of that` });
  }
  return taken;
}

/** Those that the engine checks out, by path. */
async function ownSubmodules(space: Space, commit: string): Promise<ReadonlyMap<string, Below>> {
  const note = await readNote(space);
  const found = new Map<string, Below>();
  if (note === undefined) return found;
  await eachBelow(space, note, commit, async (below) => {
    if (below.problem === undefined && (await hasMirror(below.mirror))) found.set(below.path, below);
    return false;
  });
  return found;
}
