/** The real `pawl mcp` as an AI client starts it, in front of the official SDK's client. */
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { LAUNCHER } from './launcher.ts';

export interface Adapter {
  readonly client: Client;
  readonly pid: number;
  /** The structured answer. @throws where the tool answered with an error */
  call(tool: string, input?: Record<string, unknown>): Promise<Record<string, unknown>>;
}

export interface AdapterOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The working directory that the client speaks for. */
  readonly directory: string;
  readonly toolset: string;
}

/** Starts an adapter, ends it when `work` has settled. */
export async function withAdapter<T>(
  { env, directory, toolset }: AdapterOptions,
  work: (adapter: Adapter) => Promise<T>,
): Promise<T> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [LAUNCHER, 'mcp', '--toolset', toolset],
    cwd: directory,
    env: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => !!entry[1])),
    stderr: 'inherit',
  });
  const client = new Client({ name: 'bench', version: '1' });
  try {
    await client.connect(transport);
    const { pid } = transport;
    if (pid === null) throw new Error('expected an adapter that runs, got none');
    return await work({ client, pid, call: (tool, input) => callTool(client, tool, input) });
  } finally {
    await client.close();
  }
}

async function callTool(client: Client, tool: string, input: Record<string, unknown> = {}) {
  const { isError, structuredContent, content } = await client.callTool({ name: tool, arguments: input });
  if (isError === true || structuredContent === undefined) {
    throw new Error(`expected an answer of ${tool}, got ${JSON.stringify(content)}`);
  }
  return structuredContent as Record<string, unknown>;
}
