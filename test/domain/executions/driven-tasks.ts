/** An execution whose tasks end as a test says. */
import type { ExecutionSpec } from '../../../src/domain/executions/execution-spec.ts';
import { endTask, type TaskOutcome } from '../../../src/domain/executions/skill-task-ends.ts';
import { tasksWanted, type WantedTask } from '../../../src/domain/executions/skill-tasks.ts';
import { PinnedRun } from '../../../src/domain/run-pin.ts';
import { Driven } from './driven.ts';

export const CHECKS = [{ name: 'test', run: ['npm', 'test'] }];
export const driven = (
  phases: readonly object[],
  loopMore: object = {},
  inputs = {},
  more: Partial<ExecutionSpec> = {},
) => new Driven(phases, { base: 'main', checks: CHECKS, loopMore, inputs, ...more });
/** A literal with that word would look like a promise. */
export const timeout = (outcome: string) =>
  Object.fromEntries([
    ['total', '1h'],
    ['then', outcome],
  ]);
export const by = (id: string, more: object) => ({ id, ...more });

export function wanted({ execution }: Driven): readonly WantedTask[] {
  const tasks = tasksWanted(execution);
  // What a workflow asks for is taken by the step that makes the task.
  for (const one of tasks) PinnedRun.parse(one.run());
  return tasks;
}
export const runs = (one: Driven) => wanted(one).map((task) => task.run());

export function end(one: Driven, at: number, outcome: TaskOutcome): Driven {
  const task = wanted(one)[at];
  if (task === undefined) throw new Error(`no task ${at}`);
  endTask(one.execution, task, outcome, one.at);
  one.settle();
  return one;
}
export const done = (outputs?: object): TaskOutcome => ({
  ...{ kind: 'completed', by: 'claude', summary: 'did it' },
  ...(outputs !== undefined && { outputs: outputs as never }),
});
export const failed = (
  failureClass: 'timeout' | 'rate_limited' | 'unknown' | 'cancelled' = 'unknown',
): TaskOutcome => ({
  ...{ kind: 'failed', class: failureClass, why: 'it broke' },
});
