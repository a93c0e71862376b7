/** The branch of an execution in the user's repository, on which its agents and commands work one after the other. */
import { Context } from '@temporalio/activity';
import type { ExecutionId } from '../domain/ids.ts';
import type { OwnerRef } from '../domain/owner-ref.ts';
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
   * It goes where all that is on it is on `base` too. Idempotent.
   * @returns in words where work stays on it
   */
  closeBranch(input: BranchInput & { readonly base: string }): Promise<{ readonly kept?: string }>;
}

export const createBranchActivities = (
  { projects }: Pick<ActivityDeps, 'projects'>,
  step: ExecutionStep,
): BranchActivities => ({
  openBranch: ({ baseCommit, ...input }) =>
    step(input.execution, 'branch', () => ofItsOwn(input, (owner) => projects.openBranch(owner, baseCommit))),
  closeBranch: ({ base, ...input }) =>
    step(input.execution, 'branch', () =>
      ofItsOwn(input, async (owner) => {
        const kept = await projects.closeBranch(owner, base);
        return kept === undefined ? {} : { kept };
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
  return work(ownerOf(input));
}

const ownerOf = ({ execution, project }: BranchInput): OwnerRef => ({
  id: execution,
  title: execution,
  repository: project,
});
