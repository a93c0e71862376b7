/** Commits of the engine's on a task's branch: the work of an attempt, and the base merged into it. */
import { type MergedBase, UnsolvedConflict } from '../../activities/ports/workspaces-port.ts';
import { inConflict } from '../../domain/conflicts.ts';
import { PawlError } from '../../domain/failures.ts';
import type { TaskRef } from '../../domain/steps.ts';
import { unsolvedIn, withMarkers } from './conflict-markers.ts';
import { hasCopied, stageWork } from './copied.ts';
import { withIgnored } from './ignored-work.ts';
import { commitsContents } from './lfs-files.ts';
import { mergeTrees, pathsOf } from './merge-trees.ts';
import { forgetMerge, type Merging, readMerging, writeMerging } from './merging.ts';
import { placeOf, updateRefs } from './mirror.ts';
import { type Commit, contains, readCommits, trailerOf, writeCommit } from './objects.ts';
import { type Bases, isRewritten, ownChange } from './own-change.ts';
import { ownConflictsIn } from './own-conflicts.ts';
import { dress } from './own-repository.ts';
import { textOf } from './path-bytes.ts';
import { withoutSetup } from './setup-files.ts';
import { type Space, withIndex } from './space.ts';
import { takeBranch } from './taken-commits.ts';
import { entriesOf, treeWith } from './tree-entries.ts';
import { commitsUnfiltered, expectFiltered, withoutUnfiltered } from './unfiltered-work.ts';
import { checkOut, lookAt } from './worktree.ts';

export interface BranchState {
  readonly base: Commit;
  readonly tip: Commit;
  /** Where the mirror's branch is; elsewhere than the tip where a kill came between both, or a linked worktree's agent moved it. */
  readonly branch: Commit | undefined;
}

/** Where the task's branch is; undefined when the task has none. */
export async function readState({ mirror, refs }: Space): Promise<BranchState | undefined> {
  const names = [refs.base, refs.tip, refs.branch];
  const [base, tip, branch] = await readCommits(placeOf(mirror), names);
  return base === undefined || tip === undefined ? undefined : { base, tip, branch };
}

/** @throws PawlError `not_found` */
export async function stateOf(space: Space): Promise<BranchState> {
  const state = await readState(space);
  if (state !== undefined) return state;
  throw new PawlError(
    'not_found',
    `task ${space.owner.id} has no branch: its workspace was never made, or removed`,
  );
}

/** See `Workspaces.commit`. */
export async function commitWork(space: Space, message: string, key: string): Promise<string | undefined> {
  const found = await lookForWork(space, key, false);
  if ('made' in found) return found.made;
  if (found.unsolved !== undefined) throw new UnsolvedConflict(found.unsolved.map(textOf));
  const own = await ownConflictsIn(space, found.state.base.oid, found.tree);
  if (own.length > 0) throw new UnsolvedConflict(own.map(textOf), true);
  await expectFiltered(space, found);
  return commitFound(space, found, message, key);
}

/** See `Workspaces.commitUnfinished`. */
export async function commitUnfinished(space: Space, message: string, key: string): Promise<void> {
  const found = await lookForWork(space, key, false).catch((error: unknown) => {
    // What git cannot take as it is is left out, or taken as bytes.
    if (error instanceof PawlError && error.code === 'precondition') return lookForWork(space, key, true);
    throw error;
  });
  if ('made' in found) return;
  const kept = found.unsolved === undefined ? found : await withoutUnsolved(space, found, found.unsolved);
  await commitFound(space, await withoutUnfiltered(space, kept), message, key);
}

interface FoundWork {
  readonly state: BranchState;
  /** The agent's own last commit, on which the engine's stands. */
  readonly agents?: Commit;
  readonly tree: string;
  readonly merging: Merging | undefined;
  /** Paths with conflicts of the merge, as latin1; absent where there are none. */
  readonly unsolved?: readonly string[];
}

