/** The steps of executions on the host that has their project, each cancellable and recoverable as those of tasks are. */
import type { EndLooksInput, LookInput } from '../domain/executions/look-step.ts';
import type { Seen } from '../domain/executions/looks.ts';
import type { ActivityDeps } from './deps.ts';
import { endLooks, look } from './look.ts';
import { maskFor } from './masking.ts';
import { type Answers, type Running, type RunningOptions, running } from './running.ts';

export interface LookActivities {
  /**
   * Looks at the project of an execution, at the commit that is checked out there. Nothing of it changes.
   * @throws ApplicationFailure `rejected` where the engine of this home has not started the execution
   */
  look(input: LookInput): Promise<Seen>;
  /** After the last look: what looks have left on this host goes. Idempotent. */
  endLooks(input: EndLooksInput): Promise<void>;
}

/** @param settled settles what dead workers left of a workflow; each step waits for it */
export function createLookActivities(
  deps: ActivityDeps,
  answers: Answers,
  settled: RunningOptions['settled'] = async () => undefined,
): LookActivities {
  const { journal, owner, marks } = deps;
  const step = <T>({ execution }: EndLooksInput, work: (run: Running) => Promise<T>) => {
    const mask = () => maskFor(deps, {});
    const options = { journal, owner, answers, settled, mask, failureClass: 'git' as const };
    // Its programs are checks. No input: who finds the entry of a dead worker finishes nothing of a look.
    const entry = { mark: marks.ofStep(execution, 'check'), input: {} };
    return running({ ...options, ...entry }, work);
  };
  return {
    look: (input) => step(input, (run) => look(deps, input, run)),
    endLooks: (input) => step(input, () => endLooks(deps, input)),
  };
}
