/**
 * Brings commits of submodules into mirrors of the engine's own: one for each address that a repository names, below the mirror of
 * that repository, so that what its credential opened is there for no other. Nothing of a workspace ever gets into one, so what
 * is there says what the remote has.
 */
import { join, resolve } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { LIMITS } from '../../domain/limits.ts';
import { isWanted } from '../../domain/wanted-submodules.ts';
import { lock } from '../files/file-lock.ts';
import { kindOf } from '../files/without-links.ts';
import { openRepository, type Repository } from '../repository/find-repository.ts';
import { readRefs } from './distrusted-refs.ts';
import { movedSubmodules, readableSubmodulesAt } from './gitmodules.ts';
import { ensureMirror, placeOf, updateRefs } from './mirror.ts';
import { bringObjects, readCommits } from './objects.ts';
import { fetchIfThere, type Remote } from './remote.ts';
import { GitError, type GitPlace } from './run-git.ts';
import type { Space } from './space.ts';
import { type Below, belowOf, eachBelow, hasCommit, haveRef, type SubmoduleNote } from './submodules.ts';
import { addressFor } from './surroundings.ts';
import { PASSES } from './taken-commits.ts';

export interface Sources {
  readonly space: Space;
  readonly locks: string;
  /** The user's, which keeps submodules that were checked out there. */
  readonly repository: Repository;
  /** Of the task: submodules that its base names on the same host are asked with its credential. */
  readonly remote: Remote | undefined;
}

/** What a commit needs; and the base, for which somebody vouches. Both are in the mirror. */
export interface Needed {
  readonly base: string;
  readonly commit: string;
}

/** Why a submodule cannot be checked out. */
interface Lack {
  /** Its remote does not have the commit: for sure, and nobody else has it either. */
  readonly isMissing: boolean;
  /** A part of a sentence. */
  readonly why: string;
}

/**
 * Brings what is wanted of a commit; of what is not wanted, what the commit has moved, as far as it can be had.
 * @returns in words, why it cannot be checked out: none where all is there
 * @throws PawlError `unavailable` where a remote that is needed cannot be reached now
 */
export async function bringSubmodules(
  sources: Sources,
  note: SubmoduleNote,
  { base, commit }: Needed,
): Promise<readonly string[]> {
  const { space } = sources;
  const moved = await movedSubmodules(placeOf(space.mirror), base, commit);
  const besideWanted = moved.filter((path) => !isWanted(note.wanted, path));
  if (note.wanted === false && besideWanted.length === 0) return [];
  const vouched = await namedAt(space, note, base);
  const addresses = new Set([...vouched.values()].map(({ address }) => address.at));
  const isKnown = (one: Below): boolean => {
    if (one.above !== undefined) return isKnown(one.above);
    const before = vouched.get(one.path);
    return before?.oid === one.oid && before.address.at === one.address.at;
  };
  const problems = base === commit ? unknownAmong(note, vouched) : [];
  const add = (one: Below, { why }: Lack) => {
    const before = one.above === undefined ? vouched.get(one.path) : undefined;
    const back = before === undefined || before.oid === one.oid ? '' : `, or put it back to ${before.oid}`;
    problems.push(`submodule ${one.path} ${why}${back}`);
  };
  const ask = (one: Below): Promise<Lack | undefined> => {
    const known = isKnown(one);
    const trusted = known || (one.above === undefined && addresses.has(one.address.at));
    return bring(sources, one, { known, trusted });
  };
  const besides = await eachBelow(space, note, commit, async (one) => {
    const lack = await ask(one);
    if (lack !== undefined) add(one, lack);
    return lack === undefined;
  });
  const now = besideWanted.length === 0 ? new Map<string, Below>() : await namedAt(space, note, commit);
  for (const one of besideWanted.flatMap((path) => now.get(path) ?? [])) {
    const lack = await ask(one).catch(unlessRefused);
    if (lack?.isMissing === true) add(one, lack);
  }
  return [...problems, ...besides].slice(0, LIMITS.filesNamedMax);
}

const unknownAmong = ({ wanted }: SubmoduleNote, there: ReadonlyMap<string, Below>): string[] =>
  typeof wanted === 'boolean'
    ? []
    : wanted.filter((path) => !there.has(path)).map((path) => `there is no submodule ${path}`);

/** Those of the commit itself. One that cannot be read names none: it is said where one is wanted. */
async function namedAt(
  space: Space,
  { from }: SubmoduleNote,
  commit: string,
): Promise<ReadonlyMap<string, Below>> {
  const found = await readableSubmodulesAt(placeOf(space.mirror), commit);
  return new Map(found.map((one) => [one.path, belowOf(space, one, from)]));
}