/** What there is to commit, or the commit that an earlier try has made of it. */
async function lookForWork(
  space: Space,
  key: string,
  tolerant: boolean,
): Promise<FoundWork | { readonly made: string }> {
  const state = await stateOf(space);
  const made = madeFor(state, space.owner.id, key);
  if (made !== undefined) {
    await putTip(space, made.oid);
    return { made: made.oid };
  }
  const { tip } = state;
  const [merging, agents] = await Promise.all([readMerging(space, tip), agentsCommit(space, state)]);
  const whole = await withIndex(space, async (place) => {
    const staged = await stageWork(space, place, tip.oid, tolerant);
    return agents === undefined ? staged : withIgnored(space, place, staged, agents.tree);
  });
  const tree = await withoutSetup(space, whole);
  const found = { state, tree, merging, ...(agents === undefined ? {} : { agents }) };
  if (merging === undefined) return found;
  const unsolved = await unsolvedIn(space, merging, tree);
  if (unsolved.length > 0) return { ...found, unsolved };
  // Of a merge that was begun by an older engine, or one that is about the names of folders.
  return tree === merging.tree ? { ...found, unsolved: [...new Set(merging.files)] } : found;
}

/** Half of a merge is none: the files that are not solved stay as on the branch, and whoever merges it meets the conflict. */
async function withoutUnsolved(
  space: Space,
  { state, tree, merging }: FoundWork,
  unsolved: readonly string[],
): Promise<FoundWork> {
  const onBranch = await entriesOf(placeOf(space.mirror), state.tip.oid);
  const asOnBranch = new Map(unsolved.map((path) => [path, onBranch.get(path)]));
  const kept = await treeWith(space, tree, asOnBranch);
  const given = merging === undefined ? tree : await treeWith(space, merging.tree, asOnBranch);
  // Commits of the agent's own may hold the markers.
  return { state, tree: kept === given ? state.tip.tree : kept, merging: undefined };
}

async function commitFound(space: Space, found: FoundWork, message: string, key: string) {
  const { state, tree, merging, agents } = found;
  // An agent that took everything back has changed nothing.
  const isNothing = tree === state.tip.tree || tree === state.base.tree;
  if (merging === undefined && isNothing) return undefined;
  const parent = agents ?? state.tip;
  const stands = merging?.carries === undefined ? [parent.oid] : [];
  const commit = await writeCommit(placeOf(space.mirror), {
    tree,
    parents: [...stands, ...(merging === undefined ? [] : [merging.base])],
    message,
    trailers: { 'Pawl-Task': space.owner.id, 'Pawl-Effect': key },
    time: Math.max(Math.floor(Date.now() / 1_000), parent.time),
  });
  await putTip(space, commit);
  return commit;
}

export interface BaseMerge extends Bases {
  /** Of the person's clone: see `MergePlace`. */
  readonly attributes: string | undefined;
}

/** See `Workspaces.mergeBase`. */
export async function mergeInto(space: Space<TaskRef>, merge: BaseMerge): Promise<MergedBase> {
  const { owner, mirror } = space;
  const { head, base } = merge;
  const place = placeOf(mirror);
  const { tip } = await stateOf(space);
  // What tries that were cut off have put there, nobody was told of: an older merge of the base, or what people have taken
  // back since. It is made anew. Only the work of an attempt would be lost.
  if (tip.oid !== head && (await holdsWork(space, tip, head))) {
    throw new PawlError(
      'conflict',
      `the branch of task ${owner.id} is at ${tip.oid}, not at ${head}: start again from there`,
    );
  }
  const rewritten = await isRewritten(place, merge);
  if (!rewritten && (await contains(place, head, base))) return joinedAs(space, head, rewritten);
  // As a person would do it who has the base checked out: its attributes count, and its lines come first.
  const sides = rewritten ? await ownChange(place, owner.id, merge) : ([base, head] as const);
  const joined = await mergeTrees({ mirror, scratch: space.state, attributes: merge.attributes }, ...sides);
  if (joined.clean) return joinedAs(space, await writeMerge(space, merge, joined.tree, rewritten), rewritten);
  // What is solved stands on the branch.
  if (tip.oid !== head) await putTip(space, head);
  const given = await withMarkers(space, joined, sides);
  const files = joined.conflicts.map(({ path }) => path);
  const merging = { head, base, files, ...given, ...(rewritten ? { carries: [...sides] } : {}) };
  await writeMerging(space, merging);
  await checkOut(space, given.tree);
  // A submodule stays at the commit that is checked out in it.
  if (given.submodules.length > 0)
    await writeMerging(space, { ...merging, tree: (await lookAt(space)).tree });
  return { kind: 'conflict', ...inConflict(pathsOf(joined.conflicts), joined.drivers), rewritten };
}

