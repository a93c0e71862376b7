/**
 * The agent `command`: a program of the user's that speaks the protocol of `protocol.ts`, or none at all. How
 * an attempt ended is decided by its exit status first and by what it said second.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Agent,
  type AgentEvent,
  AgentFailure,
  type AgentReport,
  type AgentRequest,
} from '../../../activities/ports/agent-port.ts';
import { CONFIGURATION_FILE } from '../../../domain/configuration-name.ts';
import { clip, LIMITS } from '../../../domain/limits.ts';
import type { Command } from '../../../domain/task-spec.ts';
import type { Environment } from '../../programs/environment.ts';
import { missingProgram } from '../../programs/find-program.ts';
import type { Ending } from '../../programs/marked-program.ts';
import { type AgentProgram, logOf, runAgentProgram } from '../agent-program.ts';
import { returnedIn } from '../agent-prompt.ts';
import { createBlockReader, jsonObjectIn, type Returned } from '../returned-json.ts';
import { type CommandLine, commandLineOf, taskDocument } from './protocol.ts';

const LAST_LINE_CHARS_MAX = 300;

/** `environment` is where `problem` looks for programs; a run looks in its request's. */
export function createCommandAgent({ environment }: { readonly environment: Environment }): Agent {
  return {
    name: 'command',
    async problem({ name, command }) {
      if (command === undefined) return { message: hasNoProgram(name) };
      const missing = missingProgram(command, environment);
      return missing && { ...missing, message: `agent ${name}: ${missing.message}` };
    },
    /**
     * Exit 0 is `done`, or `blocked` where the result says so.
     * @throws AgentFailure `setup_failed` when the program cannot be started, `interrupted` when a signal from
     * elsewhere ended it, `unknown` for any other exit status; the signal's reason when it aborted
     */
    async run(request, observe, signal) {
      const { name, command } = request.choice;
      if (command === undefined) throw new AgentFailure('setup_failed', hasNoProgram(name));
      const taskFile = await writeTaskFile(request);
      try {
        const listener = createListener(observe);
        const program = programOf(request, command, taskFile, listener.hear);
        const ending = await runAgentProgram(request, program, observe, signal);
        return reportOf(ending, listener.said());
      } finally {
        await rm(taskFile, { force: true });
      }
    },
  };
}

const hasNoProgram = (name: string): string =>
  `agent ${name} has no program: give one with --agent-command, or as agents.${name}.command in ${CONFIGURATION_FILE}`;

/** The task, with the attempt's token in it, is for the agent alone and only while it runs. */
async function writeTaskFile(request: AgentRequest): Promise<string> {
  await mkdir(request.scratch, { recursive: true, mode: 0o700 });
  const path = join(request.scratch, 'task.json');
  await rm(path, { force: true });
  await writeFile(path, taskDocument(request), { mode: 0o600, flag: 'wx' });
  return path;
}

function programOf(
  request: AgentRequest,
  command: Command,
  taskFile: string,
  hear: AgentProgram['hear'],
): AgentProgram {
  const sets = { PAWL_TASK_FILE: taskFile, PAWL_ATTEMPT_TOKEN: request.attempt.token };
  // What it returns is a line, whose size is told where it is too large.
  const lineCharsMax = LIMITS.protocolLineCharsMax;
  return { command, sets, input: taskDocument(request), lineCharsMax, hear };
}

interface Said {
  readonly result?: Extract<CommandLine, { type: 'result' }>;
  readonly lastLine: string;
  /** The last line that names an error as programs of Node do, which say their version after it. */
  readonly errorLine?: string;
  /** Its last line on stdout, or the block that ends there, where that is an object of JSON. */
  readonly lastJson?: Returned | undefined;
}
/** Turns output into events. Only stdout speaks the protocol. */
function createListener(observe: (event: AgentEvent) => void) {
  let said: Said = { lastLine: '' };
  const block = createBlockReader();
  const hear: AgentProgram['hear'] = (line, stream) => {
    const isSaid = stream === 'stdout' && line.length <= LIMITS.agentLineCharsMax;
    const spoken = isSaid ? commandLineOf(line) : undefined;
    if (spoken?.type === 'result') {
      said = { ...said, result: spoken };
    } else if (spoken !== undefined) {
      observe(spoken);
    } else {
      observe(logOf(line, stream));
      if (line.trim() === '') return;
      const lastJson = stream === 'stdout' ? (block.hear(line) ?? jsonObjectIn(line)) : said.lastJson;
      const text = clip(line.trim(), LAST_LINE_CHARS_MAX);
      const errorLine = ERROR.test(text) ? text : said.errorLine;
      said = { ...said, lastLine: text, lastJson, ...(errorLine !== undefined && { errorLine }) };
    }
  };
  return { hear, said: () => said };
}

const ERROR = /^(?:Uncaught )?(?:[A-Z]\w*)?Error(?: \[\w+\])?:/;
const VERSION_OF_NODE = /^Node\.js v\d/;

function reportOf(
  { exitCode, signal }: Ending,
  { result, lastLine, errorLine, lastJson }: Said,
): AgentReport {
  const told = VERSION_OF_NODE.test(lastLine) && errorLine !== undefined ? errorLine : lastLine;
  const last = told === '' ? 'it printed nothing' : `last line: ${told}`;
  if (exitCode === null) throw new AgentFailure('interrupted', `the program was ended by ${signal}; ${last}`);
  if (exitCode !== 0) throw new AgentFailure('unknown', `the program exited with ${exitCode}; ${last}`);
  if (result === undefined)
    return {
      status: 'done',
      summary: lastLine === '' ? 'the program printed nothing' : lastLine,
      ...lastJson,
    };
  const { status, summary, outputs } = result;
  const returned = outputs === undefined ? returnedIn(summary) : { outputs };
  return { status, summary: clip(summary, LIMITS.summaryCharsMax), ...returned };
}
