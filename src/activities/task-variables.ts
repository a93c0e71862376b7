/** What agents, set-up and checks are told of their task, as variables of their environment. */
import type { TaskRef } from '../domain/steps.ts';

/** @param baseCommit what the change is compared with; it moves on when the base does */
export const taskVariables = (
  { id, base }: TaskRef,
  baseCommit: string,
): Readonly<Record<'PAWL_TASK' | 'PAWL_BASE_BRANCH' | 'PAWL_BASE_COMMIT', string>> => ({
  PAWL_TASK: id,
  PAWL_BASE_BRANCH: base,
  PAWL_BASE_COMMIT: baseCommit,
});
