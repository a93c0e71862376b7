import type { WorkflowId } from './ids.ts';

/** Whose a workspace or a space of checks is: a task's, or an execution's. */
export interface OwnerRef {
  readonly id: WorkflowId;
  readonly run?: string | undefined;
  readonly title: string;
  /** The user's repository. */
  readonly repository: string;
  /** The branch that the work starts from; absent where it starts from a commit alone. */
  readonly base?: string;
  /** The folder in which its programs start, by its path from the top; absent for the top. */
  readonly dir?: string;
}
