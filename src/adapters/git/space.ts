/**
 * One owner's workspace, or the space of its checks, as the engine sees it: folders, refs in the mirror, and an index of the engine's own.
 * The engine never relies on what an agent may have changed: the workspace's own repository, its HEAD, its index.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { branchOf, WorkflowId, workflowTypeOf } from '../../domain/ids.ts';
import type { OwnerRef } from '../../domain/owner-ref.ts';
import { readWhole, writeWhole } from '../files/atomic-file.ts';
import { isCode, kindOf, removeTree } from '../files/without-links.ts';
import { type Lfs, lfsFilter } from './lfs-program.ts';
import { claimMirror, mirrorOf } from './mirror.ts';
import { GitError, type GitPlace } from './run-git.ts';

export interface Space<Owner extends OwnerRef = OwnerRef> {
  /** A task or an execution. */
  readonly owner: Owner;
  readonly mirror: string;
  /** The working tree. */
  readonly worktree: string;
  /** The engine's own notes and index. */
  readonly state: string;
  /** What git kept of the worktree where an engine before this one had linked it to the mirror. */
  readonly admin: string;
  /** What was copied into it from the user's checkout: a file of the home. */
  readonly copied: string;
  readonly refs: SpaceRefs;
  /** The ref to the files as set-up found them: in a workspace the base. */
  readonly foundRef: string;
  /** The program of Git LFS; undefined where there is none, so that its files are pointers. */
  readonly lfs: string | undefined;
}
interface SpaceRefs {
  /**
   * `pawl/<task>`, which is checked out in the workspace, where the agent may move it. In the mirror it is where the engine
   * has put it, and the agent only where the worktree is linked to the mirror still.
   */
  readonly branch: string;
  /** The commit of the user's base that the task started from. */
  readonly base: string;
  /** The last commit that the engine itself put on the branch. */
  readonly tip: string;
  /** The newest commit of the user's base that was brought here for the task: what its workspace shows as the base branch. */
  readonly upstream: string;
  /** The files as set-up left them, or where there was none the base. */
  readonly setup: string;
}

export interface SpacePlaces {
  readonly mirrors: string;
  readonly workspaces: string;
  readonly checks: string;
  readonly copied: string;
  /** Where the program of Git LFS is now. */
  readonly gitLfs?: () => string | undefined;
}

/** Where the refs to the bases of workspaces are: one for each that lives. */
export const BASE_REFS = 'refs/pawl/base/';

/** Pure. @throws ZodError for an id that is no path-safe word */
export function spaceOf<Owner extends OwnerRef>(places: SpacePlaces, owner: Owner): Space<Owner> {
  const id = WorkflowId.parse(owner.id);
  const base = `${BASE_REFS}${id}`;
  const mirror = mirrorOf(places.mirrors, owner.repository);
  return {
    owner,
    mirror,
    worktree: join(places.workspaces, id),
    state: join(mirror, 'pawl', id),
    admin: join(mirror, 'worktrees', id),
    copied: join(places.copied, `${id}.json`),
    refs: {
      branch: `refs/heads/${branchOf(id)}`,
      base,
      tip: `refs/pawl/tip/${id}`,
      upstream: `refs/pawl/upstream/${id}`,
      setup: `refs/pawl/setup/${id}`,
    },
    foundRef: base,
    lfs: places.gitLfs?.(),
  };
}

/**
 * Where the checks of an owner run: a repository of its own, to which its agent is given no way. What is about its change
 * (its branch, its base) is as in its workspace. Its folder's name is another one, because some tools name after it what they
 * share (projects of Compose, say). Pure.
 */
export function checkSpaceOf<Owner extends OwnerRef>(places: SpacePlaces, owner: Owner): Space<Owner> {
  const space = spaceOf(places, owner);
  const state = join(space.state, 'check');
  return {
    ...space,
    worktree: join(places.checks, `${owner.id}-check`),
    state,
    admin: join(state, 'admin'),
    refs: { ...space.refs, setup: `refs/pawl/check-setup/${owner.id}` },
    foundRef: `refs/pawl/check-found/${owner.id}`,
  };
}

/** The repository that a workspace is, in its working tree. */
export const gitDirOf = ({ worktree }: Space): string => join(worktree, '.git');

const readyFile = ({ state }: Space): string => join(state, 'ready');

