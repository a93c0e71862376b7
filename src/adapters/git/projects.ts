/** The port `Projects`: a repository in which somebody works by hand, looked at by way of the engine's mirror of it. */

import { mkdir, rm } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import type { Projects } from '../../activities/ports/projects-port.ts';
import { PawlError } from '../../domain/failures.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { OwnerRef } from '../../domain/owner-ref.ts';
import { readCopied } from '../files/copied-files.ts';
import { lock } from '../files/file-lock.ts';
import { folderInside, isCode, kindOf, partsOf } from '../files/without-links.ts';
import { readCopies } from '../repository/copies.ts';
import { openRepository, type Repository } from '../repository/find-repository.ts';
import { fromRepository } from './base-source.ts';
import { createCheckSpaces } from './check-spaces.ts';
import { createCommits } from './commits.ts';
import { bringCopies } from './copied.ts';
import { readRef, readRefs } from './distrusted-refs.ts';
import { closeExecutionBranch, openExecutionBranch } from './execution-branch.ts';
import { gitFactsOf } from './git-facts.ts';
import { bringContents } from './lfs-sources.ts';
import { claimMirror, ensureMirror, FETCHED_REFS, placeOf, repositoryKey, updateRefs } from './mirror.ts';
import { objectId, readCommits } from './objects.ts';
import { bytesOf, textOf } from './path-bytes.ts';
import { GITLINK, LINK } from './raw-changes.ts';
import { readObjects, sizesOf } from './read-objects.ts';
import { removeSpaces } from './remove-spaces.ts';
import { git } from './run-git.ts';
import { checkSpaceOf, type Space, type SpacePlaces, spaceOf } from './space.ts';
import { bringSubmodules, startOfAddresses } from './submodule-sources.ts';
import { readNote, writeNote } from './submodules.ts';
import { entriesOf } from './tree-entries.ts';

export interface ProjectPlaces extends SpacePlaces {
  readonly locks: string;
}

export function createProjects(places: ProjectPlaces): Projects {
  const checkSpaces = createCheckSpaces(places);
  /** There is no workspace of the engine's: what git asks of one is empty. */
  const find = async (owner: OwnerRef): Promise<Space> => {
    const space = spaceOf(places, owner);
    await claimMirror(space.mirror);
    await mkdir(space.state, { recursive: true });
    return { ...space, worktree: space.state };
  };
  const entriesAt = async (owner: OwnerRef, commit: string) =>
    entriesOf(placeOf((await find(owner)).mirror), objectId(commit));
  /** A project is the person's own: nothing is fetched for it. */
  const sourcesOf = async (space: Space) => {
    const repository = await openTop(space.owner);
    return { space, locks: places.locks, repository, remote: undefined };
  };
  const lockOf = ({ id }: OwnerRef): string => join(places.locks, `look-${id}`);
  return {
    ...createCommits(find, sourcesOf),
    async bring(owner, baseCommit, branch) {
      const repository = await openTop(owner);
      const head = await tipOf(repository, branch);
      const held = await lock(join(places.locks, `mirror-${repositoryKey(owner.repository)}`));
      try {
        await bring(spaceOf(places, owner), repository, { base: objectId(baseCommit), head });
      } finally {
        held.release();
      }
      // What nobody has stays a pointer, as it is for the person.
      await bringContents(await sourcesOf(spaceOf(places, owner)), head);
      return head;
    },
    async submodules(owner, { wanted, ...needed }) {
      const space = await find(owner);
      const sources = await sourcesOf(space);
      const from = await startOfAddresses(sources);
      const note =
        wanted === undefined
          ? ((await readNote(space)) ?? { wanted: false, from })
          : await writeNote(space, wanted, from);
      return bringSubmodules(sources, note, needed);
    },
    async copy(owner, baseCommit, paths) {
      const space = checkSpaceOf(places, owner);
      if (paths.length === 0 || (await readCopied(space.copied)).length > 0) return;
      const base = { place: placeOf(space.mirror), commit: objectId(baseCommit) };
      const copies = await readCopies(owner.repository, base, paths);
      // What git ignores is said by the files of the base.
      await checkSpaces.checkOut(owner, baseCommit);
      await bringCopies(space, copies, baseCommit);
    },
    async plainFiles(owner, commit) {
      const entries = [...(await entriesAt(owner, commit))];
      return entries.flatMap(([path, entry]) => (isPlain(entry) ? [textOf(path)] : []));
    },
    async wholeTexts(owner, commit, paths) {
      const entries = await entriesAt(owner, commit);
      const oids = paths.map((path) => entries.get(bytesOf(path))?.split(' ')[1] ?? '');
      const place = placeOf((await find(owner)).mirror);
      const sizes = await sizesOf(place, oids.filter(Boolean));
      let left: number = LIMITS.contentBytesMax;
      const taken = oids.map((oid) => {
        const size = sizes.get(oid) ?? Number.POSITIVE_INFINITY;
        const isTaken = size <= Math.min(left, LIMITS.contentFileBytesMax);
        if (isTaken) left -= size;
        return isTaken;
      });
      const objects = await readObjects(
        place,
        oids.filter((_, at) => taken[at]),
      );
      const texts = new Map(objects.map((one) => [one?.oid, one?.content.toString('utf8')]));
      return new Map(paths.map((path, at) => [path, taken[at] ? texts.get(oids[at]) : undefined]));
    },
    async filesThere(owner, paths) {
      const found = await Promise.all(paths.map((path) => fileIn(owner.repository, path)));
      return [...new Set(found.filter((path) => path !== undefined))];
    },
    gitFacts: async (owner, commit) => gitFactsOf(await openTop(owner), commit),
    openBranch: async (owner, baseCommit) => openExecutionBranch(await openTop(owner), owner.id, baseCommit),
    closeBranch: async (owner, into) => closeExecutionBranch(await openTop(owner), owner.id, into),
    async exclusively(owner, signal, work) {
      const held = await lock(lockOf(owner), signal);
      try {
        return await work();
      } finally {
        held.release();
      }
    },
    async end(owner) {
      const held = await lock(lockOf(owner));
      try {
        await removeSpaces(places, owner);
        // Nobody looks for this owner any more.
        await rm(lockOf(owner), { force: true });
      } finally {
        held.release();
      }
    },
  };
}

