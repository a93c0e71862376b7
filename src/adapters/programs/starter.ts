/**
 * Starts programs and collects what they print, for whoever decides what their endings mean. By Node's own `spawn`, because
 * the fork server does the same in a process that has to stay small: execa would make it a third larger.
 */
import { ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A program and what it gets, all of which can be sent to another process. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Written to its stdin; without it stdin is empty. */
  readonly input?: string | Buffer | undefined;
  readonly timeoutMs: number;
  /** Of stdout, and of stderr. */
  readonly bytesMax: number;
}

/** How a program ended, as it is: whether that is a failure is not decided here. */
export interface Ended {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** Of the error for which it could not be started: `ENOENT`. */
  readonly code?: string | undefined;
  readonly timedOut: boolean;
  readonly isMaxBuffer: boolean;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** A program that is asked by its stdin more than once. */
export interface OpenProgram {
  /** The next bytes of its output; undefined at their end. Asked again only when it has answered. */
  next(): Promise<Buffer | undefined>;
  write(text: string): void;
  /** While it is held this process does not end before it. */
  hold(): void;
  letGo(): void;
  /** Its stdin ends, and its output is not wanted any more. */
  close(): void;
  kill(): void;
  /** Only for one that has ended, was killed, or is about to end. */
  ended(): Promise<Ended>;
}

/** Settles with the ending, whatever it is. @throws Error where nobody can know it; then trying again may help */
export interface Starter {
  run(command: Command): Promise<Ended>;
  /** What the first prints is the second one's input. */
  pipe(from: Command, to: Command): Promise<readonly [Ended, Ended]>;
  /** Has no `input`; ending it where it takes longer than `timeoutMs` is left to who asks it. */
  open(command: Command): OpenProgram;
}

/** From SIGTERM, at which git takes its locks away, to SIGKILL. */
const GRACE_MS = 5_000;

/** Children of this process. */
export const starterHere: Starter = {
  async run(command) {
    const chunks: Buffer[] = [];
    const ending = await runTelling(command, (bytes) => chunks.push(bytes));
    return { ...ending, stdout: Buffer.concat(chunks) };
  },
  async pipe(from, to) {
    const source = start(from, 'pipe');
    const target = start(to, 'pipe');
    const printed: Buffer[] = [];
    watch(target.stdout, to.bytesMax, (bytes) => printed.push(bytes), target.ending.tooMuch);
    source.stdin.end(from.input);
    const endings = [source.ending.within(from.timeoutMs), target.ending.within(to.timeoutMs)] as const;
    // A broken pipe says nothing that the two endings do not say better.
    await pipeline(source.stdout, target.stdin).catch(() => undefined);
    const [sent, taken] = await Promise.all(endings);
    return [sent, { ...taken, stdout: Buffer.concat(printed) }];
  },
  open(command) {
    const { child, stdin, stdout, ending } = start(command, 'pipe');
    const chunks: AsyncIterator<Buffer> = stdout.iterator();
    const held = [child, child?.stdin, child?.stdout, child?.stderr];
    const ended = ending.within();
    // What nobody reads would keep the stream, and with it the ending, from its end.
    const unread = () => void ending.exited.then(() => stdout.destroy());
    return {
      async next() {
        // How it ended says more than how its output did.
        const { value, done } = await chunks.next().catch(() => ({ value: undefined, done: true }));
        return done === true ? undefined : value;
      },
      write: (text) => void stdin.write(text),
      hold() {
        for (const one of held) if (mayHold(one)) one.ref();
      },
      letGo() {
        for (const one of held) if (mayHold(one)) one.unref();
      },
      close() {
        unread();
        stdin.end();
      },
      kill() {
        unread();
        child?.kill('SIGKILL');
      },
      ended: () => ended,
    };
  },
};

/** Runs it and hands on what it prints as it comes: the `stdout` of the answer is empty. */
export function runTelling(command: Command, onOutput: (bytes: Buffer) => void): Promise<Ended> {
  const { input, timeoutMs, bytesMax } = command;
  const { stdin, stdout, ending } = start(command, input === undefined ? 'ignore' : 'pipe');
  watch(stdout, bytesMax, onOutput, ending.tooMuch);
  if (input !== undefined) stdin.end(input);
  return ending.within(timeoutMs);
}

const mayHold = (one: unknown): one is ChildProcess | Socket =>
  one instanceof ChildProcess || one instanceof Socket;

/** Its streams lead nowhere where it could not be started. */
function start(command: Command, stdin: 'ignore' | 'pipe') {
  const { file, args, cwd, env, bytesMax } = command;
  let child: ChildProcess | undefined;
  let failure: unknown;
  try {
    child = spawn(file, args, { cwd, env, stdio: [stdin, 'pipe', 'pipe'] });
  } catch (error) {
    failure = error;
  }
  const streams = {
    stdin: child?.stdin ?? new Writable({ write: (_bytes, _encoding, done) => done() }),
    stdout: child?.stdout ?? Readable.from([]),
  };
  // How it ended says more.
  for (const stream of [streams.stdin, streams.stdout, child?.stderr]) stream?.on('error', () => undefined);
  const ending = endingOf(child, failure, bytesMax);
  return { child, ...streams, ending };
}

function endingOf(child: ChildProcess | undefined, failure: unknown, bytesMax: number) {
  let code = codeOf(failure);
  let timedOut = false;
  let isMaxBuffer = false;
  let force: NodeJS.Timeout | undefined;
  const end = () => {
    child?.kill('SIGTERM');
    force ??= setTimeout(() => child?.kill('SIGKILL'), GRACE_MS).unref();
  };
  const tooMuch = () => {
    isMaxBuffer = true;
    end();
  };
  const said: Buffer[] = [];
  watch(child?.stderr, bytesMax, (bytes) => said.push(bytes), tooMuch);
  const closed = new Promise<{ exitCode?: number; signal?: string }>((resolve) => {
    if (child === undefined) return resolve({});
    running.add(child);
    child.once('error', (error) => {
      code = codeOf(error);
    });
    child.once('close', (exitCode, signal) => {
      running.delete(child);
      clearTimeout(force);
      // A negative one is that of an error, for which there was no process.
      if (signal !== null) resolve({ signal });
      else resolve(exitCode === null || exitCode < 0 ? {} : { exitCode });
    });
  });
  const exited = new Promise<void>((resolve) => {
    child?.once('exit', () => resolve());
  });
  return {
    tooMuch,
    exited,
    async within(timeoutMs?: number): Promise<Ended> {
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              timedOut = true;
              end();
            }, timeoutMs);
      const how = await closed;
      clearTimeout(timer);
      return { ...how, code, timedOut, isMaxBuffer, stdout: NOTHING, stderr: Buffer.concat(said) };
    },
  };
}

const NOTHING = Buffer.alloc(0);

/** Hands on all that comes, up to a bound. */
function watch(
  stream: Readable | null | undefined,
  bytesMax: number,
  onBytes: (bytes: Buffer) => void,
  tooMuch: () => void,
): void {
  let size = 0;
  stream?.on('data', (bytes: Buffer) => {
    size += bytes.length;
    if (size <= bytesMax) onBytes(bytes);
    else tooMuch();
  });
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

/** A process that ends in an orderly way takes along what it has started. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});
