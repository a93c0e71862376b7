/** Why a task could not be delivered to the user's own repository, found before an agent spends money on it. Only looks. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from 'shell-quote';
import { PawlError } from '../../../domain/failures.ts';
import { branchOf } from '../../../domain/ids.ts';
import type { TaskRef } from '../../../domain/steps.ts';
import { isCode, kindOf } from '../../files/without-links.ts';
import { type Branch, isBranchOfTask, standsOnWork } from '../../git/branches.ts';
import { contains } from '../../git/objects.ts';
import { readBelow } from '../../git/plain-refs.ts';
import { useOf } from '../../repository/branch-use.ts';
import { baseTipOf, openRepository, type Repository } from '../../repository/find-repository.ts';

/** A line a person can act on; undefined when nothing is known that would keep the task from being merged. */
export async function problemOf(task: TaskRef): Promise<string | undefined> {
  try {
    const repository = await openRepository(task.repository);
    return (
      (await problemOfRefs(repository, task)) ??
      (await problemOfFolders(repository)) ??
      (await problemOfLocks(repository, task))
    );
  } catch (error) {
    if (error instanceof PawlError && error.code === 'precondition') return error.message;
    throw error;
  }
}

/** Refs under which the task's work is kept: its branch, and the merge that waits for the user. */
const OUR_FOLDERS = ['refs/heads/pawl', 'refs/pawl'];

async function problemOfRefs(repository: Repository, task: TaskRef): Promise<string | undefined> {
  const { top } = repository;
  const [baseRef, branchRef] = [`refs/heads/${task.base}`, `refs/heads/${branchOf(task.id)}`];
  const refs = await readBelow(repository, [baseRef, ...OUR_FOLDERS]);
  const base = refs.get(baseRef);
  if (base === undefined) {
    await baseTipOf(repository, task.base);
    return `${task.base} in ${top} is no branch that could be moved: name another with --base`;
  }
  if (base.symref !== undefined)
    return `branch ${task.base} in ${top} only stands for ${shortOf(base.symref)}: name that one with --base`;
  const ours = [branchRef, `refs/pawl/${task.id}`];
  const found = [...refs.keys()].find(
    (ref) => OUR_FOLDERS.includes(ref) || ours.some((one) => ref.startsWith(`${one}/`)),
  );
  if (found !== undefined) {
    return `${shortOf(found)} in ${top} is in the way of ${branchOf(task.id)}, because of its name: rename it, then retry`;
  }
  const branch = refs.get(branchRef);
  const problem = branch && (await problemOfBranch(repository, task, branch, base));
  if (problem !== undefined) return problem;
  const use = await useOf(repository, baseRef, base.checkedOut);
  // It would put the branch back to where it was, and the merge with it.
  return use.kind === 'taken' && use.byRebase === true ? `${use.why}: end it, then retry` : undefined;
}

const shortOf = (ref: string): string =>
  ref.startsWith('refs/heads/') ? `branch ${ref.slice('refs/heads/'.length)}` : ref;

/** One without commits of its own is put where the task's work is: nothing of it is lost. */
async function problemOfBranch(
  repository: Repository,
  { id }: TaskRef,
  branch: Branch,
  base: Branch,
): Promise<string | undefined> {
  const { place, top } = repository;
  const name = branchOf(id);
  if (isBranchOfTask(branch, id)) return undefined;
  if (await contains(place, base.commit, branch.commit)) {
    const use = await useOf(repository, `refs/heads/${name}`, branch.checkedOut);
    if (use.kind === 'taken') return `${use.why}: end it, then retry`;
    if (use.kind === 'free') return undefined;
    const leave = quote(['git', '-C', use.checkout.top, 'switch', '--detach']);
    return `branch ${name} is checked out in ${use.checkout.top}, where the task's work would be put: leave it there (\`${leave}\`), then retry`;
  }
  // What people have put on the task's own commits is taken up when the task gets there.
  if (await standsOnWork(place, branch, id, base.commit)) return undefined;
  const rename = quote(['git', '-C', top, 'branch', '-m', name, `${name}-by-hand`]);
  return `branch ${name} in ${top} holds work that is not of this task: rename it (\`${rename}\`), then retry`;
}

/** Where objects and refs are written. */
const WRITTEN = ['.', 'objects', 'refs', 'refs/heads', 'refs/heads/pawl', 'refs/pawl'];

async function problemOfFolders({ commonDir }: Repository): Promise<string | undefined> {
  for (const name of WRITTEN) {
    const folder = join(commonDir, name);
    try {
      if ((await kindOf(folder))?.isDirectory()) await access(folder, constants.W_OK | constants.X_OK);
    } catch (error) {
      if (!isCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
      return `${folder} cannot be written by the user who runs Pawl: allow it, or work in a clone of your own`;
    }
  }
  return undefined;
}

/** Git holds a lock for moments: an older one belongs to a git that was killed. */
const LOCK_AGE_MS = 60_000;

async function problemOfLocks({ commonDir }: Repository, task: TaskRef): Promise<string | undefined> {
  const refs = ['packed-refs', `refs/heads/${task.base}`, `refs/heads/${branchOf(task.id)}`];
  for (const ref of refs) {
    const file = join(commonDir, `${ref}.lock`);
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > LOCK_AGE_MS)
      return `another git has held ${file} for long: if none runs there, remove that file, then retry`;
  }
  return undefined;
}
