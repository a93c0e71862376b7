/** Who reads along: told what no event of history tells. Never throws, and nobody waits for it. */
import type { Printed } from '../../domain/events.ts';

export interface StepObserver {
  /** A step of the task runs here from now on, or does no more. */
  stepRuns(task: string, runs: boolean): void;
  /** What the task's step waits for; undefined once it waits no more. */
  waits(task: string, what: string | undefined): void;
  printed(output: Printed): void;
}