/** The merge as a commit on the task's branch; of a base that was rewritten, the task's own change as a commit on that. */
async function writeMerge(
  { owner, mirror }: Space<TaskRef>,
  { head, base }: BaseMerge,
  tree: string,
  rewritten: boolean,
) {
  const place = placeOf(mirror);
  const [ours, theirs] = await readCommits(place, [head, base]);
  return writeCommit(place, {
    tree,
    parents: rewritten ? [base] : [head, base],
    message: rewritten
      ? `${owner.title}\n\nCarried over to ${owner.base}, which was rewritten meanwhile.`
      : `Merge ${owner.base} into ${owner.title}`,
    trailers: { 'Pawl-Task': owner.id, ...(rewritten ? { 'Pawl-Carries': head } : {}) },
    time: Math.max(ours?.time ?? 0, theirs?.time ?? 0),
  });
}

async function joinedAs(space: Space, commit: string, rewritten: boolean): Promise<MergedBase> {
  await putTip(space, commit);
  await checkOut(space, commit);
  return { kind: 'merged', commit, rewritten };
}

/** Whether the tip is an attempt's work, which has the key of its effect, and not part of `head`. */
export const holdsWork = async ({ mirror, owner }: Space, tip: Commit, head: string): Promise<boolean> =>
  trailerOf(tip, 'Pawl-Task') === owner.id &&
  trailerOf(tip, 'Pawl-Effect') !== undefined &&
  !(await contains(placeOf(mirror), head, tip.oid));

/** A commit that an earlier, cut off try of the same effect has made. The base may hold the key of an earlier run. */
function madeFor({ base, tip, branch }: BranchState, task: string, key: string): Commit | undefined {
  return [tip, branch].find(
    (one) =>
      one !== undefined &&
      one.oid !== base.oid &&
      trailerOf(one, 'Pawl-Effect') === key &&
      trailerOf(one, 'Pawl-Task') === task,
  );
}

/** An agent's own commits stay, when they stand on what the engine knows; history that it rewrote does not count. */
async function agentsCommit(space: Space, { base, tip, branch }: BranchState): Promise<Commit | undefined> {
  // A message, a name or a file of a commit in between may hold a value of them: the work stays, as the engine's own commit.
  if (await hasCopied(space)) return undefined;
  for (const one of [await takeBranch(space, tip), branch]) {
    if (one === undefined || one.oid === tip.oid) continue;
    // The engine's own commit has pointers in their place.
    if (space.lfs !== undefined && (await commitsContents(space, one.oid))) continue;
    if (!(await contains(placeOf(space.mirror), one.oid, tip.oid))) continue;
    if (!(await commitsUnfiltered(space, { base, tip }, one.oid))) return one;
  }
  return undefined;
}

/** Puts the task's branch there: in the mirror, and where the workspace has it. */
export async function putTip(space: Space, commit: string): Promise<void> {
  const { branch, tip } = space.refs;
  await updateRefs(space.mirror, [
    { ref: branch, to: commit },
    { ref: tip, to: commit },
  ]);
  await forgetMerge(space);
  await dress(space, commit);
}
