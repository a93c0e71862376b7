/**
 * The files of submodules in a workspace or a space of checks. Each is a repository below the one around it, as git has it,
 * with the objects of its mirror behind its own: nothing that a program does there reaches the mirror. The engine
 * itself writes the files by the mirror, and an index of its own.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { digestOfText } from '../../domain/digest.ts';
import { readWhole, writeWhole } from '../files/atomic-file.ts';
import { folderInside, removeTree, writeInside } from '../files/without-links.ts';
import { commitIn, gitDirIn } from './gitlinks.ts';
import { claimMirror, hasMirror, placeOf } from './mirror.ts';
import {
  ASIDE,
  claimFolders,
  claimPath,
  copyIndex,
  hasPlainObjects,
  NOT_OURS,
  put,
  UNFINISHED,
} from './own-repository.ts';
import { bytesOf } from './path-bytes.ts';
import { GITLINK } from './raw-changes.ts';
import { GitError, type GitPlace, git } from './run-git.ts';
import { gitDirOf, type Space, withIndex } from './space.ts';
import { type Below, eachBelow, hasCommit, readNote, type SubmoduleNote } from './submodules.ts';
import { activeSection, quoted } from './surroundings.ts';
import { withObjects } from './taken-commits.ts';
import { entriesOf } from './tree-entries.ts';

/** What the engine has put into a space. */
const Placed = z.array(
  z.object({ path: z.string(), module: z.string(), mirror: z.string(), oid: z.string() }),
);
type Placed = z.infer<typeof Placed>[number];

const placedFile = ({ state }: Space): string => join(state, 'submodules', 'placed.json');

async function readPlaced(space: Space): Promise<readonly Placed[]> {
  const text = await readWhole(placedFile(space));
  return text === undefined ? [] : Placed.parse(JSON.parse(text));
}

const writePlaced = async (space: Space, placed: readonly Placed[]): Promise<void> => {
  await mkdir(dirname(placedFile(space)), { recursive: true });
  await writeWhole(
    placedFile(space),
    JSON.stringify(placed.map(({ path, module, mirror, oid }) => ({ path, module, mirror, oid }))),
  );
};

/**
 * The wanted submodules of a commit or tree, in a workspace: one that is there already stays as it is, with what was changed in it.
 * One whose commit nobody has is an empty folder, which git takes for unchanged. Idempotent.
 */
export async function followSubmodules(space: Space, treeish: string): Promise<void> {
  const note = await readNote(space);
  if (note === undefined) return;
  await eachBelow(space, note, treeish, async (below) => {
    if (below.problem !== undefined) return false;
    const isBrought = await hasCommit(below);
    const gitDir = await gitDirIn(space.worktree, below.path);
    if (gitDir !== undefined && (await commitIn(gitDir)) === below.oid) return isBrought;
    if (isBrought) await putOne(space, below);
    else if (!(await putAgents(space, below, gitDir))) await empty(space, below);
    return isBrought;
  });
}

/**
 * The same in a space of checks: as they are in their commits, whatever was changed there. Idempotent.
 * @param wanted else those that the task wants
 */
export async function putSubmodules(
  space: Space,
  treeish: string,
  wanted?: readonly string[],
): Promise<void> {
  const note = await readNote(space);
  if (note === undefined) return;
  const placed = new Map((wanted === undefined ? [] : await readPlaced(space)).map((one) => [one.path, one]));
  await eachBelow(space, narrowed(note, wanted), treeish, async (below) => {
    if (below.problem !== undefined || !(await hasCommit(below))) return false;
    await claimPath(gitDirOf(space), dirname(below.module));
    await removeTree(join(gitDirOf(space), below.module));
    await putOne(space, below);
    placed.set(below.path, below);
    return true;
  });
  await writePlaced(space, [...placed.values()]);
}

const narrowed = ({ wanted, from }: SubmoduleNote, paths: readonly string[] | undefined): SubmoduleNote => {
  if (paths === undefined) return { wanted, from };
  return {
    wanted: typeof wanted === 'boolean' ? [...paths] : paths.filter((path) => wanted.includes(path)),
    from,
  };
};

