/** A merge whose conflicts an agent is to solve: noted beside the worktree, where it is started and when it is over. */
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
export const forgetMerge = (space: Space): Promise<void> => rm(fileOf(space), { force: true });

export async function isMerging(space: Space): Promise<boolean> {
  return (await readWhole(fileOf(space))) !== undefined;
}
