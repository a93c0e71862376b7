/**
 * The submodules of a task's repository that the engine checks out: which are wanted, noted beside its workspace, and what there
 * is of them below a commit, theirs included.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { digestOfText } from '../../domain/digest.ts';
import { LIMITS } from '../../domain/limits.ts';
import { isWanted, type Submodules } from '../../domain/wanted-submodules.ts';
import { readWhole, writeWhole } from '../files/atomic-file.ts';
import { readRef } from './distrusted-refs.ts';
import { type Submodule, submodulesAt } from './gitmodules.ts';
import { placeOf } from './mirror.ts';
import { GitError } from './run-git.ts';
import type { Space } from './space.ts';
import { type Address, addressOf } from './submodule-address.ts';

const Note = z.object({
  wanted: z.union([z.boolean(), z.array(z.string())]),
  /** The address of the task's repository, from which relative ones start. */
  from: z.string(),
});
/** What a task goes by. */
export type SubmoduleNote = z.infer<typeof Note>;

/** The same for the workspace and for the space of its checks. */
const noteOf = ({ mirror, owner }: Space): string => join(mirror, 'pawl', owner.id, 'submodules.json');

export async function readNote(space: Space): Promise<SubmoduleNote | undefined> {
  const text = await readWhole(noteOf(space));
  return text === undefined ? undefined : Note.parse(JSON.parse(text));
}

export async function writeNote(space: Space, wanted: Submodules, from: string): Promise<SubmoduleNote> {
  const note: SubmoduleNote = { wanted, from };
  if (wanted === false) await rm(noteOf(space), { force: true });
  else await writeWhole(noteOf(space), JSON.stringify(note));
  return note;
}

/** A submodule below a commit. */
export interface Below {
  /** Its folder, from the top of the task's repository. */
  readonly path: string;
  readonly oid: string;
  readonly address: Address;
  /** The engine's own copy of that address, for this repository. */
  readonly mirror: string;
  /** Where git keeps its repository, from the top one. */
  readonly module: string;
  /** The one that has it. */
  readonly above?: Below;
  readonly problem?: string;
}

/** One that has the commit has all of it: this was set once it had. */
export const haveRef = (oid: string): string => `refs/pawl/have/${oid}`;

export const hasCommit = async ({ mirror, oid }: Below): Promise<boolean> =>
  (await readRef(mirror, haveRef(oid))) !== undefined;

/**
 * Looks at every wanted submodule of a commit, each before those that it has itself.
 * @param look answers whether to look at those
 * @returns in words, what is too much or cannot be read
 */
export async function eachBelow(
  space: Space,
  { wanted, from }: SubmoduleNote,
  treeish: string,
  look: (below: Below) => Promise<boolean>,
): Promise<readonly string[]> {
  const problems: string[] = [];
  let count = 0;
  const walk = async (above: Below | undefined, depth: number): Promise<void> => {
    const inside = above === undefined ? '' : ` of submodule ${above.path}`;
    const [place, at] =
      above === undefined ? [placeOf(space.mirror), treeish] : [placeOf(above.mirror), above.oid];
    const found = await submodulesAt(place, at).catch((error: unknown) => {
      if (!(error instanceof GitError)) throw error;
      problems.push(`.gitmodules${inside} cannot be read: ${error.message}`);
      return [];
    });
    if (found.length > 0 && depth > LIMITS.submoduleDepthMax) {
      problems.push(
        `submodule ${above?.path} has more: expected at most ${LIMITS.submoduleDepthMax} in one another`,
      );
      return;
    }
    for (const one of found) {
      if (above === undefined && !isWanted(wanted, one.path)) continue;
      count += 1;
      if (count > LIMITS.submodulesMax) return;
      const below = belowOf(space, one, from, above);
      if (await look(below)) await walk(below, depth + 1);
    }
  };
  await walk(undefined, 1);
  if (count > LIMITS.submodulesMax)
    problems.push(`expected at most ${LIMITS.submodulesMax} submodules, found more`);
  return problems;
}

/** The folder with the mirrors of a repository's submodules. */
export const submoduleMirrors = (mirror: string): string => join(mirror, 'submodules');

export function belowOf(space: Space, one: Submodule, from: string, above?: Below): Below {
  const { path, oid, name = '', url } = one;
  const address = addressOf(url ?? '', above?.address.at ?? from);
  const why =
    url === undefined ? '.gitmodules gives it no url' : address.kind === 'none' ? address.why : undefined;
  const problem = one.problem ?? why;
  return {
    path: above === undefined ? path : `${above.path}/${path}`,
    oid,
    address,
    mirror: join(
      submoduleMirrors(space.mirror),
      `${digestOfText(`${address.kind} ${address.at}`).slice(-40)}.git`,
    ),
    module: `${above === undefined ? '' : `${above.module}/`}modules/${name}`,
    ...(above === undefined ? {} : { above }),
    ...(problem === undefined ? {} : { problem }),
  };
}
