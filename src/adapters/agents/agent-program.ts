/**
 * What every agent that is a program has in common: it starts in the workspace with a scrubbed environment, marked, and
 * what it prints comes as whole lines without its secrets.
 */
import { Readable, type Writable } from 'node:stream';
import { type AgentEvent, AgentFailure, type AgentRequest } from '../../activities/ports/agent-port.ts';
import { PawlError } from '../../domain/failures.ts';
import { clip, LIMITS } from '../../domain/limits.ts';
import type { Mask } from '../../domain/mask.ts';
import type { Command } from '../../domain/task-spec.ts';
import { scrubbedEnvironment } from '../programs/environment.ts';
import { createLineSplitter } from '../programs/line-splitter.ts';
import { type Ending, runMarked } from '../programs/marked-program.ts';

export interface AgentProgram {
  readonly command: Command;
  /** Variables of the engine's environment that this kind of agent needs, besides those its choice names. */
  readonly needs?: readonly string[];
  /** Variables that the adapter sets. */
  readonly sets?: Readonly<Record<string, string>>;
  /** Written to stdin, which then ends. */
  readonly input?: string;
  /** As `runMarked` has it, with a stdout that is masked; without it stdout comes as lines. */
  readonly talk?: (stdin: Writable, stdout: Readable) => Promise<void>;
  /** Longer lines are cut; default: `LIMITS.agentLineCharsMax`. */
  readonly lineCharsMax?: number;
  /** A whole line. Throwing ends the program. */
  readonly hear: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** All of an agent's environment. */
export function environmentOf(
  { environment, mark, choice, access, programs, variables }: AgentRequest,
  { needs = [], sets = {} }: Pick<AgentProgram, 'needs' | 'sets'>,
): Record<string, string> {
  const named = [...needs, ...(choice.env ?? [])];
  const scrubbed = scrubbedEnvironment(environment, mark, named, access);
  const path = programs === undefined ? {} : { PATH: `${scrubbed.PATH}:${programs}` };
  return { ...scrubbed, ...path, ...variables, ...sets };
}

/** What an agent printed, as its log shows it. */
export const logOf = (text: string, stream: 'stdout' | 'stderr'): AgentEvent => ({
  type: 'log',
  text: clip(text, LIMITS.agentLineCharsMax),
  stream,
});

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
  const { mask } = request;
  const listener = (stream: 'stdout' | 'stderr') => {
    const lines = createLineSplitter(program.lineCharsMax ?? LIMITS.agentLineCharsMax, (line) =>
      program.hear(line, stream),
    );
    // Before lines are cut: a secret may have several, or be where a long one is cut off.
    const masked = mask.stream();
    return {
      push: (text: string) => lines.push(masked.push(text)),
      end() {
        lines.push(masked.end());
        lines.end();
      },
    };
  };
  const heard = { stdout: listener('stdout'), stderr: listener('stderr') };
  const { talk } = program;
  try {
    const ending = await runMarked(
      {
        command: program.command,
        cwd: request.directory ?? request.workspace,
        environment,
        ...(program.input === undefined ? {} : { input: program.input }),
        ...(talk === undefined ? {} : { talk: (stdin, stdout) => talk(stdin, maskedStream(stdout, mask)) }),
        onStarted: (pid) => observe({ type: 'started', pid }),
        onText: (text, stream) => heard[stream].push(text),
      },
      signal,
    );
    heard.stdout.end();
    heard.stderr.end();
    return ending;
  } catch (error) {
    throw asStartFailure(request, error);
  }
}

function maskedStream(stream: Readable, mask: Mask): Readable {
  async function* masked() {
    const { push, end } = mask.stream();
    for await (const text of stream.setEncoding('utf8')) {
      const safe = push(text);
      if (safe !== '') yield safe;
    }
    yield end();
  }
  return Readable.from(masked(), { objectMode: false });
}

/** What kept a program from starting, in the words of an agent that cannot run; any other error as it is. */
export function asStartFailure({ choice }: AgentRequest, error: unknown): unknown {
  if (!(error instanceof PawlError) || (error.code !== 'precondition' && error.code !== 'invalid_input'))
    return error;
  return new AgentFailure('setup_failed', `agent ${choice.name}: ${error.message}`);
}
