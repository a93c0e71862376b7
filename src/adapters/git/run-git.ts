/**
 * The one way Pawl runs git. A repository is input: nothing that its configuration or its hooks name is started, no
 * network is used (but by `git/remote.ts`, which asks for it), nothing is asked, and no setting of the machine or the
 * user changes what a command does. By plain programs and not simple-git, because exit codes are answers here, file names
 * may be any bytes, and commands feed each other.
 */

import { PawlError } from '../../domain/failures.ts';
import { tail } from '../../domain/limits.ts';
import type { Command, Ended } from '../programs/starter.ts';
import { finalAnswer } from './final-answers.ts';
import { gitStarter } from './git-starter.ts';

/** Where a command runs, and on what. */
export interface GitPlace {
  readonly cwd: string;
  /** `GIT_DIR`, `GIT_WORK_TREE`, `GIT_INDEX_FILE`, dates; undefined takes one out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Settings on top of the neutral ones, as the strongest there are. */
  readonly config?: readonly Setting[];
}
export type Setting = readonly [name: string, value: string];

export interface GitOptions {
  readonly input?: string | Buffer;
  /** Exit codes that are an answer and no failure. */
  readonly accept?: readonly number[];
}
export interface GitResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A git command that failed for a reason nobody foresaw; trying again may help. */
export class GitError extends Error {
  readonly stderr: string;
  /** undefined where it was ended, so that it may have done what it was told. */
  readonly exitCode: number | undefined;
  constructor(args: readonly string[], ending: string, stderr: string, exitCode?: number) {
    const said = stderr.split('\n').find((line) => /^(fatal|error): /.test(line)) ?? stderr.trim();
    super(`git ${args[0]} ${ending}: ${tail(said, 500)}`);
    this.name = 'GitError';
    this.stderr = stderr;
    this.exitCode = exitCode;
  }
}

/** A command of git's that takes longer has hung, on a dead network disk for example. */
const TIMEOUT_MS = 30 * 60_000;
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

/** What no repository may decide. This covers what every command reads; `named-programs.ts` what only some do. */
const NEUTRAL: readonly Setting[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.pager', 'cat'],
  ['core.editor', 'false'],
  ['core.sshCommand', 'false'],
  ['core.gitProxy', ''],
  ['core.askPass', ''],
  ['core.alternateRefsCommand', ''],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  ['core.quotePath', 'false'],
  ['core.protectHFS', 'true'],
  ['core.protectNTFS', 'true'],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
  ['gpg.program', 'false'],
  ['credential.helper', ''],
  ['protocol.allow', 'never'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['submodule.recurse', 'false'],
  ['status.submoduleSummary', 'false'],
  ['diff.external', ''],
];

const IDENTITY = { NAME: 'Pawl', EMAIL: 'pawl@localhost' };

/** The committer of every commit that the engine makes. */
export const ENGINE_EMAIL = IDENTITY.EMAIL;

/**
 * @returns what it printed; the exit code is 0 or one of `accept`
 * @throws PawlError `precondition` when git is missing, refuses the repository's owner, or meets what no retry mends
 * @throws GitError for every other ending
 */
export async function git(
  place: GitPlace,
  args: readonly string[],
  { input, accept = [] }: GitOptions = {},
): Promise<GitResult> {
  return answerOf(args, place, await gitStarter().run(commandOf(place, args, input)), accept);
}

/** The one line that a command printed. */
export async function gitLine(
  place: GitPlace,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  return (await git(place, args, options)).stdout.toString('utf8').replace(/\n$/, '');
}

/** Runs a command whose output is another one's input. @throws as `git` does, for the first of both that failed */
export async function gitPipe(
  from: { readonly place: GitPlace; readonly args: readonly string[]; readonly input: string },
  to: { readonly place: GitPlace; readonly args: readonly string[] },
): Promise<void> {
  const [sent, taken] = await gitStarter().pipe(
    commandOf(from.place, from.args, from.input),
    commandOf(to.place, to.args),
  );
  // A reader that fails ends the writer by SIGPIPE: what the reader says is the cause.
  if (sent.signal === undefined) answerOf(from.args, from.place, sent, []);
  answerOf(to.args, to.place, taken, []);
  answerOf(from.args, from.place, sent, []);
}

/** Every git that is started. */
export const commandOf = (place: GitPlace, args: readonly string[], input?: string | Buffer): Command => ({
  file: 'git',
  args,
  cwd: place.cwd,
  env: environmentOf(place),
  input,
  timeoutMs: TIMEOUT_MS,
  bytesMax: OUTPUT_BYTES_MAX,
});

function environmentOf({ env, config = [] }: GitPlace): Record<string, string | undefined> {
  const settings = [...NEUTRAL, ...config];
  const environment: Record<string, string | undefined> = {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    // No folder can be below it, so nothing of a user is ever found there.
    HOME: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    // Empty: no transport at all. Objects travel by `git/objects.ts`.
    GIT_ALLOW_PROTOCOL: '',
    GIT_NO_LAZY_FETCH: '1',
    // What stands in for another object, or for the parents of a commit, is neither pushed nor merged.
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: '/dev/null/none',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ADVICE: '0',
    GIT_AUTHOR_NAME: IDENTITY.NAME,
    GIT_AUTHOR_EMAIL: IDENTITY.EMAIL,
    GIT_COMMITTER_NAME: IDENTITY.NAME,
    GIT_COMMITTER_EMAIL: IDENTITY.EMAIL,
    // Unlike `-c name=value` this takes a name with `=` in it as it is, which a hostile repository may have.
    GIT_CONFIG_COUNT: String(settings.length),
    ...env,
  };
  settings.forEach(([name, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = name;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return environment;
}

/** What a command that has ended answered. @throws as `git` does */
export function answerOf(
  args: readonly string[],
  place: GitPlace,
  ended: Ended,
  accept: readonly number[],
): GitResult {
  const stderr = ended.stderr.toString();
  const { exitCode, stdout } = ended;
  if (exitCode !== undefined && !ended.isMaxBuffer && (exitCode === 0 || accept.includes(exitCode))) {
    return { exitCode, stdout, stderr };
  }
  if (ended.code === 'ENOENT') throw missing(place);
  if (stderr.includes('dubious ownership')) {
    throw new PawlError(
      'precondition',
      `${place.cwd} belongs to another user: run Pawl as its owner, or work in a clone of your own`,
    );
  }
  throw finalAnswer(stderr, place.cwd) ?? new GitError(args, endingOf(ended), stderr, exitCode);
}

/** The same error comes for a missing program and a missing folder to start it in. */
const missing = ({ cwd }: GitPlace): PawlError =>
  new PawlError(
    'precondition',
    `git could not be started in ${cwd}: the folder is gone, or git is not on PATH; install git 2.38 or newer`,
  );

function endingOf({ exitCode, signal, code, timedOut, isMaxBuffer }: Ended): string {
  if (isMaxBuffer) return `printed more than ${OUTPUT_BYTES_MAX} bytes`;
  if (timedOut) return 'did not end';
  if (exitCode !== undefined) return `exited with ${exitCode}`;
  return signal === undefined ? `could not be started (${code})` : `was ended by ${signal}`;
}
