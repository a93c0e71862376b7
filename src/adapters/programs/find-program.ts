/** Looks for a program as the operating system would, so that a missing one is named before anything is started. */
import { accessSync, constants, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isOfWorkspace } from '../../domain/command-line.ts';
import type { Problem } from '../../domain/lacks.ts';
import { type Environment, searchPath } from './environment.ts';

export interface ProgramPlace {
  /** The search path of the program's environment. */
  readonly path: string;
  /** Where a name with a slash starts from. */
  readonly cwd: string;
}

/** The file that `name` starts, or undefined when there is none that may be run. */
export function findProgram(name: string, { path, cwd }: ProgramPlace): string | undefined {
  if (name.includes('/')) return onlyRunnable(resolve(cwd, name));
  for (const folder of path.split(':')) {
    const found = onlyRunnable(join(folder, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Why a command cannot be started; undefined when it can.
 * @param cwd where it would start; without one a path that starts there is not looked for
 */
export function missingProgram(
  command: readonly string[],
  environment: Environment,
  cwd?: string,
): Problem | undefined {
  const [program = ''] = command;
  if (cwd === undefined && isOfWorkspace(command)) return undefined;
  if (findProgram(program, { path: searchPath(environment), cwd: cwd ?? '/' }) !== undefined)
    return undefined;
  // What is at a full path is there for everybody or for nobody.
  const programs = program.includes('/') ? [] : [program];
  return { message: programNotFound(program), lacks: { programs } };
}

/** One line for a person: which program was looked for, on whose PATH, and what to do. */
export const programNotFound = (name: string): string =>
  name.includes('/')
    ? `program ${JSON.stringify(name)} is not there or may not be run; check its path and mode`
    : `program ${JSON.stringify(name)} was not found on the PATH of the shell that started the engine: install it, give its full path, or start the engine from a shell that has it (\`pawl down && pawl up -d\`)`;

function onlyRunnable(file: string): string | undefined {
  try {
    // First what throws nothing where nothing is: most folders of a PATH have no such name, and an error costs more than the look.
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
    accessSync(file, constants.X_OK);
    return file;
  } catch {
    return undefined; // not there, not ours to run, or not a name at all: each means that it cannot be started
  }
}
