/** What goes into and comes out of the step by which the engine looks at a project for an execution. */
import type { ExecutionId } from '../ids.ts';
import type { Guarantee } from '../loops/guarantees.ts';
import type { StartProof } from '../steps.ts';
import type { CheckDefinition } from '../task-spec.ts';

export interface LookInput {
  readonly execution: ExecutionId;
  readonly title: string;
  /** Real path of the top folder of the repository in which it is worked. */
  readonly project: string;
  /** What was checked out there when the execution began: what is changed differs from it. */
  readonly baseCommit: string;
  /** Whose tip is looked at. Absent: what is checked out. */
  readonly branch?: string;
  /** What counts: what the loop guarantees, and the commands that are to pass. */
  readonly guarantees: readonly Guarantee[];
  readonly checks: readonly CheckDefinition[];
  /** Paths and links that the client says it has made; of `artifact_generated` one of them has to be there. */
  readonly deliverables: readonly string[];
  /** A look runs programs, so its execution has to have been started by the engine. */
  readonly start: StartProof;
}

/** What looks of an execution have left goes once it is over. */
export type EndLooksInput = Pick<LookInput, 'execution' | 'project'>;
