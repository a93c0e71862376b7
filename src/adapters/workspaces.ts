/** The port `Workspaces`: a private mirror per repository and one worktree per task. The parts are in `git/`. */
import { join } from 'node:path';
import type { Workspaces } from '../activities/ports.ts';
import type { TaskRef } from '../domain/steps.ts';
import { diffBetween } from './git/diff.ts';
import { bringBase, claimMirror, fetchedRef, placeOf, repositoryKey, updateRefs } from './git/mirror.ts';
import { objectId, readObjects, textAt } from './git/objects.ts';
import { claim, isReady, removeFolders, type Space, spaceOf } from './git/space.ts';
import { commitWork, forgetMerge, isMerging, mergeInto, readState, stateOf } from './git/task-branch.ts';
import { build, checkOut, lookAt, overlay } from './git/worktree.ts';
import { kindOf, partsOf, writeInside } from './inside.ts';
import { baseTipOf, isDirty, openRepository } from './repository.ts';

export interface WorkspacePlaces {
  readonly mirrors: string;
  readonly workspaces: string;
  readonly locks: string;
}

/** Every call may be cut off anywhere and made again, also by another process, and by several tasks at once. */
export function createWorkspaces(places: WorkspacePlaces): Workspaces {
  const find = (task: TaskRef): Promise<Space> => claim(spaceOf(places, task));
  const bringFor = async ({ task, mirror }: Space, commit?: string): Promise<void> => {
    const repository = await openRepository(task.repository);
    const lock = join(places.locks, `mirror-${repositoryKey(task.repository)}`);
    const wanted = commit ?? (await baseTipOf(repository, task.base));
    await bringBase({ repository, mirror, lock }, task.base, wanted);
  };
  return {
    async prepare(task) {
      const space = spaceOf(places, task);
      const dirty = isDirty(await openRepository(task.repository));
      const [baseCommit] = await Promise.all([made(space), dirty]);
      if (baseCommit !== undefined) return { baseCommit, path: space.worktree, dirty: await dirty };
      await bringFor(space);
      const from = (await readState(space)) ?? (await begin(space));
      await build(space, from.tip.oid);
      return { baseCommit: from.base.oid, path: space.worktree, dirty: await dirty };
    },
    pathOf: (task) => spaceOf(places, task).worktree,
    exists: (task) => isReady(spaceOf(places, task)),
    async fileAt(task, commit, path) {
      const { mirror } = await find(task);
      return textAt(placeOf(mirror), commit, partsOf(path).join('/'));
    },
    snapshot: async (task) => lookAt(await find(task)),
    async restore(task, treeish) {
      const space = await find(task);
      if ((await isMerging(space)) && (await isCommit(space, treeish))) await forgetMerge(space);
      await checkOut(space, treeish);
    },
    commit: async (task, message, key) => commitWork(await find(task), message, key),
    head: async (task) => (await stateOf(await find(task))).tip.oid,
    diff: async (task, from, to) => diffBetween(placeOf((await find(task)).mirror), from, to),
    overlay: async (task, commit, paths) => overlay(await find(task), commit, paths),
    write: async (task, path, text) => writeInside((await find(task)).worktree, path, text),
    async mergeBase(task, head, base) {
      const space = await find(task);
      await bringFor(space, base);
      return mergeInto(space, head, base);
    },
    async remove(task) {
      const space = spaceOf(places, task);
      await removeFolders(space);
      if ((await kindOf(space.mirror)) === undefined) return;
      await claimMirror(space.mirror);
      await updateRefs(
        space.mirror,
        Object.values(space.refs).map((ref) => ({ ref, to: undefined })),
      );
    },
  };
}

/** The base commit of a workspace that is there already. */
async function made(space: Space): Promise<string | undefined> {
  if (!(await isReady(space))) return undefined;
  await claimMirror(space.mirror);
  return (await readState(space))?.base.oid;
}

/** Starts the task's branch where the base is now; from then on its base commit stays the same. */
async function begin(space: Space) {
  const { mirror, refs, task } = space;
  const [tip] = await readObjects(placeOf(mirror), [fetchedRef(task.base)]);
  const to = objectId(tip?.oid ?? '');
  await updateRefs(
    mirror,
    Object.values(refs).map((ref) => ({ ref, to })),
  );
  return stateOf(space);
}

async function isCommit(space: Space, treeish: string): Promise<boolean> {
  const [object] = await readObjects(placeOf(space.mirror), [objectId(treeish)]);
  return object?.type === 'commit';
}
