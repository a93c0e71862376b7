/** Runs programs of the user or the repository, such as set-up commands and checks. */
import type { ProgramRequest, ProgramResult, ProgramRunner } from '../../activities/ports/programs-port.ts';
import { LIMITS } from '../../domain/limits.ts';
import { createBoundedOutput } from './bounded-output.ts';
import { type Environment, scrubbedEnvironment } from './environment.ts';
import { missingProgram } from './find-program.ts';
import { runMarked } from './marked-program.ts';

/**
 * A program gets no stdin, no terminal and no secret: of `environment` only what every program needs. What it starts
 * ends with it, so a mark must be unique among what runs at the same time.
 */
export function createProgramRunner({ environment }: { readonly environment: Environment }): ProgramRunner {
  return {
    problem: (command, cwd) => missingProgram(command, environment, cwd),
    /** @throws PawlError naming a program that is missing; the signal's reason once everything has ended */
    async run(request: ProgramRequest, signal: AbortSignal): Promise<ProgramResult> {
      const { command, cwd, mark, variables, timeoutMs, onStarted, mask } = request;
      const output = createBoundedOutput({
        headCharsMax: LIMITS.programOutputHeadCharsMax,
        tailCharsMax: LIMITS.programOutputTailCharsMax,
      });
      // Masked before it is cut, each stream for itself.
      const masks = { stdout: mask.stream(), stderr: mask.stream() };
      const startedMs = performance.now();
      const ending = await runMarked(
        {
          command,
          cwd,
          environment: { ...scrubbedEnvironment(environment, mark), ...variables },
          timeoutMs,
          ...(onStarted === undefined ? {} : { onStarted }),
          onText: (text, stream) => output.push(masks[stream].push(text)),
        },
        signal,
      );
      for (const stream of Object.values(masks)) output.push(stream.end());
      return {
        exitCode: ending.exitCode,
        timedOut: ending.timedOut,
        durationMs: performance.now() - startedMs,
        output: output.text(),
      };
    },
  };
}
