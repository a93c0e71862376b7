/** An AI client of the official SDK in front of the real `pawl mcp`, as a program that it starts itself. */
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { cacheFolder } from '../../scripts/setup/cache.mjs';

const LAUNCHER = join(import.meta.dirname, '..', '..', 'bin', 'pawl');

export interface Answer {
  readonly isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: what tools answer is what the tests look at
  readonly structured: any;
  readonly text: string;
}

export interface McpRig {
  readonly client: Client;
  readonly pid: number;
  call(name: string, input?: Record<string, unknown>): Promise<Answer>;
  /** The structured answer of a call that has to succeed. */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  ok(name: string, input?: Record<string, unknown>): Promise<any>;
  close(): Promise<void>;
}

export async function startMcp(home: string, cwd: string, args: readonly string[] = []): Promise<McpRig> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [LAUNCHER, 'mcp', ...args],
    cwd,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      PAWL_HOME: home,
      PAWL_PORT: '0',
      XDG_CACHE_HOME: dirname(cacheFolder()),
    },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  const call = async (name: string, input: Record<string, unknown> = {}): Promise<Answer> => {
    const answer = await client.callTool({ name, arguments: input });
    const [first] = answer.content as readonly { readonly text?: string }[];
    return {
      isError: answer.isError === true,
      structured: answer.structuredContent,
      text: first?.text ?? '',
    };
  };
  return {
    client,
    pid: transport.pid ?? 0,
    call,
    async ok(name, input) {
      const answer = await call(name, input);
      if (answer.isError) throw new Error(`${name}: ${answer.text}`);
      return answer.structured;
    },
    close: () => client.close(),
  };
}
