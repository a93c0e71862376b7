/**
 * Commits that an agent made in a submodule, or in one of that. The task's change holds no more of them than a name, so where the
 * submodule's remote does not have them they would be gone with the workspace.
 */
import { join } from 'node:path';
import { LIMITS } from '../../domain/limits.ts';
import { gitDirIn } from './gitlinks.ts';
import { movedSubmodules, readableSubmodulesAt } from './gitmodules.ts';
import { hasMirror, placeOf } from './mirror.ts';
import { put } from './own-repository.ts';
import type { GitPlace } from './run-git.ts';
import type { Space } from './space.ts';
import { type Below, belowOf, hasCommit, readNote } from './submodules.ts';
import { type Left, takeCommit } from './taken-commits.ts';
import { stateOf } from './task-branch.ts';

/** Takes into the mirror what submodules that the task has moved are at, if their repositories in the workspace have it. Idempotent. */
export async function takeSubmoduleCommits(space: Space): Promise<readonly Left[]> {
  const { base, tip } = await stateOf(space);
  const moved = await movedSubmodules(placeOf(space.mirror), base.oid, tip.oid);
  if (moved.length === 0) return [];
  // Without a note the engine has put none there, and no address is asked.
  const { from = space.owner.repository } = (await readNote(space)) ?? {};
  const taken: Left[] = [];
  const takeBelow = async (place: GitPlace, commit: string, depth: number, above?: Below): Promise<void> => {
    if (depth > LIMITS.submoduleDepthMax) return;
    for (const one of await readableSubmodulesAt(place, commit)) {
      if (above === undefined && !moved.includes(one.path)) continue;
      const below = belowOf(space, one, from, above);
      if (await hasCommit(below)) {
        await takeBelow(placeOf(below.mirror), below.oid, depth + 1, below);
      } else if (taken.length < LIMITS.submodulesMax && (await take(space, below))) {
        const holds = `a commit of submodule ${below.path}: push it to the remote of that`;
        taken.push({ oid: below.oid, holds });
        await takeBelow(placeOf(space.mirror), below.oid, depth + 1, below);
      }
    }
  };
  await takeBelow(placeOf(space.mirror), tip.oid, 1);
  return taken;
}

/** Answers whether the task's mirror has the commit now. */
async function take(space: Space, below: Below): Promise<boolean> {
  const gitDir = await gitDirIn(space.worktree, below.path);
  if (gitDir === undefined) return false;
  // What the engine has put there stands on objects of that mirror; where else they are from an agent may have named.
  if (await hasMirror(below.mirror))
    await put(gitDir, 'objects/info/alternates', `${join(below.mirror, 'objects')}\n`);
  return (await takeCommit(space, below.oid, join(gitDir, 'objects'))) !== undefined;
}
