/** What every step of an execution runs inside: it is cancellable, and found by the next worker where this one dies. */
import type { ExecutionId } from '../domain/ids.ts';
import type { ActivityDeps } from './deps.ts';
import { maskFor } from './masking.ts';
import { type Answers, type Running, type RunningOptions, running } from './running.ts';

export type ExecutionStep = <T>(
  execution: ExecutionId,
  /** By which the programs that it starts are found. */
  name: string,
  work: (run: Running) => Promise<T>,
) => Promise<T>;

/** @param settled settles what dead workers left of a workflow; each step waits for it */
export const executionSteps =
  (
    deps: Pick<ActivityDeps, 'journal' | 'owner' | 'marks' | 'variables'>,
    answers: Answers,
    settled: RunningOptions['settled'] = async () => undefined,
  ): ExecutionStep =>
  (execution, name, work) => {
    const { journal, owner, marks } = deps;
    const mask = () => maskFor(deps, {});
    // No input: who finds the entry of a dead worker finishes nothing of it, and the step is made once more.
    const entry = { mark: marks.ofStep(execution, name), input: {} };
    return running({ journal, owner, answers, settled, mask, failureClass: 'git', ...entry }, work);
  };
