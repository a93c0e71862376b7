/** The steps of executions on the host that has their project, each cancellable and recoverable as those of tasks are. */
import type { EndLooksInput, LookInput } from '../domain/executions/look-step.ts';
import type { Seen } from '../domain/executions/looks.ts';
import type { ActivityDeps } from './deps.ts';
import type { ExecutionStep } from './execution-step.ts';
import { endLooks, look } from './look.ts';

export interface LookActivities {
  /**
   * Looks at the project of an execution, at the commit that is checked out there. Nothing of it changes.
   * @throws ApplicationFailure `rejected` where the engine of this home has not started the execution
   */
  look(input: LookInput): Promise<Seen>;
  /** After the last look: what looks have left on this host goes. Idempotent. */
  endLooks(input: EndLooksInput): Promise<void>;
}

export const createLookActivities = (deps: ActivityDeps, step: ExecutionStep): LookActivities => ({
  // Its programs are checks.
  look: (input) => step(input.execution, 'check', (run) => look(deps, input, run)),
  endLooks: (input) => step(input.execution, 'check', () => endLooks(deps, input)),
});