const unlessRefused = (error: unknown): undefined => {
  if (!(error instanceof PawlError)) throw error;
};

interface Standing {
  /** The base names it, at this commit. */
  readonly known: boolean;
  /** The base names its address. */
  readonly trusted: boolean;
}

async function bring(sources: Sources, one: Below, standing: Standing): Promise<Lack | undefined> {
  if (one.problem !== undefined) return { isMissing: false, why: `cannot be checked out: ${one.problem}` };
  if (await hasCommit(one)) return undefined;
  const held = await lock(join(sources.locks, `submodule-${one.mirror.slice(-44, -4)}`));
  try {
    await ensureMirror(one.mirror);
    const lack = await bringInto(sources, one, standing);
    if (lack === undefined) await updateRefs(one.mirror, [{ ref: haveRef(one.oid), to: one.oid }]);
    return lack;
  } finally {
    held.release();
  }
}

async function bringInto(sources: Sources, one: Below, standing: Standing): Promise<Lack | undefined> {
  const { address, oid } = one;
  if (standing.known && (await bringFromClone(sources, one))) return undefined;
  const missing: Lack = {
    isMissing: true,
    why: `is at ${oid}, which ${address.at} does not have: push it there`,
  };
  if (address.kind === 'local') return (await bringFromFolder(one, standing)) ? undefined : missing;
  // What an agent names itself is asked for as by anybody: neither a credential nor a key of the user's opens it.
  if (address.kind === 'ssh' && !standing.trusted)
    return {
      isMissing: false,
      why: `cannot be checked out: the base does not name ${address.at}, and it is of ssh`,
    };
  const remote = standing.trusted ? withCredential(address.at, sources.remote) : { url: address.at };
  try {
    return (await fetchIfThere(one.mirror, remote, oid)) ? undefined : missing;
  } catch (error) {
    if (!(error instanceof PawlError) || error.code !== 'precondition') throw error;
    return { isMissing: false, why: `cannot be checked out: ${error.message}` };
  }
}

function withCredential(at: string, remote: Remote | undefined): Remote {
  if (remote === undefined || URL.parse(at)?.origin !== URL.parse(remote.url)?.origin) return { url: at };
  return { ...remote, url: at };
}

/** The submodule as the user has it checked out, which costs no network. */
async function bringFromClone({ repository }: Sources, one: Below): Promise<boolean> {
  for (const gitDir of new Set([repository.gitDir, repository.commonDir])) {
    const folder = join(gitDir, one.module);
    if (!(await kindOf(folder))?.isDirectory() || (await kindOf(join(folder, 'shallow'))) !== undefined)
      continue;
    // Its settings may name a working tree that is elsewhere by now.
    if (await bringObjectsOf(one, { cwd: folder, env: { GIT_DIR: folder, GIT_WORK_TREE: folder } }, false))
      return true;
  }
  return false;
}

async function bringFromFolder(one: Below, { trusted }: Standing): Promise<boolean> {
  const theirs = await openRepository(one.address.at).catch(unlessRefused);
  if (theirs === undefined || (await kindOf(join(theirs.commonDir, 'shallow'))) !== undefined) return false;
  return bringObjectsOf(one, theirs.place, !trusted);
}

/** Answers whether that repository has the commit. */
async function bringObjectsOf({ mirror, oid }: Below, from: GitPlace, distrusted: boolean): Promise<boolean> {
  if ((await readCommits(from, [oid]))[0] === undefined) return false;
  const before = (await readRefs(mirror)).slice(0, KNOWN_MAX).map((ref) => ref.oid);
  const known = (await readCommits(from, before)).flatMap((commit) =>
    commit === undefined ? [] : [commit.oid],
  );
  try {
    await bringObjects({ from, to: placeOf(mirror), distrusted }, oid, known);
    return true;
  } catch (error) {
    // Parts of it are not there, or are what git lets nobody have.
    const isOfObjects = error instanceof GitError && !PASSES.test(error.stderr);
    if (isOfObjects || (error instanceof PawlError && error.code === 'precondition')) return false;
    throw error;
  }
}

/** More commits that both have say nothing more. */
const KNOWN_MAX = 20;

/** Where relative addresses of submodules start, as git has it: at the remote of the repository, or at itself. */
export async function startOfAddresses({
  repository,
  remote,
}: Pick<Sources, 'repository' | 'remote'>): Promise<string> {
  const address = remote?.url ?? (await addressFor(repository));
  if (address.startsWith('file://')) return URL.parse(address)?.pathname ?? repository.top;
  return /^[^/]+:/.test(address) ? address : resolve(repository.top, address);
}
