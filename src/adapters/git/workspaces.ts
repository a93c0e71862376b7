/** The port `Workspaces`: a private mirror per repository, and per task a repository of its own on it. The parts are in `git/`. */
import { join } from 'node:path';
import type { Workspaces } from '../../activities/ports/workspaces-port.ts';
import type { OwnerRef } from '../../domain/owner-ref.ts';
import type { TaskRef } from '../../domain/steps.ts';
import { readCopies } from '../repository/copies.ts';
import { isDirty, openRepository } from '../repository/find-repository.ts';
import { fromRemote, fromRepository } from './base-source.ts';
import { createCommits } from './commits.ts';
import { bringCopies } from './copied.ts';
import { createComparisons } from './diff.ts';
import { readRef } from './distrusted-refs.ts';
import { goOn, keepEarlier, takeOver } from './earlier-work.ts';
import { handsOn, takeUpHands } from './handed-over.ts';
import { hasOtherWork, heldIn } from './held-change.ts';
import { ignoreRulesOf } from './ignore-rules.ts';
import { keepLeft, leftIn, workRef } from './kept-work.ts';
import { bringContents, bringNoting, withContents } from './lfs-sources.ts';
import { attributesOf } from './merge-trees.ts';
import { forgetMerge, isMerging } from './merging.ts';
import { type BaseSource, bringBase, claimMirror, placeOf, repositoryKey, updateRefs } from './mirror.ts';
import { objectId } from './objects.ts';
import { textOf } from './path-bytes.ts';
import { readObjects } from './read-objects.ts';
import type { Remote } from './remote.ts';
import { removeSpaces } from './remove-spaces.ts';
import { noteSetup } from './setup-files.ts';
import { claim, isReady, madeFor, type Space, type SpacePlaces, spaceOf } from './space.ts';
import { openSubmodules } from './submodule-steps.ts';
import { addressFor, surroundingsOf } from './surroundings.ts';
import { takeUpBranch } from './taken-up.ts';
import {
  type BaseMerge,
  commitUnfinished,
  commitWork,
  mergeInto,
  readState,
  stateOf,
} from './task-branch.ts';
import { filterNotes, unfilteredIn } from './unfiltered.ts';
import { build, checkOut, lookAt, startIn } from './worktree.ts';

export interface WorkspacePlaces extends SpacePlaces {
  readonly locks: string;
}

/** The remote that keeps a task's base, with the credential for it now; undefined: the user's repository keeps it. */
export type RemoteOf = (task: TaskRef) => Remote | undefined;

