/** The set-up command of a task: in its workspace, and in the space of its checks. */
import type { Mask } from '../domain/mask.ts';
import type { TaskRef } from '../domain/steps.ts';
import type { Command } from '../domain/task-spec.ts';
import type { ProgramResult, ProgramRunner } from './ports/programs-port.ts';
import { taskVariables } from './task-variables.ts';

const SETUP_TIMEOUT_MS = 30 * 60_000;

export interface SetupRun {
  readonly task: TaskRef;
  readonly baseCommit: string;
  readonly command: Command;
  readonly cwd: string;
  readonly mark: string;
  readonly mask: Mask;
}

/** How one that failed has ended, as a part of a sentence. */
export const howItFailed = ({ exitCode, timedOut }: Pick<ProgramResult, 'exitCode' | 'timedOut'>): string =>
  timedOut ? 'did not end in time' : `exited with ${exitCode}`;

/** @returns how it ended, well or not @throws as `ProgramRunner.run` */
export const runSetup = (
  { programs }: { readonly programs: Pick<ProgramRunner, 'run'> },
  { task, baseCommit, ...program }: SetupRun,
  signal: AbortSignal,
): Promise<ProgramResult> =>
  programs.run(
    { ...program, variables: taskVariables(task, baseCommit), timeoutMs: SETUP_TIMEOUT_MS },
    signal,
  );
