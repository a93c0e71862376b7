/** A git that stays while it is asked: what `git` does for one answer, for many. */
import { Socket } from 'node:net';
import { execa } from 'execa';
import { answerOf, type Ended, GitError, type GitPlace, optionsFor } from './run-git.ts';

/** A command that is asked by its stdin more than once, until it is closed. */
export interface OpenGit {
  readonly output: AsyncIterable<Buffer>;
  /** More than this is too much for one answer. */
  readonly bytesMax: number;
  write(text: string): void;
  /** While it is held this process does not end before it, and it is ended where it takes too long. */
  hold(): void;
  letGo(): void;
  close(): void;
  /** Only for a command that has ended, or is about to, before it has answered. @throws as `git` does, always */
  ended(): Promise<never>;
  /** Ends it. */
  tooMuch(): Promise<never>;
}

export function openGit(place: GitPlace, args: readonly string[]): OpenGit {
  const { timeout, maxBuffer: bytesMax, ...options } = optionsFor(place);
  const process = execa('git', args, {
    ...options,
    stdin: 'pipe',
    buffer: { stdout: false, stderr: true },
  });
  const { stdin, stdout } = process;
  // How it ended says more.
  stdin.on('error', () => undefined);
  const sockets = process.stdio.filter((stream) => stream instanceof Socket);
  const held = [process.nodeChildProcess, ...sockets];
  let timer: NodeJS.Timeout | undefined;
  let timedOut = false;
  const end = async (how: Partial<Ended>): Promise<never> => {
    const result = await process;
    answerOf(args, place, { ...result, ...how }, []);
    throw new GitError(args, 'ended before it had answered', result.stderr.toString());
  };
  return {
    output: stdout,
    bytesMax,
    write: (text) => void stdin.write(text),
    hold() {
      for (const one of held) one.ref();
      timer = setTimeout(() => {
        timedOut = true;
        process.kill('SIGKILL');
      }, timeout).unref();
    },
    letGo() {
      clearTimeout(timer);
      for (const one of held) one.unref();
    },
    close() {
      clearTimeout(timer);
      stdin.end();
    },
    ended: () => end({ timedOut }),
    tooMuch() {
      process.kill('SIGKILL');
      return end({ isMaxBuffer: true });
    },
  };
}
