/** Conflicts that an agent is to solve, of a merge or of its own: noted beside the worktree until they are over. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readWhole, writeWhole } from '../files/atomic-file.ts';
import type { Commit } from './objects.ts';
import type { Space } from './space.ts';

/** It counts while the branch is where it was started. */
const Merging = z.object({
  head: z.string(),
  base: z.string(),
  /** As the agent got it. */
  tree: z.string(),
  /** In conflict, as latin1. Like the next absent in notes of older engines. */
  files: z.array(z.string()).optional(),
  /** Of them, submodules, which no marker can stand in. */
  submodules: z.array(z.string()).optional(),
  /** Present where the base was rewritten: the two commits that were merged then. What solves it stands on the base alone. */
  carries: z.array(z.string()).optional(),
});
export type Merging = z.infer<typeof Merging>;

const fileOf = ({ state }: Space): string => join(state, 'merging.json');

export const writeMerging = (space: Space, merging: Merging): Promise<void> =>
  writeWhole(fileOf(space), JSON.stringify(merging), 'durable');

export async function readMerging(space: Space, tip: Commit): Promise<Merging | undefined> {
  const text = await readWhole(fileOf(space));
  const merging = text === undefined ? undefined : Merging.parse(JSON.parse(text));
  return merging?.head === tip.oid ? merging : undefined;
}

/** The next commit is no merge any more: the worktree was put back to a commit. */
export async function forgetMerge(space: Space): Promise<void> {
  await Promise.all([fileOf, ownFileOf].map((file) => rm(file(space), { force: true })));
}

const ownFileOf = ({ state }: Space): string => join(state, 'own-conflicts.json');

/** @param paths of files with conflicts that the agent has made itself, as latin1 */
export const noteConflicts = (space: Space, paths: readonly string[]): Promise<void> =>
  writeWhole(ownFileOf(space), JSON.stringify(paths), 'durable');

export async function readConflicts(space: Space): Promise<readonly string[]> {
  return z.array(z.string()).parse(JSON.parse((await readWhole(ownFileOf(space))) ?? '[]'));
}

export async function isMerging(space: Space): Promise<boolean> {
  return (await readWhole(fileOf(space))) !== undefined;
}
