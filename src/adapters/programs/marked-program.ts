/**
 * Runs one program to its end, in a process group and session of its own, marked so that everything it starts is found
 * again. When this settles, nothing of it runs any more: not what it left in the background, nor what ignores
 * SIGTERM or left its group. Used by the program runner and by agents that are programs.
 */
import type { ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { PawlError } from '../../domain/failures.ts';
import { MARK_VARIABLE } from '../../domain/marks.ts';
import { findProgram, programNotFound } from './find-program.ts';
import { endMarked, sendSignal } from './processes.ts';

/** From SIGTERM to SIGKILL. */
const GRACE_MS = 5_000;
/** Once all its processes are gone, what is still in the pipes arrives at once; a pipe that stays open is let go. */
const DRAIN_MS = 1_000;

export interface MarkedProgram {
  readonly command: readonly string[];
  readonly cwd: string;
  /** All of the environment; holds PATH and the mark. */
  readonly environment: Readonly<Record<string, string>>;
  /** Written to stdin; without it stdin is empty. A program that does not read it is fine. */
  readonly input?: string;
  /**
   * Talks with the program over its stdin and stdout, which `onText` then does not get. The program is ended when this
   * settles, and this is waited for when the program ends first.
   */
  readonly talk?: (stdin: Writable, stdout: Readable) => Promise<void>;
  readonly timeoutMs?: number;
  readonly onStarted?: (pid: number) => void;
  /** Text as it comes, in whole characters; bytes that are no UTF-8 come as U+FFFD. */
  readonly onText: (text: string, stream: 'stdout' | 'stderr') => void;
}
export interface Ending {
  /** null when a signal or the timeout ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
}

/**
 * @throws PawlError `precondition` when the program or its folder is missing, `invalid_input` when it can never start
 * @throws the signal's reason, or what a callback threw, after everything was ended
 */
export async function runMarked(program: MarkedProgram, signal: AbortSignal): Promise<Ending> {
  signal.throwIfAborted();
  const child = start(program);
  const { pid } = child;
  if (pid === undefined) throw cannotStart(program, (await child).cause);
  const { nodeChildProcess } = child;
  const exited = exitOf(nodeChildProcess);
  const stop = stopper(program.timeoutMs, signal);
  stop.guard(() => program.onStarted?.(pid));
  const talked = talkWith(program, nodeChildProcess, stop);
  for (const stream of talked === undefined ? (['stdout', 'stderr'] as const) : (['stderr'] as const)) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      stop.guard(() => program.onText(text, stream));
    });
  }
  const cause = await Promise.race([exited, stop.asked, ...(talked === undefined ? [] : [talked])]);
  stop.disarm();
  await endAll(pid, program.environment[MARK_VARIABLE] ?? '', exited);
  await Promise.race([child, sleep(DRAIN_MS, undefined, { ref: false })]);
  for (const stream of nodeChildProcess.stdio) stream?.destroy();
  const [result] = await Promise.all([child, talked]);
  stop.throwFault();
  if (cause === 'aborted') throw signal.reason;
  const timedOut = cause === 'timeout';
  return { exitCode: timedOut ? null : (result.exitCode ?? null), signal: result.signal ?? null, timedOut };
}

/** What `talk` throws ends the program as a fault of any other callback does. */
function talkWith(
  { talk }: MarkedProgram,
  { stdin, stdout }: ChildProcess,
  stop: ReturnType<typeof stopper>,
): Promise<'talked'> | undefined {
  if (talk === undefined || stdin === null || stdout === null) return undefined;
  // A program that is gone reads no more; that it is gone is told by its exit.
  stdin.on('error', () => undefined);
  return talk(stdin, stdout).then(
    () => 'talked',
    (error: unknown) => {
      stop.guard(() => {
        throw error;
      });
      return 'talked';
    },
  );
}

function start({ command, cwd, environment, input, talk }: MarkedProgram) {
  const [file = '', ...args] = command;
  try {
    return execa(file, args, {
      cwd,
      env: environment,
      extendEnv: false,
      detached: true,
      cleanup: false,
      buffer: false,
      reject: false,
      ...(input === undefined
        ? { stdin: talk === undefined ? ('ignore' as const) : ('pipe' as const) }
        : { input }),
    });
  } catch (error) {
    // Thrown before there is a process: what was asked for is no command (a NUL in an argument, say).
    const message = error instanceof Error ? error.message : String(error);
    throw new PawlError('invalid_input', `cannot start ${JSON.stringify(file)}: ${message}`, {
      cause: error,
    });
  }
}

function cannotStart({ command, cwd, environment }: MarkedProgram, cause: unknown): PawlError {
  const name = command[0] ?? '';
  const folder = statSync(cwd, { throwIfNoEntry: false });
  if (folder?.isDirectory() !== true) {
    return new PawlError('precondition', `cannot start ${JSON.stringify(name)}: no folder ${cwd}`, { cause });
  }
  const found = findProgram(name, { path: environment.PATH ?? '', cwd });
  if (found === undefined) return new PawlError('precondition', programNotFound(name), { cause });
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `${found} cannot be started (${why}); look at its first line and its mode`;
  return new PawlError('precondition', message, { cause });
}

const exitOf = (child: ChildProcess): Promise<'exited'> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve('exited'));
  });

/** Everything that can end a program before it ends by itself, told apart. */
function stopper(timeoutMs: number | undefined, signal: AbortSignal) {
  const { promise: asked, resolve: ask } = Promise.withResolvers<'aborted' | 'timeout' | 'fault'>();
  const onAbort = () => ask('aborted');
  signal.addEventListener('abort', onAbort);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => ask('timeout'), timeoutMs);
  let fault: { readonly error: unknown } | undefined;
  return {
    asked,
    /** A fault in a callback ends the program: what it says could not be kept. */
    guard(work: () => void) {
      try {
        work();
      } catch (error) {
        fault ??= { error };
        ask('fault');
      }
    },
    throwFault() {
      if (fault !== undefined) throw fault.error;
    },
    disarm() {
      signal.removeEventListener('abort', onAbort);
      clearTimeout(timer);
    },
  };
}

/** Ends the group and everything with the mark, wherever it has gone. */
async function endAll(pid: number, mark: string, exited: Promise<unknown>): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  const gracePassed = new AbortController();
  const grace = sleep(GRACE_MS, undefined, { signal: gracePassed.signal }).catch(() => undefined);
  await endMarked(mark, GRACE_MS);
  // A program may have overwritten its environment and with it the mark: it gets the same time, then the same end.
  await Promise.race([exited, grace]);
  gracePassed.abort();
  signalGroup(pid, 'SIGKILL');
  await exited;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    sendSignal(-pid, signal);
  } catch (error) {
    // macOS answers so for a group of which only zombies are left.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
  }
}
