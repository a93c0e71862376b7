/** What is read of commits in a mirror, for whomever they were brought. */
import type { Commits } from '../../activities/ports/commits-port.ts';
import type { OwnerRef } from '../../domain/owner-ref.ts';
import { partsOf } from '../files/without-links.ts';
import { createComparisons } from './diff.ts';
import { pathsAt, textAt } from './files-at.ts';
import { lfsContents } from './lfs-files.ts';
import { placeOf } from './mirror.ts';
import type { GitPlace } from './run-git.ts';
import type { Space } from './space.ts';
import { createTexts } from './texts.ts';

/** @param find throws where there is nothing of the owner */
export function createCommits(
  find: (owner: OwnerRef) => Promise<Space>,
  comparisons = createComparisons(),
): Omit<Commits, 'submodules'> {
  const texts = createTexts();
  const placeFor = async (owner: OwnerRef): Promise<GitPlace> => placeOf((await find(owner)).mirror);
  return {
    fileAt: async (owner, commit, path) => textAt(await placeFor(owner), commit, partsOf(path).join('/')),
    textsAt: async (owner, commit, paths) => texts.read(await placeFor(owner), commit, paths),
    changes: async (owner, from, to) => comparisons.changes(await placeFor(owner), from, to),
    linksOut: async (owner, from, to) => comparisons.linksOut(await placeFor(owner), from, to),
    lfsContents: async (owner, from, to) => lfsContents(await find(owner), texts, from, to),
    files: async (owner, commit) => pathsAt(await placeFor(owner), commit),
  };
}
