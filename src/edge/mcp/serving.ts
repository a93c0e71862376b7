/**
 * An MCP server of tools, on the SDK's second line: one for both protocol eras. The SDK checks messages and transports;
 * what a tool takes and answers is the tool's own, so that its errors have Pawl's form.
 */
import {
  type CallToolResult,
  type InputRequiredResult,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { TASKS_EXTENSION } from './client-abilities.ts';
import { type ServedTasks, serveTasks, type TaskResult } from './durable-tasks.ts';

/** A tool as a client sees it. */
export interface Listing {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations?: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
  };
}
export type JsonObject = { readonly [key: string]: unknown; readonly type: 'object' };

/** What can be said of a tool's call, whatever it is made from. */
export type Outcome = CallToolResult | InputRequiredResult | TaskResult;

export interface ServedTool {
  readonly listing: Listing;
  call(input: unknown, context: ServerContext, server: McpServer): Promise<Outcome>;
}

export interface Serving {
  readonly name: string;
  readonly version: string;
  readonly instructions?: string;
  readonly tools: readonly ServedTool[];
  /** Tells the client's log what a person should know while a call waits. */
  readonly tellsLog?: boolean;
  /** Absent where no tool's work outlives its call. */
  readonly tasks?: ServedTasks;
}

/** How often one call may ask a person, of a client of the older protocol: each time that they choose to wait is one. */
const QUESTIONS_MAX = 100;

export function createServer({
  name,
  version,
  instructions,
  tools,
  tellsLog = false,
  tasks,
}: Serving): McpServer {
  const mcp = new McpServer(
    { name, version },
    {
      inputRequired: { maxRounds: QUESTIONS_MAX },
      capabilities: {
        tools: {},
        ...(tellsLog && { logging: {} }),
        ...(tasks && { extensions: { [TASKS_EXTENSION]: {} } }),
      },
      ...(instructions !== undefined && { instructions }),
    },
  );
  const named = new Map(tools.map((tool) => [tool.listing.name, tool]));
  if (named.size < tools.length) throw new Error('expected tools of different names, found two of one');
  const listed = tools.map(({ listing }) => ({ ...listing }));
  mcp.server.setRequestHandler('tools/list', async () => ({ tools: listed }));
  mcp.server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = named.get(params.name);
    if (tool === undefined) {
      const known = [...named.keys()].join(', ');
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `there is no tool ${params.name}; there are ${known}`,
      );
    }
    // The SDK passes a task on as it is, but its types know only the results of the protocol itself.
    return (await tool.call(params.arguments ?? {}, context, mcp)) as CallToolResult | InputRequiredResult;
  });
  if (tasks !== undefined) serveTasks(mcp, tasks);
  return mcp;
}
