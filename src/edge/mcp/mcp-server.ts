/** The MCP edge of Pawl: rows of toolsets, resources and prompts, in front of any engine. It keeps no task and decides nothing. */
import type { McpServer } from '@modelcontextprotocol/server';
import { type Caller, mayDo, needScope, type Scope } from '../../domain/scopes.ts';
import { sessionIdOf } from '../../domain/session.ts';
import type { AwayDeps } from './away/persistent-call.ts';
import { createEngineTasks, taskResultOf } from './engine-tasks.ts';
import type { KeepsAnswers } from './keyed-tools.ts';
import type { AskCaller } from './own-token.ts';
import { servePrompts } from './prompts.ts';
import { serveResources } from './resources.ts';
import { servedRow } from './row.ts';
import { needTool } from './row-call.ts';
import { createServer } from './serving.ts';
import type { FileRead, ReconnectableCalls, Tool } from './tool.ts';

export interface McpDeps {
  readonly engine: ReconnectableCalls;
  readonly tools: readonly Tool[];
  /** The working directory that clients speak for until they name another one, absolute. */
  readonly directory: string;
  /** A file of a directory of this host, where the engine is on another one. */
  readonly readFile?: (directory: string, path: string) => Promise<FileRead>;
  /** As `ToolContext` has it: over HTTP. */
  readonly addressOf?: (directory: string) => string;
  /** The client decides gates itself; else it asks its user. */
  readonly allowApprove: boolean;
  /** Pawl's own. */
  readonly version: string;
  readonly keeps: KeepsAnswers;
  /** In which keys count. Default: the session of `directory`. */
  readonly session?: string | undefined;
  /** Whose token it is; absent where there is no token, because the process is the user's own. */
  readonly caller?: Caller;
  /** The same of an adapter, which asks its engine. Absent where everything may be called. */
  readonly askCaller?: AskCaller;
  /** What is done while the engine, in another process, is away. Absent: a call that does not reach it fails. */
  readonly away?: AwayDeps;
  /** Default: to stderr, because stdout may carry the protocol. */
  readonly onBug?: (error: Error) => void;
}

/** By a tool that is served: what a client does with it and with those around it. */
const INSTRUCTIONS: Readonly<Record<string, string>> = {
  run: '`run` gives a requirement to an agent, `create` keeps a task of yours. What has status awaiting_gate needs a person: call `decide`.',
  start_execution:
    '`start_execution` begins a loop of phases, skills and gates, `get_execution` tells what is to do next, `complete_skill` reports it. A gate needs a person: call `approve_gate` or `reject_gate` with what they say.',
};

const instructionsFor = (tools: readonly Tool[]): string =>
  [
    'Pawl does coding work durably.',
    ...Object.entries(INSTRUCTIONS).flatMap(([name, text]) =>
      tools.some((tool) => tool.name === name) ? [text] : [],
    ),
  ].join(' ');

/** One server is one connection over stdio, or one request over HTTP. */
export function createMcpServer(deps: McpDeps): McpServer {
  const { engine, tools, directory, allowApprove, version, caller, onBug = toStderr } = deps;
  const callerNow = async () => caller ?? (await deps.askCaller?.());
  const row = {
    engine,
    keeps: deps.keeps,
    session: deps.session ?? sessionIdOf(directory),
    mayDecide: allowApprove,
    onBug,
    speaker: { directory },
    addressOf: deps.addressOf,
    readFile: deps.readFile,
    async admit(tool: Tool) {
      const known = await callerNow();
      if (known !== undefined) needTool(known, tool);
    },
    taskOf: taskResultOf,
    away: deps.away,
  };
  const mcp = createServer({
    name: 'pawl',
    version,
    instructions: instructionsFor(tools),
    tools: tools.map((tool) => servedRow(tool, row)),
    tellsLog: deps.away !== undefined,
    tasks: {
      tasks: createEngineTasks({
        engine,
        admit,
        mayDecide: async () => {
          const known = await callerNow();
          return known === undefined || mayDo(known, 'approve');
        },
      }),
      onBug,
    },
  });
  serveResources(mcp, { engine, admit, onBug });
  servePrompts(mcp);
  return mcp;

  function admit(scope: Scope): void {
    if (caller !== undefined) needScope(caller, scope);
  }
}

function toStderr(error: Error): void {
  console.error(error.stack ?? String(error));
}
