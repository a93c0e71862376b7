/** A change that the base has already by other commits than the task's: a squash, a cherry-pick, somebody's own hands. */
import type { Held } from '../../activities/ports/workspaces-port.ts';
import { mergeTrees } from './merge-trees.ts';
import { placeOf } from './mirror.ts';
import { contains, readCommits } from './objects.ts';
import { isRewritten, ownChange } from './own-change.ts';
import { broughtBy } from './past-change.ts';
import type { Space } from './space.ts';
import { type BaseMerge, holdsWork, stateOf } from './task-branch.ts';
import { diffTrees } from './tree-diff.ts';

/** Needs the commits alone, and no workspace. @returns undefined where the base does not have the change */
export async function heldIn({ mirror, state, owner }: Space, merge: BaseMerge): Promise<Held | undefined> {
  const place = placeOf(mirror);
  const { head, from, base, attributes } = merge;
  const [tip, ...others] = await readCommits(place, [base, head, from]);
  if (tip === undefined || others.includes(undefined)) return undefined;
  if (!(await mayBeHeld(merge, mirror)) || (await contains(place, head, base))) return undefined;
  const rewritten = await isRewritten(place, merge);
  const sides = rewritten ? await ownChange(place, owner.id, merge) : ([base, head] as const);
  const joined = await mergeTrees({ mirror, scratch: state, attributes }, ...sides);
  if (joined.clean) return joined.tree === tip.tree ? {} : undefined;
  const since = await broughtBy(place, owner.id, merge);
  return since === undefined ? undefined : { since };
}

/** Without a merge, for nearly every base that moved: it has what the change brings only where it has changed the same files. */
async function mayBeHeld({ head, from, base }: BaseMerge, mirror: string): Promise<boolean> {
  const place = placeOf(mirror);
  const [own, theirs] = await Promise.all([diffTrees(place, from, head), diffTrees(place, from, base)]);
  const moved = new Set(theirs.map(({ path }) => path));
  return own.every(({ path }) => moved.has(path));
}

/** Whether the task's branch has work of an attempt that nobody was told of. */
export const hasOtherWork = async (space: Space, head: string): Promise<boolean> => {
  const { tip } = await stateOf(space);
  return tip.oid !== head && holdsWork(space, tip, head);
};
