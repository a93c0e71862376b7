/** The port `CheckSpaces`: per owner a second repository on its mirror, in which its checks run. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CheckSpaces, Overlay } from '../../activities/ports/check-spaces-port.ts';
import type { OwnerRef } from '../../domain/owner-ref.ts';
import { folderOf, upwards } from '../../domain/runs-through/lookup.ts';
import { readWhole, writeWhole } from '../files/atomic-file.ts';
import { readCopied } from '../files/copied-files.ts';
import { type FileStamps, isFolderStamp, stampsOf } from '../files/file-stamps.ts';
import { namesIn } from '../files/folder-names.ts';
import { kindOf, removeTree, writeInside } from '../files/without-links.ts';
import { openRepository } from '../repository/find-repository.ts';
import { putCopied, stageWork } from './copied.ts';
import { readRef } from './distrusted-refs.ts';
import { claimMirror, placeOf, updateRefs } from './mirror.ts';
import { bytesOf, textOf } from './path-bytes.ts';
import { GITLINK } from './raw-changes.ts';
import { changedBySetup } from './setup-files.ts';
import {
  checkSpaceOf,
  gitDirOf,
  isReady,
  type Space,
  type SpacePlaces,
  spaceOf,
  withIndex,
} from './space.ts';
import { placedIn, putSubmodules, removeSubmodules } from './submodule-trees.ts';
import { putPackedRefs, type Surroundings, surroundingsOf, toldTo } from './surroundings.ts';
import { entriesOf } from './tree-entries.ts';
import { build, checkOutOver, overlay as putBack, startIn } from './worktree.ts';

export function createCheckSpaces(places: SpacePlaces): CheckSpaces {
  const find = async (owner: OwnerRef): Promise<Space> => {
    const space = checkSpaceOf(places, owner);
    await claimMirror(space.mirror);
    return space;
  };
  /** With the same around it as the workspace. */
  const make = async (space: Space, commit: string, overlay: Overlay | undefined) =>
    renew(space, commit, overlay, await toldTo(spaceOf(places, space.owner)));
  return {
    exists: (owner) => isReady(checkSpaceOf(places, owner)),
    async checkOut(owner, commit, overlay) {
      const space = await find(owner);
      if (!(await isReady(space))) return make(space, commit, overlay);
      const note = await readNote(space);
      // Set-up has not ended: nothing of what it left counts.
      if (note === undefined) await forgetSetup(space);
      await clearGit(space);
      const tree = await checkOutOver(space, commit);
      await putSubmodules(space, tree);
      if (!(await isAsSetupLeftIt(space, tree, note))) return make(space, commit, overlay);
      await put(space, overlay);
    },
    renew: async (owner, commit, overlay) => make(await find(owner), commit, overlay),
    async beginSetup(owner) {
      const space = await find(owner);
      await updateRefs(space.mirror, [{ ref: space.foundRef, to: await treeOf(space) }]);
    },
    async noteSetup(owner, readFor) {
      const space = await find(owner);
      const tree = await treeOf(space);
      await updateRefs(space.mirror, [{ ref: space.refs.setup, to: tree }]);
      const files = [...(await untracked(space, tree))];
      const ignored = files.filter(([, stamp]) => !isFolderStamp(stamp)).map(([path]) => path);
      const left = [...ignored, ...(await changedBySetup(space))].map(textOf);
      const note: Note = { read: readFor(left), files };
      await writeWhole(noteOf(space), JSON.stringify(note));
    },
    async setUpOn(owner) {
      const space = checkSpaceOf(places, owner);
      return (await isReady(space)) ? (await readNote(space))?.read : undefined;
    },
    async entries(owner, commit) {
      const entries = await entriesOf(placeOf((await find(owner)).mirror), commit);
      return new Map([...entries].map(([path, entry]) => [textOf(path), entry]));
    },
    startOf: (owner) => startIn(checkSpaceOf(places, owner)),
    async lacks(owner) {
      const [own, { worktree }] = [checkSpaceOf(places, owner).worktree, spaceOf(places, owner)];
      const theirs = (await kindOf(worktree)) === undefined ? owner.repository : worktree;
      const missing = [...new Set(['', owner.dir ?? ''])].map(async (folder) => {
        const there = new Set(await namesIn(join(own, folder)));
        const names = (await namesIn(join(theirs, folder))).filter((name) => !there.has(name));
        return names.map((name) => join(folder, name));
      });
      return (await Promise.all(missing)).flat().sort();
    },
  };
}

