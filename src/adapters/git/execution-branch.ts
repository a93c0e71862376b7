/** The branch of an execution in the user's repository: made where the execution began, and removed once all of it is merged. */
import { PawlError } from '../../domain/failures.ts';
import { branchOf, type WorkflowId } from '../../domain/ids.ts';
import { useOf } from '../repository/branch-use.ts';
import type { Repository } from '../repository/find-repository.ts';
import { contains, NO_OBJECT, objectId } from './objects.ts';
import { readBranches } from './plain-refs.ts';
import { git } from './run-git.ts';

const refOf = (name: string): string => `refs/heads/${name}`;

/** @throws PawlError `precondition` where there is another branch of its name */
export async function openExecutionBranch(
  repository: Repository,
  id: WorkflowId,
  baseCommit: string,
): Promise<void> {
  const [name, ref, base] = [branchOf(id), refOf(branchOf(id)), objectId(baseCommit)];
  const tip = async () => (await readBranches(repository, [ref])).get(ref)?.commit;
  if ((await tip()) === undefined)
    // Another try of the same may be faster.
    await git(repository.place, ['update-ref', '-m', 'pawl: begin', ref, base, NO_OBJECT], {
      accept: [1, 128],
    });
  const found = await tip();
  if (found !== undefined && (await contains(repository.place, found, base))) return;
  throw new PawlError(
    'precondition',
    `expected the branch ${name} of ${repository.top} at ${base.slice(0, 7)} or after it, found ${found?.slice(0, 7) ?? 'that it could not be made'}: move it out of the way, then retry the skill`,
  );
}

/** @returns in words where work stays on it; undefined where nothing is left of it */
export async function closeExecutionBranch(
  repository: Repository,
  id: WorkflowId,
  into: string,
): Promise<string | undefined> {
  const [name, ref] = [branchOf(id), refOf(branchOf(id))];
  const branches = await readBranches(repository, [ref, refOf(into)]);
  const [own, base] = [branches.get(ref), branches.get(refOf(into))];
  if (own === undefined) return undefined;
  if (base === undefined || !(await contains(repository.place, base.commit, own.commit)))
    return `its work is on the branch ${name}`;
  if ((await useOf(repository, ref, own.checkedOut)).kind !== 'free')
    return `all of ${name} is merged into ${into}, and it stays, because it is checked out`;
  await git(repository.place, ['update-ref', '-d', '-m', 'pawl: merged', ref, own.commit], {
    accept: [1, 128],
  });
  return undefined;
}
