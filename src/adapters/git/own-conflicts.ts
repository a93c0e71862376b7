/**
 * Conflicts that an agent has made itself, by a merge or a stash of its own, and has not solved: its index names their
 * files, and their markers are in them still. Neither alone says so: `git add` is forgotten easily, or done too early.
 */
import { addedLines } from './added-lines.ts';
import { firstMarkerIn } from './added-markers.ts';
import { askAgentIndex } from './agent-index.ts';
import { patchBetween } from './diff.ts';
import { mayBeUnmerged } from './index-entries.ts';
import { noteConflicts, readConflicts } from './merging.ts';
import { placeOf } from './mirror.ts';
import type { Space } from './space.ts';
import { entriesOf } from './tree-entries.ts';

/**
 * Paths as latin1. They are noted for the next attempt: what its agent tells git is no solution.
 * @param from commit whose lines are not the agent's
 * @param tree what the agent has made of it
 */
export async function ownConflictsIn(space: Space, from: string, tree: string): Promise<readonly string[]> {
  const paths = new Set([...(await readConflicts(space)), ...(await unmergedIn(space))]);
  if (paths.size === 0) return [];
  const place = placeOf(space.mirror);
  const [patch, entries] = await Promise.all([patchBetween(place, from, tree), entriesOf(place, tree)]);
  const added = addedLines(patch);
  // One of them that is gone may have another name now.
  const isGone = [...paths].some((path) => !entries.has(path));
  const before = isGone ? await entriesOf(place, from) : entries;
  const renamed = [...entries.keys()].filter((path) => !before.has(path));
  const found = [...new Set([...paths, ...renamed])].filter((path) => {
    const lines = added.get(entries.get(path)?.split(' ')[1] ?? '');
    return lines !== undefined && firstMarkerIn(lines) !== undefined;
  });
  await noteConflicts(space, found);
  return found;
}

/** `<mode> <object> <stage>`, a tab, the path. */
const unmergedIn = async (space: Space): Promise<readonly string[]> =>
  ((await askAgentIndex(space, ['--unmerged'], mayBeUnmerged)) ?? []).map((line) =>
    line.slice(line.indexOf('\t') + 1),
  );
