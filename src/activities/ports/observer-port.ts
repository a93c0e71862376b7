/** Who reads along in the worker's process: told what no event of history tells. Never throws. */
import type { Printed } from '../../domain/events.ts';

export interface StepObserver {
  /** A step of the task runs here from now on, or does no more. */
  stepRuns(task: string, runs: boolean): void;
  /** What the task's step waits for; undefined once it waits no more. */
  waits(task: string, what: string | undefined): void;
  printed(output: Printed): void;
}
