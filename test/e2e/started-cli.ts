/**
 * A command line that has started already, in the environment and folder of a shell: most of what a command costs is the
 * start of its program, and what it does then is the same code.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { CommandLine, Printed } from '../fixtures/cli/started.ts';
import type { Told } from './rig.ts';

const PROGRAM = join(import.meta.dirname, '..', 'fixtures', 'cli', 'started.ts');

export type StartedCli = (args: readonly string[], stdin?: string) => Promise<Told>;

/** Starts with the first command line, and ends with this process. @param env all that it has */
export function startedCli(env: NodeJS.ProcessEnv, cwd: string): StartedCli {
  const waiting = new Map<number, PromiseWithResolvers<Printed>>();
  let child: ChildProcess | undefined;
  let count = 0;
  return async (args, stdin = '') => {
    child ??= start(env, cwd, waiting);
    const line: CommandLine = { number: count++, args, stdin };
    const answered = Promise.withResolvers<Printed>();
    waiting.set(line.number, answered);
    child.send(line);
    const { code, out, err } = await answered.promise;
    // As execa has it.
    return { code, out: out.replace(/\n$/, ''), err: err.replace(/\n$/, '') };
  };
}

function start(
  env: NodeJS.ProcessEnv,
  cwd: string,
  waiting: Map<number, PromiseWithResolvers<Printed>>,
): ChildProcess {
  const child = fork(PROGRAM, { env, cwd, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.on('message', (message) => {
    const printed = message as Printed;
    waiting.get(printed.number)?.resolve(printed);
    waiting.delete(printed.number);
  });
  child.on('exit', (code, signal) => {
    const error = new Error(`the command line ended before it answered (${signal ?? code})`);
    for (const { reject } of waiting.values()) reject(error);
  });
  return child;
}
