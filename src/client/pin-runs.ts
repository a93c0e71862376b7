/** What the tasks of an execution may run: pinned when it is started, under a seal of the home. */
import { digestOf } from '../domain/digest.ts';
import type { ExecutionSpec } from '../domain/executions/execution-spec.ts';
import { hasTasks, programsOf } from '../domain/executions/skill-tasks.ts';
import { PawlError } from '../domain/failures.ts';
import { TaskId } from '../domain/ids.ts';
import { LIMITS } from '../domain/limits.ts';
import { programDigestsIn } from '../domain/own-programs.ts';
import type { StartSeals } from '../engine/start-seals.ts';
import type { Pinned } from '../workflows/children.ts';

/**
 * Undefined where a client does all of it.
 * @throws PawlError `precondition` for a loop that brings too many programs
 */
export function pinOf(seals: StartSeals, spec: ExecutionSpec): Pinned | undefined {
  if (!hasTasks(spec) || spec.base === undefined) return undefined;
  const run = { id: TaskId.parse('any'), requirement: 'any', repository: spec.project };
  const programs = [...new Set(programsOf(spec).flatMap((one) => programDigestsIn({ ...run, ...one })))];
  if (programs.length > LIMITS.programsPerPinMax)
    throw new PawlError(
      'precondition',
      `expected a loop with at most ${LIMITS.programsPerPinMax} commands and lists of checks, found ${programs.length} in ${spec.loop.loop}`,
    );
  const { id: execution, project: repository, base } = spec;
  const pin = { execution, start: digestOf(spec), repository, base, programs };
  return { pin, seal: seals.ofPin(pin) };
}