const isPlain = (entry: string): boolean => !entry.startsWith(LINK) && !entry.startsWith(GITLINK);

/** @throws PawlError `precondition` where the folder is gone, or is one of another repository by now */
async function openTop({ repository: project }: OwnerRef): Promise<Repository> {
  const repository = await openRepository(project);
  if (repository.top === project) return repository;
  throw new PawlError(
    'precondition',
    `expected a repository at ${project}, found that it is a folder of the one at ${repository.top}: put it back where it was, or start another execution there`,
  );
}

async function tipOf({ place, top }: Repository, branch: string | undefined): Promise<string> {
  const name = branch === undefined ? 'HEAD' : `refs/heads/${branch}`;
  const args = ['rev-parse', '-q', '--verify', `${name}^{commit}`];
  const { exitCode, stdout } = await git(place, args, { accept: [1, 128] });
  if (exitCode === 0) return objectId(stdout.toString('utf8').trim());
  throw new PawlError(
    'precondition',
    branch === undefined
      ? `expected a commit that is checked out in ${top}, found none: commit the work there, then have it looked at again`
      : `expected the branch ${branch} in ${top}, found none: put it back, then have it looked at again`,
  );
}

/** Under the lock of the mirror. What was made by hand, which is all but the base, is looked at by git. */
async function bring(
  { mirror, refs }: Space,
  repository: Repository,
  { base, head }: { readonly base: string; readonly head: string },
): Promise<void> {
  await ensureMirror(mirror);
  const source = fromRepository(repository);
  const known = await readRef(mirror, refs.base);
  const [found] = await readCommits(repository.place, [base]);
  if (known !== base && found === undefined)
    throw new PawlError(
      'precondition',
      `expected commit ${base} in ${repository.top}, at which the work began, found that it is gone: fetch it, or start another execution`,
    );
  const whole = known ?? (await readRefs(mirror)).find(({ ref }) => ref.startsWith(FETCHED_REFS))?.oid;
  await source.bring(mirror, { commit: base, tags: [] }, whole, []);
  if (head !== base) await source.bringCommit(mirror, head, base);
  const tips = [refs.branch, refs.tip].map((ref) => ({ ref, to: head }));
  // That of the base says since when it is needed.
  await updateRefs(mirror, known === base ? tips : [...tips, { ref: refs.base, to: base }]);
}

/** A path as a client names it: from the top, or absolute. undefined where no file is there, or behind a link. */
async function fileIn(project: string, named: string): Promise<string | undefined> {
  const path = isAbsolute(named) ? relative(project, named) : named.replace(/^(?:\.\/)+/, '');
  try {
    const parts = partsOf(path);
    const above = parts.slice(0, -1).join('/');
    const folder = above === '' ? project : await folderInside(project, above);
    if (folder === undefined) return undefined;
    return (await kindOf(join(folder, parts.at(-1) ?? '')))?.isFile() ? path : undefined;
  } catch (error) {
    if (error instanceof PawlError || isCode(error, 'ENAMETOOLONG', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
}
