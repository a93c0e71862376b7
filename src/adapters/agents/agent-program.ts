/**
 * What every agent that is a program has in common: it starts in the workspace with a scrubbed environment, marked, and
 * what it prints comes as whole lines without its secrets.
 */
import type { Readable, Writable } from 'node:stream';
import { type AgentEvent, AgentFailure, type AgentRequest } from '../../activities/ports/agent-port.ts';
import { PawlError } from '../../domain/failures.ts';
import { clip, LIMITS } from '../../domain/limits.ts';
import type { Command } from '../../domain/task-spec.ts';
import { scrubbedEnvironment, secretsIn } from '../programs/environment.ts';
import { createLineSplitter } from '../programs/line-splitter.ts';
import { type Ending, runMarked } from '../programs/marked-program.ts';

const HIDDEN = '[hidden]';

export interface AgentProgram {
  readonly command: Command;
  /** Variables of the engine's environment that this kind of agent needs, besides those its choice names. */
  readonly needs?: readonly string[];
  /** Variables that the adapter sets. */
  readonly sets?: Readonly<Record<string, string>>;
  /** Written to stdin, which then ends. */
  readonly input?: string;
  /** As `runMarked` has it; without it stdout comes as lines. */
  readonly talk?: (stdin: Writable, stdout: Readable) => Promise<void>;
  /** Longer lines are cut; default: `LIMITS.agentLineCharsMax`. */
  readonly lineCharsMax?: number;
  /** A whole line. Throwing ends the program. */
  readonly hear: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** All of an agent's environment. */
export function environmentOf(
  { environment, mark, choice }: AgentRequest,
  { needs = [], sets = {} }: Pick<AgentProgram, 'needs' | 'sets'>,
): Record<string, string> {
  return { ...scrubbedEnvironment(environment, mark, [...needs, ...(choice.env ?? [])]), ...sets };
}

/** What an agent printed, as its log shows it. */
export const logOf = (text: string, stream: 'stdout' | 'stderr'): AgentEvent => ({
  type: 'log',
  text: clip(text, LIMITS.agentLineCharsMax),
  stream,
});

/** Takes out of a line what no log should show. */
export function hiderOf(environment: Readonly<Record<string, string>>): (line: string) => string {
  const secrets = secretsIn(environment);
  return (line) => secrets.reduce((text, secret) => text.replaceAll(secret, HIDDEN), line);
}

/**
 * Runs the program to its end; nothing of it runs any more when this settles. Tells `started` first of all.
 * @throws AgentFailure `setup_failed` when it cannot be started; the signal's reason when it aborted
 */
export async function runAgentProgram(
  request: AgentRequest,
  program: AgentProgram,
  observe: (event: AgentEvent) => void,
  signal: AbortSignal,
): Promise<Ending> {
  const environment = environmentOf(request, program);
  const hide = hiderOf(environment);
  const splitter = (stream: 'stdout' | 'stderr') =>
    createLineSplitter(program.lineCharsMax ?? LIMITS.agentLineCharsMax, (line) =>
      program.hear(hide(line), stream),
    );
  const lines = { stdout: splitter('stdout'), stderr: splitter('stderr') };
  try {
    const ending = await runMarked(
      {
        command: program.command,
        cwd: request.workspace,
        environment,
        ...(program.input === undefined ? {} : { input: program.input }),
        ...(program.talk === undefined ? {} : { talk: program.talk }),
        onStarted: (pid) => observe({ type: 'started', pid }),
        onText: (text, stream) => lines[stream].push(text),
      },
      signal,
    );
    lines.stdout.end();
    lines.stderr.end();
    return ending;
  } catch (error) {
    throw asStartFailure(request, error);
  }
}

/** What kept a program from starting, in the words of an agent that cannot run; any other error as it is. */
export function asStartFailure({ choice }: AgentRequest, error: unknown): unknown {
  if (!(error instanceof PawlError) || (error.code !== 'precondition' && error.code !== 'invalid_input'))
    return error;
  return new AgentFailure('setup_failed', `agent ${choice.name}: ${error.message}`);
}