/** Whether the worktree was made completely and is there: the folder itself, not a link to another. */
export async function isReady(space: Space): Promise<boolean> {
  const [kind, ready] = await Promise.all([kindOf(space.worktree), readWhole(readyFile(space))]);
  return kind?.isDirectory() === true && ready !== undefined;
}

/** In place of a run where the task does not know its own. */
const ANY_RUN = 'ready';

export const markReady = (space: Space): Promise<void> =>
  writeWhole(readyFile(space), `${space.owner.run ?? ANY_RUN}\n`);

/** The owner as the run knew it that made the worktree. */
export async function madeFor<Owner extends OwnerRef>(space: Space<Owner>): Promise<Owner> {
  const { run: _, ...owner } = space.owner;
  const run = (await readWhole(readyFile(space)))?.trim() ?? ANY_RUN;
  return (run === ANY_RUN ? owner : { ...owner, run }) as Owner; // no more than its run is another one
}

/** @throws PawlError `not_found` when there is no workspace */
export async function expectReady(space: Space): Promise<void> {
  if (await isReady(space)) return;
  throw new PawlError(
    'not_found',
    `${workflowTypeOf(space.owner.id)} ${space.owner.id} has no workspace: it was never made, or removed`,
  );
}

/** Every use of a workspace by the engine starts here. @throws as `expectReady` */
export async function claim<Owner extends OwnerRef>(space: Space<Owner>): Promise<Space<Owner>> {
  await expectReady(space);
  await claimMirror(space.mirror);
  return space;
}

/**
 * Runs git on the worktree with the engine's own index of it, which knows what it has seen before. A copy is worked
 * on and takes the old one's place when the work is done, so neither a kill nor a second one at the same time hurts.
 */
export async function withIndex<T>(space: Space, work: (place: GitPlace) => Promise<T>): Promise<T> {
  try {
    return await onCopy(space, work);
  } catch (error) {
    if (!(error instanceof GitError) || !/index file/.test(error.stderr)) throw error;
    // Torn by a crash of the machine, say: a new one costs reading every file once.
    await rm(indexOf(space), { force: true });
    return onCopy(space, work);
  }
}

/** Runs git on the worktree with an index that is thrown away. */
export async function withScratchIndex<T>(space: Space, work: (place: GitPlace) => Promise<T>): Promise<T> {
  const scratch = join(space.state, `index-${randomUUID()}`);
  try {
    return await work(placeOn(space, scratch));
  } finally {
    await Promise.all([rm(scratch, { force: true }), rm(`${scratch}.lock`, { force: true })]);
  }
}

async function onCopy<T>(space: Space, work: (place: GitPlace) => Promise<T>): Promise<T> {
  await mkdir(space.state, { recursive: true });
  const copy = join(space.state, `index-${randomUUID()}`);
  try {
    // A second name for the same file: git never writes an index in place, and the file's time, by which git knows
    // what may have changed unseen, stays what it was.
    await unlessMissing(link(indexOf(space), copy));
    const result = await work(placeOn(space, copy));
    await unlessMissing(rename(copy, indexOf(space)));
    return result;
  } finally {
    await Promise.all([rm(copy, { force: true }), rm(`${copy}.lock`, { force: true })]);
  }
}

/** The engine's own index: never a file that an agent can reach. */
export const indexOf = ({ state }: Space): string => join(state, 'index');

/** What the person's clone ignores by rules that no commit holds, as the repository was told when it was made. */
export const ignoreRulesFile = ({ state }: Space): string => join(state, 'ignore-rules');

function placeOn(space: Space, index: string): GitPlace {
  const { mirror, worktree } = space;
  const lfs = lfsOf(space);
  return {
    cwd: worktree,
    env: { GIT_DIR: mirror, GIT_WORK_TREE: worktree, GIT_INDEX_FILE: index },
    config: [['core.excludesFile', ignoreRulesFile(space)], ...(lfs === undefined ? [] : lfsFilter(lfs))],
  };
}

export const lfsOf = ({ lfs: program, mirror }: Pick<Space, 'lfs' | 'mirror'>): Lfs | undefined =>
  program === undefined ? undefined : { program, mirror };

/** Removes every trace of the workspace but its refs. Running it twice changes nothing. */
export async function removeFolders({ worktree, state, admin }: Space): Promise<void> {
  // The notes first: a worktree without them is one that was never finished.
  await removeTree(state);
  await Promise.all([removeTree(worktree), removeTree(admin)]);
}

async function unlessMissing(step: Promise<void>): Promise<void> {
  try {
    await step;
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}