/** Takes away what is at these paths and no submodule in a commit. Idempotent. */
export async function removeSubmodules(
  space: Space,
  commit: string,
  paths: readonly string[],
): Promise<void> {
  const placed = (await readPlaced(space)).filter(({ path }) => paths.includes(path));
  if (placed.length === 0) return;
  const entries = await entriesOf(placeOf(space.mirror), commit);
  for (const { path } of placed) {
    if (entries.get(bytesOf(path))?.startsWith(GITLINK)) continue;
    const folder = await folderInside(space.worktree, path);
    if (folder !== undefined) await removeTree(folder);
  }
}

/** Paths, as latin1, of all that the engine has put into submodules, a folder of git's among them. */
export async function placedIn(space: Space): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { path, module, mirror, oid } of await readPlaced(space)) {
    const entries = [...(await entriesOf(placeOf(mirror), oid))];
    const files = entries
      .flatMap(([file, entry]) => (entry.startsWith(GITLINK) ? [] : [file]))
      .concat('.git');
    paths.push(...files.map((file) => `${bytesOf(path)}/${file}`), `.git/${bytesOf(module)}`);
  }
  return paths;
}

/** Its folder, its repository with nothing half-done, its files. */
async function putOne(space: Space, below: Below, place = (own: GitPlace): GitPlace => own): Promise<void> {
  const { path, mirror, module, oid } = below;
  await claimMirror(mirror);
  const root = gitDirOf(space);
  const gitDir = join(root, module);
  const folder = join(space.worktree, path);
  await claimPath(root, module);
  await claimFolders(gitDir);
  await Promise.all([...UNFINISHED, ...NOT_OURS].map((name) => removeTree(join(gitDir, name))));
  const before = await commitIn(gitDir);
  if (before !== undefined && before !== oid) await put(gitDir, `${ASIDE}${before}`, `${before}\n`);
  await put(gitDir, 'objects/info/alternates', `${join(mirror, 'objects')}\n`);
  await put(gitDir, 'config', configurationOf(below, relative(gitDir, folder)));
  // Folders on the way are made, and links in it go.
  await writeInside(space.worktree, `${path}/.git`, `gitdir: ${relative(folder, gitDir)}\n`);
  const own = {
    ...space,
    // Contents of submodules are not brought.
    lfs: undefined,
    mirror,
    worktree: folder,
    state: join(space.state, 'submodules', digestOfText(module).slice(-40)),
  };
  await withIndex(own, async (at) => {
    await git(place(at), ['read-tree', '--reset', '-u', oid]);
    await git(place(at), ['clean', '-ffdq'], { accept: [1] });
  });
  await copyIndex(own, gitDir);
  // Last, because by this one is taken for whole.
  await put(gitDir, 'HEAD', `${oid}\n`);
}

/** A commit that only the workspace has yet. Answers whether it is there now. */
async function putAgents(space: Space, below: Below, gitDir: string | undefined): Promise<boolean> {
  // Elsewhere its repository would go before its files are read.
  if (gitDir !== join(gitDirOf(space), below.module)) return false;
  const objects = join(gitDir, 'objects');
  if (!(await hasPlainObjects(space, objects))) return false;
  // Of an address that is new, nothing was brought before the checks.
  const { mirror } = (await hasMirror(below.mirror)) ? below : space;
  try {
    await putOne(space, { ...below, mirror }, (own) => withObjects(own, objects));
    return true;
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
}

async function empty(space: Space, { path }: Below): Promise<void> {
  const folder = await folderInside(space.worktree, path);
  if (folder === undefined) return;
  await removeTree(folder);
  await mkdir(folder);
}

const configurationOf = ({ address }: Below, worktree: string): string =>
  [
    '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n',
    `\tworktree = ${quoted(worktree)}\n[gc]\n\tauto = 0\n[remote "origin"]\n\turl = ${quoted(address.at)}\n`,
    `\tfetch = +refs/heads/*:refs/remotes/origin/*\n${activeSection(['.'])}`,
  ].join('');
