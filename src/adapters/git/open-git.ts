/** A git that stays while it is asked: what `git` does for one answer, for many. */
import type { Ended, OpenProgram } from '../programs/starter.ts';
import { gitStarter } from './git-starter.ts';
import { answerOf, commandOf, GitError, type GitPlace } from './run-git.ts';

/** A command that is asked by its stdin more than once, until it is closed. */
export interface OpenGit extends Pick<OpenProgram, 'next' | 'write' | 'letGo' | 'close'> {
  /** More than this is too much for one answer. */
  readonly bytesMax: number;
  /** While it is held this process does not end before it, and it is ended where it takes too long. */
  hold(): void;
  /** Only for a command that has ended, or is about to, before it has answered. @throws as `git` does, always */
  ended(): Promise<never>;
  /** Ends it. */
  tooMuch(): Promise<never>;
}

export function openGit(place: GitPlace, args: readonly string[]): OpenGit {
  const command = commandOf(place, args);
  const program = gitStarter().open(command);
  let timer: NodeJS.Timeout | undefined;
  let timedOut = false;
  const end = async (how: Partial<Ended>): Promise<never> => {
    const ended = { ...(await program.ended()), ...how };
    answerOf(args, place, ended, []);
    throw new GitError(args, 'ended before it had answered', ended.stderr.toString());
  };
  return {
    ...program,
    bytesMax: command.bytesMax,
    hold() {
      program.hold();
      timer = setTimeout(() => {
        timedOut = true;
        program.kill();
      }, command.timeoutMs).unref();
    },
    letGo() {
      clearTimeout(timer);
      program.letGo();
    },
    close() {
      clearTimeout(timer);
      program.close();
    },
    ended: () => end({ timedOut }),
    tooMuch() {
      program.kill();
      return end({ isMaxBuffer: true });
    },
  };
}