/** Its repository is made anew, but for those of submodules, which set-up has made. */
async function clearGit(space: Space): Promise<void> {
  const gitDir = gitDirOf(space);
  const names = (await kindOf(gitDir))?.isDirectory() ? await namesIn(gitDir) : [];
  if (names.length === 0) await removeTree(gitDir);
  for (const name of names) if (name !== MODULES) await removeTree(join(gitDir, name));
  await putPackedRefs(space);
}

const MODULES = 'modules';

/** What set-up made of the space. */
const Note = z.object({
  read: z.string(),
  /** What is there besides the files that are in the index, by path as latin1, each with its stamp. */
  files: z.array(z.tuple([z.string(), z.string()])),
});
type Note = z.infer<typeof Note>;

const noteOf = ({ state }: Space): string => join(state, 'set-up.json');

async function readNote(space: Space): Promise<Note | undefined> {
  const text = await readWhole(noteOf(space));
  return text === undefined ? undefined : Note.parse(JSON.parse(text));
}

async function renew(
  space: Space,
  commit: string,
  overlay: Overlay | undefined,
  around: Surroundings | undefined,
): Promise<void> {
  await forgetSetup(space);
  const repository = await openRepository(space.owner.repository);
  await build(space, commit, around ?? (await surroundingsOf(repository, space.mirror, commit)));
  await putSubmodules(space, commit);
  await putCopied(space);
  await put(space, overlay);
}

/** The note first: a space without it is one in which set-up has not ended. */
async function forgetSetup(space: Space): Promise<void> {
  await rm(noteOf(space), { force: true });
  const { mirror, refs } = space;
  if ((await readRef(mirror, refs.setup)) !== undefined)
    await updateRefs(mirror, [{ ref: refs.setup, to: undefined }]);
}

async function put(space: Space, overlay: Overlay | undefined): Promise<void> {
  if (overlay === undefined) return;
  if (overlay.paths.length > 0) {
    await removeSubmodules(space, overlay.commit, overlay.paths);
    await putBack(space, overlay.commit, overlay.paths);
    await putSubmodules(space, overlay.commit, overlay.paths);
  }
  for (const [path, text] of overlay.texts) await writeInside(space.worktree, path, text);
}

const treeOf = (space: Space): Promise<string> =>
  withIndex(space, (place) => stageWork(space, place, space.refs.tip, true));

/** Takes away what came after set-up; false where something that set-up left is another one now, or gone. */
async function isAsSetupLeftIt(space: Space, tree: string, note: Note | undefined): Promise<boolean> {
  const now = await untracked(space, tree);
  const known = new Map(note?.files);
  for (const [path, stamp] of known) if (now.get(path) !== stamp) return false;
  for (const path of now.keys()) {
    if (known.has(path)) continue;
    if (bytesOf(textOf(path)) !== path) return false;
    await removeTree(join(space.worktree, textOf(path)));
  }
  return true;
}

/**
 * All that is not in the tree, which the index holds, ignored or not, but the engine's own of git's folder, what was copied, and
 * what the engine has put into submodules; of other submodules all.
 */
async function untracked(space: Space, tree: string): Promise<FileStamps> {
  const entries = [...(await entriesOf(placeOf(space.mirror), tree))];
  const isSubmodule = (entry: string) => entry.startsWith(GITLINK);
  const copied = (await readCopied(space.copied)).map(({ path }) => bytesOf(path));
  const submodules = entries.flatMap(([path, entry]) => (isSubmodule(entry) ? [path] : []));
  const files = entries.flatMap(([path, entry]) => (isSubmodule(entry) ? [] : [path]));
  const known = new Set([...files, ...copied, ...(await placedIn(space))]);
  const folders = new Set(
    [...known, ...submodules].flatMap((path) => upwards(folderOf(path))).concat(submodules, '.git'),
  );
  const stamps = await stampsOf(space.worktree, (path) => known.has(path) || isOfEngine(path));
  return new Map([...stamps].filter(([path]) => !folders.has(path)));
}

/** Of git's own folder all but what set-up has made there. */
const isOfEngine = (path: string): boolean => /^\.git\/(?!modules(?:\/|$))/.test(path);
