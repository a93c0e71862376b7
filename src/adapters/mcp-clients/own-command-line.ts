/** Command lines of Pawl that a client has a shell run: made, and recognised again. */
import { basename } from 'node:path';
import { commandText, splitCommand } from '../../domain/command-line.ts';

/** Where Pawl keeps everything, where it was told: a client may start programs without the person's environment. */
export const HOME_VARIABLE = 'PAWL_HOME';
export const PROGRAM = 'pawl';

export interface OwnProgram {
  /** Starts `pawl`: its name, or a Node and the launcher's full path. */
  readonly launcher: readonly [string, ...string[]];
  readonly home?: string | undefined;
}

export const ownCommandLine = ({ launcher, home }: OwnProgram, args: readonly string[]): string =>
  commandText([...(home === undefined ? [] : ['env', `${HOME_VARIABLE}=${home}`]), ...launcher, ...args]);

/** Whether all that a line does is to start a Pawl, wherever that is, with these arguments first. */
export function startsPawl(line: string, args: readonly string[]): boolean {
  const split = splitCommand(line);
  if (!split.ok) return false;
  const words: readonly string[] = split.command;
  return words.some(
    (word, index) => basename(word) === PROGRAM && args.every((arg, n) => words[index + 1 + n] === arg),
  );
}
