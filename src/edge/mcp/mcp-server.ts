/** The MCP edge of Pawl: rows of toolsets, resources and prompts, in front of any engine. It keeps no task and decides nothing. */
import type { McpServer } from '@modelcontextprotocol/server';
import { type Caller, mayDo, needScope, type Scope } from '../../domain/scopes.ts';
import { sessionIdOf } from '../../domain/session.ts';
import type { AwayDeps } from './away/persistent-call.ts';
import { createEngineTasks, taskResultOf } from './engine-tasks.ts';
import type { KeepsAnswers } from './keyed-tools.ts';
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
  /** What is done while the engine, in another process, is away. Absent: a call that does not reach it fails. */
  readonly away?: AwayDeps;
  /** Default: to stderr, because stdout may carry the protocol. */
  readonly onBug?: (error: Error) => void;
}

const INSTRUCTIONS =
  'Pawl does coding work durably: `run` gives a requirement to an agent, `create` keeps a task of yours. What has status awaiting_gate needs a person: call `decide`.';

/** One server is one connection over stdio, or one request over HTTP. */
export function createMcpServer(deps: McpDeps): McpServer {
  const { engine, tools, directory, allowApprove, version, caller, onBug = toStderr } = deps;
  const row = {
    engine,
    keeps: deps.keeps,
    session: deps.session ?? sessionIdOf(directory),
    mayDecide: allowApprove,
    onBug,
    speaker: { directory },
    addressOf: deps.addressOf,
    readFile: deps.readFile,
    admit(tool: Tool) {
      if (caller !== undefined) needTool(caller, tool);
    },
    taskOf: taskResultOf,
    away: deps.away,
  };
  const mcp = createServer({
    name: 'pawl',
    version,
    instructions: INSTRUCTIONS,
    tools: tools.map((tool) => servedRow(tool, row)),
    tellsLog: deps.away !== undefined,
    tasks: {
      tasks: createEngineTasks({
        engine,
        admit,
        mayDecide: caller === undefined || mayDo(caller, 'approve'),
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
