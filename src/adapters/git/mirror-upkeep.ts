/**
 * Upkeep of mirrors: what nobody can reach any more is taken out, and the rest is packed. Git's own collector does it, which
 * is safe beside other gits as long as what is young stays: what a task has written and not yet set a ref to, and all that
 * a live workspace may still lean on.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn } from '../files/folder-names.ts';
import { isCode, kindOf } from '../files/without-links.ts';
import { pointersBeyond } from './lfs-pointers.ts';
import { expireContents } from './lfs-store.ts';
import { claimMirror, hasMirror, placeOf } from './mirror.ts';
import { git, gitLine } from './run-git.ts';
import { BASE_REFS } from './space.ts';
import { submoduleMirrors } from './submodules.ts';

/** What lies in a mirror, as `git count-objects -v` tells it. */
export interface Heap {
  readonly looseObjects: number;
  readonly looseKib: number;
  readonly packs: number;
}

/** Packing reads all of a mirror, so it waits until it is worth it. Git's own measure for packs is 50, for objects 6,700. */
const LOOSE_OBJECTS_MAX = 1_000;
const LOOSE_KIB_MAX = 20 * 1024;
const PACKS_MAX = 20;

/** Pure. */
export const needsUpkeep = ({ looseObjects, looseKib, packs }: Heap): boolean =>
  looseObjects > LOOSE_OBJECTS_MAX || looseKib > LOOSE_KIB_MAX || packs > PACKS_MAX;

const GRACE_MS = 24 * 60 * 60_000;

/**
 * Before when an object must have been written last to be taken out. A live task knows checkpoints by the names of their
 * trees, to which no ref is set, and its agent's git does not write again what the mirror has already; so nothing goes that
 * is younger than the oldest of them. Pure.
 * @param madeAt when each live workspace of the mirror was made, in milliseconds since 1970
 */
export const expiryMs = (nowMs: number, madeAt: readonly number[]): number =>
  Math.max(0, Math.min(nowMs, ...madeAt) - GRACE_MS);

/**
 * Every mirror below a folder, and those of its submodules, one after the other. Cut off anywhere it leaves nothing that the next one does not take.
 * @param signal stops before the next mirror
 * @returns how many were packed
 */
export async function maintainMirrors(
  folder: string,
  signal: AbortSignal,
  now: () => number = Date.now,
): Promise<number> {
  let count = 0;
  for (const name of await namesIn(folder)) {
    if (signal.aborted) return count;
    const mirror = join(folder, name);
    if (!name.endsWith('.git') || !(await hasMirror(mirror))) continue;
    if (await maintain(mirror, now())) count += 1;
    count += await maintainMirrors(submoduleMirrors(mirror), signal, now);
  }
  return count;
}

async function maintain(mirror: string, nowMs: number): Promise<boolean> {
  await claimMirror(mirror);
  await maintainContents(mirror, nowMs);
  if (!needsUpkeep(await heapOf(mirror))) return false;
  // Looked at first: a workspace that is made meanwhile finds all that is there now.
  const expire = `@${Math.floor(expiryMs(nowMs, await liveSince(mirror)) / 1_000)}`;
  const place = placeOf(mirror);
  await git(place, ['repack', '-A', '-d', '-q', '-l', `--unpack-unreachable=${expire}`]);
  await git(place, ['prune', `--expire=${expire}`]);
  return true;
}

/** What a live workspace leans on of Git LFS was made as young as that when it was brought. */
async function maintainContents(mirror: string, nowMs: number): Promise<void> {
  if ((await kindOf(join(mirror, 'lfs'))) === undefined) return;
  const beforeMs = expiryMs(nowMs, await liveSince(mirror));
  const kept = await pointersBeyond(placeOf(mirror), '--glob=refs/pawl/kept/*', [
    '--glob=refs/pawl/fetched/*',
  ]);
  await expireContents(mirror, beforeMs, new Set(kept.map(({ oid }) => oid)));
}

export async function heapOf(mirror: string): Promise<Heap> {
  const text = await gitLine(placeOf(mirror), ['count-objects', '-v']);
  const found = new Map(text.split('\n').map((line) => line.split(': ') as [string, string]));
  const numberOf = (name: string) => Number(found.get(name) ?? 0);
  return { looseObjects: numberOf('count'), looseKib: numberOf('size'), packs: numberOf('packs') };
}

/** The ref to a workspace's base is set when it is made, and never again. */
async function liveSince(mirror: string): Promise<readonly number[]> {
  const refs = await gitLine(placeOf(mirror), ['for-each-ref', '--format=%(refname)', BASE_REFS]);
  return Promise.all(
    refs
      .split('\n')
      .filter(Boolean)
      .map((ref) => setAtMs(join(mirror, ref))),
  );
}

/** One that somebody has packed is as old as can be. */
async function setAtMs(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return 0;
    throw error;
  }
}
