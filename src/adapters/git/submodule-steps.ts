/** What the steps of a task do about submodules: bring them, then check them out. */
import { PawlError } from '../../domain/failures.ts';
import type { Submodules } from '../../domain/wanted-submodules.ts';
import { dress } from './own-repository.ts';
import { bringSubmodules, type Needed, type Sources, startOfAddresses } from './submodule-sources.ts';
import { followSubmodules } from './submodule-trees.ts';
import { readNote, writeNote } from './submodules.ts';
import { stateOf } from './task-branch.ts';

export function openSubmodules(sources: Sources) {
  const { space } = sources;
  return {
    /** See `Workspaces.submodules`. */
    async open(wanted: Submodules | undefined, needed: Needed): Promise<readonly string[]> {
      const from = await startOfAddresses(sources);
      const note =
        wanted === undefined
          ? ((await readNote(space)) ?? { wanted: false, from })
          : await writeNote(space, wanted, from);
      const problems = await bringSubmodules(sources, note, needed);
      if (note.wanted === false || problems.length > 0) return problems;
      await followSubmodules(space, (await stateOf(space)).tip.oid);
      // It says which submodules are there.
      await dress(space);
      return problems;
    },
    /**
     * What can be had of a newer base, or else of the task's branch, is there for an agent: what cannot is said before its work is
     * checked.
     */
    async follow(newer?: string): Promise<void> {
      const note = await readNote(space);
      if (note === undefined) return;
      const { base, tip } = await stateOf(space);
      const needed =
        newer === undefined ? { base: base.oid, commit: tip.oid } : { base: newer, commit: newer };
      try {
        await bringSubmodules(sources, note, needed);
      } catch (error) {
        if (!(error instanceof PawlError)) throw error;
      }
      await followSubmodules(space, tip.oid);
    },
  };
}
