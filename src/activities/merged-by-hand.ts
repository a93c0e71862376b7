/** What a merge came to where the base has the change already, by other commits than the task's. Pure. */
import { branchOf } from '../domain/ids.ts';
import type { Merged, MergeInput } from '../domain/steps.ts';
import type { Held } from './ports/workspaces-port.ts';

type MergedByHand = Extract<Merged, { kind: 'merged' }>;

/** @param isClosed whether its pull request is */
export function mergedByHand(
  input: MergeInput,
  { base, since }: Held & { readonly base: string },
  isClosed = false,
): MergedByHand {
  const how = since === undefined ? 'already' : `in its past (${since.slice(0, 7)}) and went on from it`;
  const by = `by commits of somebody's (a squash, a cherry-pick)`;
  const held = `${input.task.base} at ${base.slice(0, 7)} has all of this change ${how}, ${by}`;
  const byHand = `${held}: nothing was left to merge, and ${leftOf(input, isClosed)}`;
  return { kind: 'merged', commit: base, byHand };
}

/** Its commits are not part of the base, so nobody but a person gives them up. */
function leftOf({ task, pullRequest }: MergeInput, isClosed: boolean): string {
  const branch = branchOf(task.id);
  if (task.forge === undefined)
    return `branch ${branch} stays, with the task's own commits: \`git branch -D ${branch}\` removes it`;
  const own = `with the task's own commits`;
  return isClosed
    ? `pull request #${pullRequest} is closed; its branch ${branch} stays, ${own}: delete it there`
    : `pull request #${pullRequest} stays open, ${own}: close it`;
}
