/** What the activities need to run programs of the user or the repository. */
import type { Problem } from '../../domain/lacks.ts';
import type { Mask } from '../../domain/mask.ts';
import type { Command } from '../../domain/task-spec.ts';

/** Runs programs of the user or the repository (set-up, checks): no shell, scrubbed environment, own process group. */
export interface ProgramRunner {
  run(request: ProgramRequest, signal: AbortSignal): Promise<ProgramResult>;
  /** Why the command cannot be started in the folder as it is now; undefined when it can. */
  problem(command: Command, cwd: string): Problem | undefined;
}

export interface ProgramRequest {
  readonly command: Command;
  readonly cwd: string;
  /** Marks the processes, so that left-overs of a killed worker can be found: `PAWL_PROCESS=<mark>`. */
  readonly mark: string;
  /** Told to it in its environment. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** For what it prints: it is given no secret, and may find one all the same. */
  readonly mask: Mask;
  readonly onStarted?: (pid: number) => void;
}

export interface ProgramResult {
  /** null when it ended by a signal or the timeout. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly durationMs: number;
  /** stdout and stderr in the order they came; bounded, keeping head and tail. */
  readonly output: string;
}
