/** Commits of the engine's on a task's branch: the work of an attempt, and the base merged into it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PawlError } from '../../domain/failures.ts';
import { readWhole, writeWhole } from '../files/atomic-file.ts';
import { mergeTrees, pathsOf } from './merge-trees.ts';
import { placeOf, updateRefs } from './mirror.ts';
import { type Commit, contains, readCommits, trailerOf, writeCommit } from './objects.ts';
import { dress, type Space, withIndex } from './space.ts';
import { stageAll } from './stage.ts';
import { checkOut } from './worktree.ts';

export interface BranchState {
  readonly base: Commit;
  readonly tip: Commit;
  /** Where the branch is now, by whoever moved it last; undefined when an agent removed it. */
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
    `task ${space.task.id} has no branch: its workspace was never made, or removed`,
  );
}

/** See `Workspaces.commit`. */
export async function commitWork(space: Space, message: string, key: string): Promise<string | undefined> {
  const { task, mirror } = space;
  const state = await stateOf(space);
  const made = madeFor(state, task.id, key);
  if (made !== undefined) {
    await putTip(space, made.oid);
    return made.oid;
  }
  const { base, tip } = state;
  const merging = await readMerging(space, tip);
  const tree = await withIndex(space, (place) => stageAll(place, tip.oid, false));
  // An agent that left the conflict as it was has changed nothing, and neither has one that took everything back.
  if (merging === undefined ? tree === tip.tree || tree === base.tree : tree === merging.tree)
    return undefined;
  const parent = await parentFor(mirror, state);
  const commit = await writeCommit(placeOf(mirror), {
    tree,
    parents: [parent.oid, ...(merging === undefined ? [] : [merging.base])],
    message,
    trailers: { 'Pawl-Task': task.id, 'Pawl-Effect': key },
    time: Math.max(Math.floor(Date.now() / 1_000), parent.time),
  });
  await putTip(space, commit);
  return commit;
}

export interface BaseMerge {
  /** Of the task's own commits, the last. */
  readonly head: string;
  /** Is in the mirror already. */
  readonly base: string;
  /** Of the person's clone: see `MergePlace`. */
  readonly attributes: string | undefined;
}

/** See `Workspaces.mergeBase`. */
export async function mergeInto(space: Space, { head, base, attributes }: BaseMerge) {
  const { task, mirror, state } = space;
  const place = placeOf(mirror);
  const { tip } = await stateOf(space);
  // By a try that was cut off the base may be merged already, as it was then: nobody has seen that, so it is made anew.
  if (tip.oid !== head && !isMergeOfBase(tip, head, task.id)) {
    throw new PawlError(
      'conflict',
      `the branch of task ${task.id} is at ${tip.oid}, not at ${head}: start again from there`,
    );
  }
  if (await contains(place, head, base)) return joinedAs(space, head);
  // As a person would do it who has the base checked out: its attributes count, and its lines come first.
  const joined = await mergeTrees({ mirror, scratch: state, attributes }, base, head);
  if (joined.conflicts.length > 0) {
    // What is solved stands on the branch.
    if (tip.oid !== head) await putTip(space, head);
    await writeMerging(space, { head, base, tree: joined.tree });
    await checkOut(space, joined.tree);
    return { kind: 'conflict', files: pathsOf(joined.conflicts) } as const;
  }
  const [ours, theirs] = await readCommits(place, [head, base]);
  const commit = await writeCommit(place, {
    tree: joined.tree,
    parents: [head, base],
    message: `Merge ${task.base} into ${task.title}`,
    trailers: { 'Pawl-Task': task.id },
    time: Math.max(ours?.time ?? 0, theirs?.time ?? 0),
  });
  return joinedAs(space, commit);
}

async function joinedAs(space: Space, commit: string) {
  await putTip(space, commit);
  await checkOut(space, commit);
  return { kind: 'merged', commit } as const;
}

/** The commits of attempts have the key of their effect. */
const isMergeOfBase = (tip: Commit, head: string, task: string): boolean =>
  tip.parents.length === 2 &&
  tip.parents[0] === head &&
  trailerOf(tip, 'Pawl-Task') === task &&
  trailerOf(tip, 'Pawl-Effect') === undefined;

/** The next commit is no merge any more: the worktree was put back to a commit. */
export const forgetMerge = (space: Space): Promise<void> => rm(mergingFile(space), { force: true });

export async function isMerging(space: Space): Promise<boolean> {
  return (await readWhole(mergingFile(space))) !== undefined;
}

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
async function parentFor(mirror: string, { tip, branch }: BranchState): Promise<Commit> {
  if (branch === undefined || branch.oid === tip.oid) return tip;
  return (await contains(placeOf(mirror), branch.oid, tip.oid)) ? branch : tip;
}

async function putTip(space: Space, commit: string): Promise<void> {
  const { branch, tip } = space.refs;
  await updateRefs(space.mirror, [
    { ref: branch, to: commit },
    { ref: tip, to: commit },
  ]);
  await forgetMerge(space);
  await dress(space);
}

/** A merge whose conflicts an agent is to solve. It counts while the branch is where it was started. */
const Merging = z.object({ head: z.string(), base: z.string(), tree: z.string() });

const mergingFile = ({ state }: Space): string => join(state, 'merging.json');

const writeMerging = (space: Space, merging: z.infer<typeof Merging>): Promise<void> =>
  writeWhole(mergingFile(space), JSON.stringify(merging), 'durable');

async function readMerging(space: Space, tip: Commit): Promise<z.infer<typeof Merging> | undefined> {
  const text = await readWhole(mergingFile(space));
  const merging = text === undefined ? undefined : Merging.parse(JSON.parse(text));
  return merging?.head === tip.oid ? merging : undefined;
}
