/** What is read of commits in a mirror, for whomever they were brought. */
import type { Commits } from '../../activities/ports/commits-port.ts';
import type { OwnerRef } from '../../domain/owner-ref.ts';
import { partsOf } from '../files/without-links.ts';
import { createComparisons } from './diff.ts';
import { pathsAt, textAt } from './files-at.ts';
import { lfsProblem } from './lfs-files.ts';
import type { LfsSources } from './lfs-sources.ts';
import { placeOf } from './mirror.ts';
import type { GitPlace } from './run-git.ts';
import type { Space } from './space.ts';
import { createTexts } from './texts.ts';

/**
 * @param find throws where there is nothing of the owner
 * @param sourcesOf where contents of Git LFS come from
 */
export function createCommits<Owner extends OwnerRef>(
  find: (owner: Owner) => Promise<Space<Owner>>,
  sourcesOf: (space: Space<Owner>) => Promise<LfsSources>,
  comparisons = createComparisons(),
): Omit<Commits<Owner>, 'submodules'> {
  const texts = createTexts();
  const placeFor = async (owner: Owner): Promise<GitPlace> => placeOf((await find(owner)).mirror);
  return {
    fileAt: async (owner, commit, path) => textAt(await placeFor(owner), commit, partsOf(path).join('/')),
    textsAt: async (owner, commit, paths) => texts.read(await placeFor(owner), commit, paths),
    changes: async (owner, from, to) => comparisons.changes(await placeFor(owner), from, to),
    linksOut: async (owner, from, to) => comparisons.linksOut(await placeFor(owner), from, to),
    lfsProblem: async (owner, from, to) => lfsProblem(await sourcesOf(await find(owner)), texts, from, to),
    files: async (owner, commit) => pathsAt(await placeFor(owner), commit),
  };
}