/** Every call may be cut off anywhere and made again, also by another process, and by several tasks at once. */
export function createWorkspaces(places: WorkspacePlaces, remoteOf: RemoteOf = () => undefined): Workspaces {
  const find = <Owner extends OwnerRef>(owner: Owner) => claim(spaceOf(places, owner));
  const into = ({ owner, mirror }: Space, source: BaseSource) => ({
    source,
    mirror,
    lock: join(places.locks, `mirror-${repositoryKey(owner.repository)}`),
  });
  const sourceOf = async (task: TaskRef): Promise<BaseSource> => {
    const remote = remoteOf(task);
    const repository = await openRepository(task.repository);
    return remote === undefined ? fromRepository(repository) : fromRemote(remote, repository);
  };
  const sourcesOf = async (space: Space<TaskRef>) => {
    const { owner } = space;
    const [repository, remote] = [await openRepository(owner.repository), remoteOf(owner)];
    return { space, locks: places.locks, repository, remote };
  };
  const submodulesOf = async (space: Space<TaskRef>) => openSubmodules(await sourcesOf(space));
  const mergeOnto = async (task: TaskRef, head: string, from: string, base: string): Promise<BaseMerge> => {
    const space = spaceOf(places, task);
    const tip = { commit: objectId(base), tags: [] };
    await bringBase(into(space, await sourceOf(task)), task.base, tip, [space.refs.upstream]);
    const attributes = await attributesOf((await openRepository(task.repository)).commonDir);
    return { head: objectId(head), from: objectId(from), base, attributes };
  };
  const comparisons = createComparisons();
  return {
    ...createCommits(find, sourcesOf, comparisons),
    async prepare(task, goesOn = false, from) {
      const space = spaceOf(places, task);
      const repository = await openRepository(task.repository);
      const [known, dirty] = await Promise.all([knownState(space), isDirty(repository)]);
      const path = space.worktree;
      const bring = async (commit: string) => [
        ...(await bringNoting(await sourcesOf(space), commit)),
        ...(await filterNotes(space, repository, commit)),
      ];
      if (known !== undefined) {
        // The base of a task that was begun stays the same, wherever the branch is by now.
        const baseCommit = known.base.oid;
        const ready = await isReady(space);
        // What comes after set-up is done again after it.
        const tip = goesOn && !ready ? baseCommit : known.tip.oid;
        const notes = await bring(tip);
        if (!ready) {
          const { branch, tip: own } = space.refs;
          if (tip !== known.tip.oid)
            await updateRefs(
              space.mirror,
              [branch, own].map((ref) => ({ ref, to: tip })),
            );
          await build(space, tip, await surroundingsOf(repository, space.mirror, baseCommit));
        }
        if (from !== undefined) await takeOver(space, repository, baseCommit, from);
        const kept = await keepEarlier(space, repository, baseCommit, goesOn);
        return { baseCommit, path, dirty, kept, notes, begun: goesOn && tip !== baseCommit };
      }
      const source = await sourceOf(task);
      const [tip, origin, ignoreRules] = await Promise.all([
        source.tipOf(task.base),
        addressFor(repository),
        ignoreRulesOf(repository),
      ]);
      const tags = await bringBase(into(space, source), task.base, tip, Object.values(space.refs));
      const notes = await bring(tip.commit);
      await build(space, tip.commit, { origin, tags, ignoreRules });
      if (from !== undefined) await takeOver(space, repository, tip.commit, from);
      const kept = await keepEarlier(space, repository, tip.commit, goesOn);
      return { baseCommit: tip.commit, path, dirty, kept, notes, begun: false };
    },
    async goOn(task) {
      const space = await find(task);
      const repository = await openRepository(task.repository);
      const earlier = await readRef(space.mirror, workRef(space));
      if (earlier !== undefined) await bringContents(await sourcesOf(space), earlier);
      const resumed = await goOn(space, repository, await attributesOf(repository.commonDir));
      await (await submodulesOf(space)).follow();
      return resumed;
    },
    async leftOver(task) {
      const space = spaceOf(places, task);
      const [known, earlier] = await Promise.all([knownState(space), madeFor(space)]);
      // A task from before runs were told apart knows what is its own by its id alone.
      if (known === undefined || task.run === undefined || earlier.run === task.run) return undefined;
      return { task: earlier, baseCommit: known.base.oid };
    },
    async copy(task, baseCommit, paths) {
      const space = await find(task);
      const base = { place: placeOf(space.mirror), commit: baseCommit };
      await bringCopies(space, await readCopies(task.repository, base, paths), baseCommit);
    },
    async submodules(task: TaskRef, { wanted, ...needed }) {
      const submodules = await submodulesOf(await find(task));
      return submodules.open(wanted, needed);
    },
    noteSetup: async (task) => noteSetup(await find(task)),
    pathOf: (task) => spaceOf(places, task).worktree,
    startOf: (task) => startIn(spaceOf(places, task)),
    exists: (task) => isReady(spaceOf(places, task)),
    snapshot: async (task) => lookAt(await find(task)),
    async restore(task, treeish) {
      const space = await find(task);
      if ((await isMerging(space)) && (await isCommit(space, treeish))) await forgetMerge(space);
      await checkOut(space, treeish);
    },
    commit: async (task, message, key) => commitWork(await find(task), message, key),
    commitUnfinished: async (task, message, key) => commitUnfinished(await find(task), message, key),
    head: async (task) => (await stateOf(await find(task))).tip.oid,
    async diff(task, from, to) {
      const space = await find(task);
      const unfiltered = await unfilteredIn(space, from, to);
      const filters = new Map(unfiltered.map(({ path, filter }) => [textOf(path), filter]));
      return comparisons.diff(placeOf(space.mirror), from, to, filters);
    },
    async mergeBase(task, head, from, base) {
      const space = spaceOf(places, task);
      const merge = await mergeOnto(task, head, from, base);
      const held = await heldIn(space, merge);
      // Who was told so before may have removed the workspace.
      if (held !== undefined && !(await isReady(space))) return { kind: 'held', ...held };
      await claim(space);
      if (held !== undefined && !(await hasOtherWork(space, head))) return { kind: 'held', ...held };
      const sources = await sourcesOf(space);
      await bringContents(sources, base);
      await openSubmodules(sources).follow(base);
      return mergeInto(space, merge);
    },
    async heldNow(task, head, from) {
      const { commit: base } = await (await sourceOf(task)).tipOf(task.base);
      const space = spaceOf(places, task);
      const held = await heldIn(space, await mergeOnto(task, head, from, base));
      if (held === undefined || ((await isReady(space)) && (await hasOtherWork(space, head))))
        return undefined;
      return { ...held, base };
    },
    async takeUp(task, work) {
      const space = await find(task);
      const byHand = await takeUpHands(places, space, work.key);
      if (byHand !== undefined) return byHand;
      const { commonDir } = await openRepository(task.repository);
      const source = withContents(await sourcesOf(space), await sourceOf(task));
      return takeUpBranch(space, source, work, await attributesOf(commonDir));
    },
    hands: (task) => handsOn(places, spaceOf(places, task)),
    left: async (task) => (await leftIn(await find(task))).map(({ holds }) => holds),
    keep: async (task, work) => keepLeft(await find(task), () => openRepository(task.repository), work),
    remove: (task) => removeSpaces(places, task),
  };
}

/** Where a task is that was begun before, also if its worktree was never finished. */
async function knownState(space: Space) {
  if ((await readRef(space.mirror, space.refs.base)) === undefined) return undefined;
  await claimMirror(space.mirror);
  return readState(space);
}

async function isCommit(space: Space, treeish: string): Promise<boolean> {
  const [object] = await readObjects(placeOf(space.mirror), [objectId(treeish)]);
  return object?.type === 'commit';
}
