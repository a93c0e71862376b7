/**
 * The git repository that a workspace is: refs, stash, configuration and index of its own, with the objects of the mirror
 * behind its own. It is for the agent's git and that of checks; the engine works by the mirror, and writes here what
 * such a git needs as files, without starting one.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm, stat, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readWhole, writeWhole } from '../files/atomic-file.ts';
import { isCode, kindOf, removeTree, writeInside } from '../files/without-links.ts';
import { readHead, readRef, readRefs } from './distrusted-refs.ts';
import { gitDirOf, ignoreRulesFile, indexOf, type Space } from './space.ts';
import { baseRefs, configurationOf } from './surroundings.ts';

/** What a command of the agent's that was cut off leaves behind, and would be in the way of the next agent. */
export const UNFINISHED = [
  'index.lock',
  'HEAD.lock',
  'packed-refs.lock',
  'config.lock',
  'MERGE_HEAD',
  'MERGE_MSG',
  'MERGE_MODE',
  'AUTO_MERGE',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'rebase-merge',
  'rebase-apply',
  'sequencer',
  'BISECT_LOG',
  'BISECT_START',
];

/** Files by which a repository decides what a command does or sees. Between two programs a workspace has none of an agent's. */
export const NOT_OURS = ['commondir', 'config.worktree', 'hooks', 'info', 'gitdir', 'locked'];

const FOLDERS = ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags'];

/** Where what the engine moved aside stays reachable for the agent's git and until the workspace goes. */
export const ASIDE = 'refs/pawl/aside/';

export const objectsOf = (space: Space): string => join(gitDirOf(space), 'objects');

/**
 * Makes the worktree one that the agent's git works in: on the task's branch, nothing half-done, its index as the
 * engine's. Branches, stashes and objects of the agent's stay. A worktree that is linked to the mirror, as an engine before
 * this one made it, becomes a repository of its own. Idempotent; only while no agent runs.
 * @param at where the branch is from now on; else it stays where it is
 */
export async function dress(space: Space, at?: string): Promise<void> {
  const gitDir = gitDirOf(space);
  const { mirror, refs, admin } = space;
  await claimFolders(gitDir);
  await Promise.all([...UNFINISHED, ...NOT_OURS].map((name) => removeTree(join(gitDir, name))));
  await putAlternates(space);
  const set = [...(await baseRefs(space))];
  const own = at ?? (await readRef(mirror, refs.tip));
  const left = at === undefined ? await readRef(gitDir, refs.branch) : undefined;
  if (left === undefined && own !== undefined) set.push([refs.branch, own]);
  const ours = await noteOurs(
    space,
    set.map(([, oid]) => oid),
  );
  for (const [ref, to] of set) await moveRef(gitDir, ref, to, ours);
  const head = await readHead(gitDir);
  if (typeof head === 'object') await keepAside(gitDir, head.oid, ours);
  await put(gitDir, 'config', await configurationOf(space));
  await put(gitDir, 'HEAD', `ref: ${refs.branch}\n`);
  const ignoreRules = await readWhole(ignoreRulesFile(space));
  if (ignoreRules) await put(gitDir, 'info/exclude', ignoreRules);
  await putShallow(mirror, gitDir);
  await copyIndex(space);
  await removeTree(admin);
}

/** The folders that git wants, none of them a link or without a right of its owner's. */
export async function claimFolders(gitDir: string): Promise<void> {
  for (const path of FOLDERS) await claimPath(gitDir, path);
}

export async function claimPath(gitDir: string, path: string): Promise<void> {
  let at = gitDir;
  await claimFolder(at);
  for (const part of path.split('/').filter((one) => one !== '.')) {
    at = join(at, part);
    await claimFolder(at);
  }
}

async function claimFolder(path: string): Promise<void> {
  const kind = await kindOf(path);
  if (kind?.isDirectory()) {
    if ((kind.mode & 0o700) !== 0o700) await chmod(path, 0o700);
    return;
  }
  if (kind !== undefined) await unlink(path);
  await mkdir(path, { recursive: true });
}

/** Objects that the repository has not itself are the mirror's; an agent decides nothing about where they are from. */
export const putAlternates = (space: Space): Promise<void> =>
  put(gitDirOf(space), 'objects/info/alternates', `${join(space.mirror, 'objects')}\n`);

