/** The branch of an execution in the user's repository, on which its agents and commands work one after the other. */
import { Context } from '@temporalio/activity';
import { branchOf, type ExecutionId, type TaskId } from '../domain/ids.ts';
import { type OwnerRef, ownerById } from '../domain/owner-ref.ts';
import type { ActivityDeps } from './deps.ts';
import type { ExecutionStep } from './execution-step.ts';
import { stepFailure } from './failure.ts';

export interface BranchInput {
  readonly execution: ExecutionId;
  /** Real path of the top folder of the repository. */
  readonly project: string;
}

export interface BranchActivities {
  /** It is there from now on, at the commit where the execution began or after it. Idempotent. */
  openBranch(input: BranchInput & { readonly baseCommit: string }): Promise<void>;
  /**
   * It goes where all that is on it is on `base` too, and so do the branches of tasks that kept work for it, also where that is on
   * the branch that stays. Idempotent.
   * @returns in words where work stays on it, or on them
   */
  closeBranch(
    input: BranchInput & { readonly base: string; readonly parts?: readonly TaskId[] },
  ): Promise<{ readonly kept?: string; readonly keptParts?: readonly string[] }>;
}

export const createBranchActivities = (
  { projects }: Pick<ActivityDeps, 'projects'>,
  step: ExecutionStep,
): BranchActivities => ({
  openBranch: ({ baseCommit, ...input }) =>
    step(input.execution, 'branch', () => ofItsOwn(input, (owner) => projects.openBranch(owner, baseCommit))),
  closeBranch: ({ base, parts = [], ...input }) =>
    step(input.execution, 'branch', () =>
      ofItsOwn(input, async (owner) => {
        const kept = await projects.closeBranch(owner, base);
        const keptParts: string[] = [];
        for (const id of parts) {
          // Where nothing is delivered, they are merged into the branch of the execution, which stays.
          const into = kept === undefined ? base : branchOf(input.execution);
          const words = await projects.closeBranch(ownerById(id, input.project), into);
          if (words !== undefined) keptParts.push(`${id}: ${words}`);
        }
        return { ...(kept !== undefined && { kept }), ...(keptParts.length > 0 && { keptParts }) };
      }),
    ),
});

/** Whoever reaches Temporal can have a step asked anything: it touches the branch of the execution that asks, and no other. */
async function ofItsOwn<T>(input: BranchInput, work: (owner: OwnerRef) => Promise<T>): Promise<T> {
  if (Context.current().info.workflowExecution?.workflowId !== input.execution)
    throw stepFailure(
      'rejected',
      `expected ${input.execution} itself to ask for its branch: nothing was done`,
    );
  return work(ownerById(input.execution, input.project));
}
