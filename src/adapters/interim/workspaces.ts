/** The port `Workspaces` on the engine's own git: a private mirror per repository, one worktree per task. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspaces } from '../../activities/ports.ts';
import type { Places } from '../../config.ts';
import { lock } from '../file-lock.ts';
import { foreign, git } from './git.ts';
import { fetchBase, repositoryKey, secureMirror } from './mirror.ts';
import { fileAtCommit, isDirty } from './repository.ts';
import { commitWorktree, mergeBaseInto } from './workspace-commits.ts';
import { diffOf, overlayFrom, writeInside } from './workspace-files.ts';
import { isThere, readRef, unlockIndex, type Worktree, worktreeOf, writeTree } from './worktree.ts';

/** In the worktree's folder of the mirror; there once the worktree is whole. Holds the base commit. */
const READY = 'pawl-ready';

export function createWorkspaces(places: Pick<Places, 'mirrors' | 'workspaces' | 'locks'>): Workspaces {
  const of = (task: Parameters<Workspaces['pathOf']>[0]) => worktreeOf(places, task);
  /** Every engine call on a worktree starts from the engine's own configuration. */
  const secured = async (task: Parameters<Workspaces['pathOf']>[0]) => {
    const worktree = of(task);
    await secureMirror(worktree.mirror);
    return worktree;
  };
  return {
    async prepare(task) {
      const worktree = of(task);
      const dirty = await isDirty(await foreign(task.repository));
      const ready = await readyAt(worktree);
      if (ready !== undefined) return { baseCommit: ready, path: worktree.path, dirty };
      const baseCommit = await fetchBase(places, task.repository, task.base);
      await mkdir(places.workspaces, { recursive: true, mode: 0o700 });
      const held = await lock(join(places.locks, `mirror-${repositoryKey(task.repository)}.lock`));
      try {
        await addWorktree(worktree, baseCommit);
      } finally {
        held.release();
      }
      return { baseCommit, path: worktree.path, dirty };
    },
    pathOf: (task) => of(task).path,
    exists: async (task) => (await readyAt(of(task))) !== undefined,
    fileAt: async (task, commit, path) => fileAtCommit((await secured(task)).mirror.place, commit, path),
    async snapshot(task) {
      const worktree = await secured(task);
      const tree = await writeTree(worktree);
      const { files } = await diffOf(
        worktree.mirror,
        (await readRef(worktree.mirror, worktree.tip)) ?? tree,
        tree,
        false,
      );
      return { tree, changedFiles: files.map(({ path }) => path) };
    },
    async restore(task, treeish) {
      const worktree = await secured(task);
      await restoreTo(worktree, treeish);
    },
    commit: async (task, message, key) => commitWorktree(await secured(task), message, key),
    async head(task) {
      const { mirror, tip } = await secured(task);
      const commit = await readRef(mirror, tip);
      if (commit === undefined) throw new TypeError(`task ${task.id} has no workspace`);
      return commit;
    },
    diff: async (task, from, to) => diffOf((await secured(task)).mirror, from, to, true),
    overlay: async (task, commit, paths) => overlayFrom(await secured(task), commit, paths),
    write: async (task, path, text) => writeInside(of(task).path, path, text),
    async mergeBase(task, head, base) {
      await fetchBase(places, task.repository, task.base);
      return mergeBaseInto(await secured(task), head, base, restoreTo);
    },
    async remove(task) {
      const { mirror, path, admin, branch, tip } = of(task);
      await rm(path, { recursive: true, force: true });
      await rm(admin, { recursive: true, force: true });
      if (!(await isThere(mirror.gitDir))) return;
      await secureMirror(mirror);
      const known = await Promise.all(
        [branch, tip].map(async (ref) => ((await readRef(mirror, ref)) === undefined ? [] : [ref])),
      );
      const input = known
        .flat()
        .map((ref) => `delete ${ref}\n`)
        .join('');
      if (input !== '') await git(mirror.place, ['update-ref', '--stdin'], { input });
    },
  };
}

/** The base commit of a worktree that is whole; undefined where there is none or a kill left half of one. */
async function readyAt({ admin, path }: Worktree): Promise<string | undefined> {
  const noted = await readFile(join(admin, READY), 'utf8').catch(() => undefined);
  return noted !== undefined && (await isThere(path)) ? noted : undefined;
}

async function addWorktree(worktree: Worktree, baseCommit: string): Promise<void> {
  const { mirror, path, admin, branch, tip } = worktree;
  if ((await readyAt(worktree)) !== undefined) return;
  await rm(path, { recursive: true, force: true });
  await rm(admin, { recursive: true, force: true });
  const name = branch.slice('refs/heads/'.length);
  await git(mirror.place, [
    'worktree',
    'add',
    '--quiet',
    '--force',
    '--no-track',
    '-B',
    name,
    path,
    baseCommit,
  ]);
  await git(mirror.place, ['update-ref', tip, baseCommit]);
  await writeFile(join(admin, READY), baseCommit);
}

async function restoreTo(worktree: Worktree, treeish: string): Promise<void> {
  await unlockIndex(worktree);
  await git(worktree.place, ['symbolic-ref', 'HEAD', worktree.branch]);
  await git(worktree.place, ['read-tree', '--reset', '-u', treeish]);
  await git(worktree.place, ['clean', '--quiet', '-ffd']);
}
