/**
 * The refs of a repository that an agent works in, read as text by code of ours: no git runs with its settings, no link
 * is followed, nothing is waited for (a pipe in the place of a file), and what is too large or no ref is not there.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode, kindOf } from '../files/without-links.ts';
import { isBranchName } from './branch-names.ts';

/** A ref and the object that it names, which need not be there. */
export interface LeftRef {
  readonly ref: string;
  readonly oid: string;
}

const LOOSE_BYTES_MAX = 4 * 1024;
const PACKED_BYTES_MAX = 32 * 1024 * 1024;
const LOG_BYTES_MAX = 4 * 1024 * 1024;
const REF_CHARS_MAX = 500;
const REFS_MAX = 100_000;
const DEPTH_MAX = 20;

const OBJECT_ID = /^([0-9a-f]{40})\s*$/;

/** Where one ref is; undefined where it names no object itself. */
export async function readRef(gitDir: string, ref: string): Promise<string | undefined> {
  const loose = await readBounded(gitDir, ref, LOOSE_BYTES_MAX);
  // What is there and says nothing still hides what is packed, as it does from git.
  if (loose !== undefined) return OBJECT_ID.exec(loose)?.[1];
  return (await packedRefs(gitDir)).get(ref);
}

/** All refs that name an object themselves. */
export async function readRefs(gitDir: string): Promise<readonly LeftRef[]> {
  const found = await packedRefs(gitDir);
  await addLoose(gitDir, 'refs', found, DEPTH_MAX);
  return [...found].map(([ref, oid]) => ({ ref, oid }));
}

/** The branch that is checked out, or the commit; undefined where HEAD is neither. */
export async function readHead(gitDir: string): Promise<LeftRef | string | undefined> {
  const text = (await readBounded(gitDir, 'HEAD', LOOSE_BYTES_MAX)) ?? '';
  const oid = OBJECT_ID.exec(text)?.[1];
  return oid === undefined ? /^ref: (refs\/\S+)\s*$/.exec(text)?.[1] : { ref: 'HEAD', oid };
}

/** Every stash, the newest first: only that one has a ref, the others stand in its log. */
export async function readStashes(gitDir: string): Promise<readonly string[]> {
  const log = (await readBounded(gitDir, 'logs/refs/stash', LOG_BYTES_MAX)) ?? '';
  const logged = log.split('\n').flatMap((line) => /^[0-9a-f]{40} ([0-9a-f]{40}) /.exec(line)?.[1] ?? []);
  const newest = await readRef(gitDir, 'refs/stash');
  return [...new Set([...(newest === undefined ? [] : [newest]), ...logged.reverse()])].slice(0, REFS_MAX);
}

/** Those of the one file in which git keeps many. */
export async function packedRefs(gitDir: string): Promise<Map<string, string>> {
  const text = (await readBounded(gitDir, 'packed-refs', PACKED_BYTES_MAX)) ?? '';
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, oid, ref] = /^([0-9a-f]{40}) (refs\/.+)$/.exec(line) ?? [];
    if (oid !== undefined && ref !== undefined && isRefName(ref) && found.size < REFS_MAX)
      found.set(ref, oid);
  }
  return found;
}

async function addLoose(
  gitDir: string,
  folder: string,
  found: Map<string, string>,
  depthLeft: number,
): Promise<void> {
  if (depthLeft === 0 || !(await isOwnFolder(gitDir, folder))) return;
  for (const entry of await entriesIn(join(gitDir, folder))) {
    const ref = `${folder}/${entry.name}`;
    if (entry.isDirectory()) await addLoose(gitDir, ref, found, depthLeft - 1);
    if (!entry.isFile() || !isRefName(ref)) continue;
    const oid = OBJECT_ID.exec((await readBounded(gitDir, ref, LOOSE_BYTES_MAX)) ?? '')?.[1];
    if (oid === undefined) found.delete(ref);
    else if (found.size < REFS_MAX) found.set(ref, oid);
  }
}

const entriesIn = (folder: string) =>
  readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isCode(error, 'ENOENT', 'EACCES', 'EPERM')) return [];
    throw error;
  });

const isRefName = (ref: string): boolean => ref.length <= REF_CHARS_MAX && isBranchName(ref);

/** Whether a path of the git directory leads to a folder without a link on the way. */
async function isOwnFolder(gitDir: string, folder: string): Promise<boolean> {
  let at = gitDir;
  for (const part of ['', ...folder.split('/').filter(Boolean)]) {
    at = join(at, part);
    if ((await kindOf(at))?.isDirectory() !== true) return false;
  }
  return true;
}

const readBounded = async (gitDir: string, path: string, bytesMax: number): Promise<string | undefined> =>
  (await bytesIn(gitDir, path, bytesMax))?.toString('utf8');

/** What a file holds; undefined where it is none, is larger, or is behind a link. Read at once, for the reason of `kindOf`. */
export async function bytesIn(gitDir: string, path: string, bytesMax: number): Promise<Buffer | undefined> {
  if (!(await isOwnFolder(gitDir, path.split('/').slice(0, -1).join('/')))) return undefined;
  const file = openFile(join(gitDir, path));
  if (file === undefined) return undefined;
  try {
    const kind = fstatSync(file);
    return kind.isFile() && kind.size <= bytesMax ? readFileSync(file) : undefined;
  } finally {
    closeSync(file);
  }
}

function openFile(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    // Not there, a link, a folder on the way that is none, a socket, or not to be read: in each case no ref.
    if (isCode(error, 'ENOENT', 'ELOOP', 'ENOTDIR', 'ENXIO', 'EACCES', 'EPERM', 'ENAMETOOLONG'))
      return undefined;
    throw error;
  }
}
