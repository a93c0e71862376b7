/**
 * Brings contents of Git LFS into the store of a mirror: from the user's repository, which costs no network, then from the remote
 * of the base. What an agent names itself is never asked.
 */
import { PawlError } from '../../domain/failures.ts';
import { clip, LIMITS } from '../../domain/limits.ts';
import { openRepository, type Repository } from '../repository/find-repository.ts';
import { textAt } from './files-at.ts';
import { GIVES_TO_LFS, type Pointer, pointersAt } from './lfs-pointers.ts';
import { fetchContents, type Lfs } from './lfs-program.ts';
import { copyContent, freshen, lackingIn, storeIn, storeOf } from './lfs-store.ts';
import { type BaseSource, placeOf } from './mirror.ts';
import { textOf } from './path-bytes.ts';
import type { Remote } from './remote.ts';
import { lfsOf, type Space } from './space.ts';
import { addressOf } from './submodule-address.ts';
import { addressFor } from './surroundings.ts';

export interface LfsSources {
  readonly space: Space;
  readonly repository: Repository;
  /** Of the task, with the credential for it; undefined where its base is the user's own. */
  readonly remote: Remote | undefined;
}

/** Files that stay pointers. */
export interface Lacking {
  readonly paths: readonly string[];
  /** A sentence without its end. */
  readonly why: string;
}

/**
 * Brings what a commit in the mirror points to, as far as it can be had. Idempotent.
 * @param only of these paths, as latin1; else of all
 * @returns undefined where all is there, and where there is no Git LFS
 */
export async function bringContents(
  sources: LfsSources,
  commit: string,
  only?: ReadonlySet<string>,
): Promise<Lacking | undefined> {
  const lfs = lfsOf(sources.space);
  if (lfs === undefined) return undefined;
  const all = [...(await pointersAt(sources.space, commit))];
  const wanted = only === undefined ? all : all.filter(([path]) => only.has(path));
  const store = storeIn(lfs.mirror);
  const lacking = new Map(wanted.map(([, pointer]) => [pointer.oid, pointer]));
  const settle = async () => {
    const left = new Set(await lackingIn(store, [...lacking.values()]));
    for (const [oid, pointer] of lacking) if (!left.has(pointer)) lacking.delete(oid);
    return lacking.size === 0;
  };
  await freshen(store, [...lacking.values()]);
  if (await settle()) return undefined;
  await copyAll(await storeOf(sources.repository), store, [...lacking.values()]);
  if (await settle()) return undefined;
  const why = await bringFromRemote(sources, lfs, commit, [...lacking.values()]);
  if (await settle()) return undefined;
  return {
    paths: wanted.flatMap(([path, { oid }]) => (lacking.has(oid) ? [textOf(path)] : [])),
    why,
  };
}

/** The same for a step that goes on with what there is. @returns what a person should know of it */
export async function bringNoting(sources: LfsSources, commit: string): Promise<readonly string[]> {
  const { space } = sources;
  if (space.lfs === undefined) {
    const attributes = await textAt(placeOf(space.mirror), commit, '.gitattributes');
    return attributes?.includes(GIVES_TO_LFS) === true ? [WITHOUT_LFS] : [];
  }
  const lacking = await bringContents(sources, commit);
  if (lacking === undefined) return [];
  const { paths, why } = lacking;
  const more = paths.length > NAMED_MAX ? ` and ${paths.length - NAMED_MAX} more` : '';
  const words = `files of Git LFS that are pointers in the workspace and for checks: ${paths.slice(0, NAMED_MAX).join(', ')}${more} (${why})`;
  return [clip(words, LIMITS.noteCharsMax)];
}

const NAMED_MAX = 3;
const WITHOUT_LFS =
  'files that .gitattributes gives to Git LFS are pointers in the workspace and for checks, and a change of one is refused: git-lfs was not found on the PATH of the shell that started the engine';

/** Those of a commit that comes later are there for an agent as far as they can be had; what cannot is said before its work is offered. */
export const withContents = (sources: LfsSources, source: BaseSource): BaseSource => ({
  ...source,
  async bringCommit(mirror, commit, known) {
    await source.bringCommit(mirror, commit, known);
    await bringContents(sources, commit);
  },
});

async function copyAll(from: string, to: string, pointers: readonly Pointer[]): Promise<void> {
  for (const pointer of pointers) await copyContent(from, to, pointer);
}

/** Answers why something is not there yet. */
async function bringFromRemote(
  { repository, remote }: LfsSources,
  lfs: Lfs,
  commit: string,
  pointers: readonly Pointer[],
): Promise<string> {
  const { top } = repository;
  const address = addressOf(remote?.url ?? (await addressFor(repository)), top);
  if (address.kind === 'none') return `${top} does not have the content, and of its remote ${address.why}`;
  if (address.kind === 'local' && address.at === top)
    return `${top} does not have the content, and has no remote`;
  const missing = `neither ${top} nor ${address.at} has the content`;
  try {
    if (address.kind === 'local') {
      const theirs = await openRepository(address.at);
      await copyAll(await storeOf(theirs), storeIn(lfs.mirror), pointers);
    } else await fetchContents(lfs, remote ?? { url: address.at }, commit);
    return missing;
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    return error.message;
  }
}
