/** The set-up command of an owner: in its workspace, and in the space of its checks. */
import type { Mask } from '../domain/mask.ts';
import type { OwnerRef } from '../domain/owner-ref.ts';
import type { Command } from '../domain/task-spec.ts';
import { ownerVariables } from './owner-variables.ts';
import type { ProgramResult, ProgramRunner } from './ports/programs-port.ts';

const SETUP_TIMEOUT_MS = 30 * 60_000;

export interface SetupRun {
  readonly owner: OwnerRef;
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
  { owner, baseCommit, ...program }: SetupRun,
  signal: AbortSignal,
): Promise<ProgramResult> =>
  programs.run(
    { ...program, variables: ownerVariables(owner, baseCommit), timeoutMs: SETUP_TIMEOUT_MS },
    signal,
  );
