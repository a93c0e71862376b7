import type { WorkflowId } from './ids.ts';
import type { Trunk } from './skill-task.ts';

/** Whose a workspace or a space of checks is: a task's, or an execution's. */
export interface OwnerRef {
  readonly id: WorkflowId;
  readonly run?: string | undefined;
  readonly title: string;
  /** The user's repository. */
  readonly repository: string;
  /** The branch that the work starts from; absent where it starts from a commit alone. */
  readonly base?: string;
  /** A branch that is shown beside the base, as far as its commit is there: from where the execution began of which the base is the branch. */
  readonly trunk?: Trunk;
  /** The folder in which its programs start, by its path from the top; absent for the top. */
  readonly dir?: string;
}

/** Of which no more is known, or needed, than its id. */
export const ownerById = (id: WorkflowId, repository: string): OwnerRef => ({ id, title: id, repository });
