/**
 * Branches of the user's repository. Where it lies as most do (refs in files, one working tree) no git is started for them;
 * where git might say something else than the files do, it is asked.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn } from '../files/folder-names.ts';
import { isCode, kindOf } from '../files/without-links.ts';
import { askBelow, type Branch } from './branches.ts';
import { packedRefs, readHead, readRef } from './distrusted-refs.ts';
import { readCommits, trailerOf } from './objects.ts';
import type { GitPlace } from './run-git.ts';

/** What is known of an opened repository. */
export interface RepositoryPlace {
  readonly place: GitPlace;
  readonly bare: boolean;
  readonly gitDir: string;
  readonly commonDir: string;
}

/** Reads whole refs (`refs/heads/main`); only those that are there are in the answer. */
export async function readBranches(
  repository: RepositoryPlace,
  refs: readonly string[],
): Promise<ReadonlyMap<string, Branch>> {
  const plain = await plainBranches(repository, refs);
  if (plain !== undefined) return plain;
  const found = await askBelow(repository.place, refs);
  return new Map([...found].filter(([ref]) => refs.includes(ref)));
}

/** The same with all that is below these refs, as if they were folders. */
export async function readBelow(
  repository: RepositoryPlace,
  refs: readonly string[],
): Promise<ReadonlyMap<string, Branch>> {
  const names = (await isPlain(repository)) ? await namesBelow(repository.gitDir, refs) : undefined;
  const plain = names && (await plainBranches(repository, names));
  return plain ?? askBelow(repository.place, refs);
}

/** @returns undefined where there is something else than files and folders */
async function namesBelow(gitDir: string, refs: readonly string[]): Promise<readonly string[] | undefined> {
  const packed = [...(await packedRefs(gitDir)).keys()];
  const names = new Set(refs);
  for (const ref of refs) {
    for (const name of packed) if (name.startsWith(`${ref}/`)) names.add(name);
    for (const entry of await entriesBelow(join(gitDir, ref))) {
      if (!entry.isFile() && !entry.isDirectory()) return undefined;
      const name = join(entry.parentPath, entry.name).slice(gitDir.length + 1);
      if (entry.isFile() && !name.endsWith('.lock')) names.add(name);
    }
  }
  return [...names];
}

const entriesBelow = (folder: string) =>
  readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  });

/** @returns undefined where only git can tell */
async function plainBranches(
  repository: RepositoryPlace,
  refs: readonly string[],
): Promise<ReadonlyMap<string, Branch> | undefined> {
  const { gitDir, place } = repository;
  if (!(await isPlain(repository))) return undefined;
  const head = await readHead(gitDir);
  const found: [ref: string, oid: string][] = [];
  for (const ref of refs) {
    const oid = await readRef(gitDir, ref);
    if (oid !== undefined) found.push([ref, oid]);
    // A symbolic ref, a link, or something torn.
    else if ((await kindOf(join(gitDir, ref)))?.isDirectory() === false) return undefined;
  }
  const commits = await readCommits(
    place,
    found.map(([, oid]) => oid),
  );
  const branches = new Map<string, Branch>();
  for (const [index, [ref, oid]] of found.entries()) {
    const commit = commits[index];
    if (commit === undefined) return undefined;
    const task = trailerOf(commit, 'Pawl-Task');
    branches.set(ref, {
      commit: oid,
      checkedOut: head === ref && ref.startsWith('refs/heads/'),
      committerEmail: commit.committerEmail,
      ...(task === undefined ? {} : { task }),
    });
  }
  return branches;
}

/** @returns the checked out branch and its tip; undefined where there is none, or only git can tell */
export async function plainHead(
  repository: RepositoryPlace,
): Promise<{ readonly ref: string; readonly commit: string } | undefined> {
  const head = await readHead(repository.gitDir);
  if (typeof head !== 'string') return undefined;
  const branch = (await plainBranches(repository, [head]))?.get(head);
  return branch && { ref: head, commit: branch.commit };
}

/** Whether it has no tag at all; false too where only git can tell. */
export async function hasNoTags(repository: RepositoryPlace): Promise<boolean> {
  const { gitDir } = repository;
  if (!(await isPlain(repository)) || (await namesIn(join(gitDir, 'refs/tags'))).length > 0) return false;
  return ![...(await packedRefs(gitDir)).keys()].some((ref) => ref.startsWith('refs/tags/'));
}

async function isPlain({ bare, gitDir, commonDir }: RepositoryPlace): Promise<boolean> {
  if (bare || gitDir !== commonDir || (await kindOf(join(gitDir, 'reftable'))) !== undefined) return false;
  return (await namesIn(join(gitDir, 'worktrees'))).length === 0;
}