/** Sets a ref. What it named before is kept aside, and so is each ref whose name cannot be beside its own. */
async function moveRef(gitDir: string, ref: string, to: string, ours: ReadonlySet<string>): Promise<void> {
  const before = await readRef(gitDir, ref);
  if (before === to) return;
  if (before !== undefined) await keepAside(gitDir, before, ours);
  const path = join(gitDir, ref);
  const [there, above] = await Promise.all([kindOf(path), kindOf(dirname(path))]);
  if (there?.isDirectory() || above?.isFile()) {
    const inTheWay = (await readRefs(gitDir)).filter(
      (one) => one.ref.startsWith(`${ref}/`) || ref.startsWith(`${one.ref}/`),
    );
    for (const { oid } of inTheWay) await keepAside(gitDir, oid, ours);
  }
  await put(gitDir, ref, `${to}\n`);
  await removeTree(`${path}.lock`);
}

/** What the engine itself has put there, and replaces, is nothing that somebody else left. */
async function keepAside(gitDir: string, oid: string, ours: ReadonlySet<string>): Promise<void> {
  if (!ours.has(oid)) await put(gitDir, `${ASIDE}${oid}`, `${oid}\n`);
}

/** So many of the commits that the engine has put into the workspace are known as its own. */
const OURS_MAX = 50;

/** Notes what the engine is about to put into the workspace. Answers all that it has put there. */
async function noteOurs({ state }: Space, oids: readonly string[]): Promise<ReadonlySet<string>> {
  const file = join(state, 'put');
  const before = ((await readWhole(file)) ?? '').split('\n').filter(Boolean);
  const ours = new Set([...before, ...oids]);
  const text = [...ours].slice(-OURS_MAX).map((oid) => `${oid}\n`);
  if (ours.size > before.length) await writeWhole(file, text.join(''));
  return ours;
}

/** Writes a file whatever an agent put in its place. */
export async function put(gitDir: string, path: string, text: string): Promise<void> {
  const before = await kindOf(join(gitDir, path));
  // A second name for it is one by which it could be written later. What has the same size can be read whole.
  const isAlike = before?.isFile() && before.nlink === 1 && before.size === Buffer.byteLength(text);
  if (isAlike && (await readWhole(join(gitDir, path))) === text) return;
  await claimPath(gitDir, dirname(path));
  await writeInside(gitDir, path, text);
}

/** Where the mirror's history ends, so does that of the workspace. */
async function putShallow(mirror: string, gitDir: string): Promise<void> {
  const shallow = await readWhole(join(mirror, 'shallow'));
  if (shallow === undefined) await removeTree(join(gitDir, 'shallow'));
  else await put(gitDir, 'shallow', shallow);
}

/**
 * A file of its own, since git writes bits of an index in place: what an agent marks in its index is not in the engine's.
 * By the file's time git knows what may have changed unseen, so the copy is never younger.
 */
export async function copyIndex(space: Space, gitDir = gitDirOf(space)): Promise<void> {
  const draft = join(gitDir, `index-${randomUUID()}`);
  const target = join(gitDir, 'index');
  try {
    const { atimeMs, mtimeMs } = await stat(indexOf(space));
    await copyFile(indexOf(space), draft, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await utimes(draft, atimeMs / 1_000, Math.floor(mtimeMs - 1) / 1_000);
    if ((await kindOf(target))?.isDirectory()) await removeTree(target);
    await rename(draft, target);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whether objects of the agent's are plain files: nothing by which reading them would wait or lead elsewhere. */
export async function hasPlainObjects(space: Space, objects: string): Promise<boolean> {
  if (!(await kindOf(gitDirOf(space)))?.isDirectory()) return false;
  if (!(await kindOf(objects))?.isDirectory()) return false;
  try {
    const entries = await readdir(objects, { recursive: true, withFileTypes: true });
    return entries.every((entry) => entry.isFile() || entry.isDirectory());
  } catch (error) {
    // An agent may take away the right to look.
    if (isCode(error, 'EACCES', 'EPERM')) return false;
    throw error;
  }
}
