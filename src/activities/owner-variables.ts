/** What agents, set-up and checks are told of the task or execution that they work for, as variables of their environment. */
import { workflowTypeOf } from '../domain/ids.ts';
import type { OwnerRef } from '../domain/owner-ref.ts';

/** @param baseCommit what the change is compared with; it moves on when the base does */
export const ownerVariables = (
  { id, base }: OwnerRef,
  baseCommit: string,
): Readonly<Record<string, string>> => ({
  [workflowTypeOf(id) === 'execution' ? 'PAWL_EXECUTION' : 'PAWL_TASK']: id,
  ...(base === undefined ? {} : { PAWL_BASE_BRANCH: base }),
  PAWL_BASE_COMMIT: baseCommit,
});
