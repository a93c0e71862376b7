/**
 * An AI client of the official SDK in front of Pawl: of the real `pawl mcp`, as a program that it starts itself, or of
 * the same adapter in this process, where it can be seen which of its lines run.
 */
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Client, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { cacheFolder } from '../../scripts/setup/cache.mjs';
import { createReconnectingClient } from '../../src/edge/http/reconnecting-client.ts';
import { callToolBy } from '../../src/edge/mcp/far-tools.ts';
import { askCallerBy } from '../../src/edge/mcp/own-token.ts';
import { serveMcpOnStdio } from '../../src/edge/mcp/stdio.ts';
import { toolsOf } from '../../src/edge/mcp/toolsets.ts';
import { liveEndpoints } from '../../src/engine/endpoints.ts';
import { tokenOf } from '../../src/engine/home.ts';

const LAUNCHER = join(import.meta.dirname, '..', '..', 'bin', 'pawl');

export interface Answer {
  readonly isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: what tools answer is what the tests look at
  readonly structured: any;
  readonly text: string;
}

export interface McpRig {
  readonly client: Client;
  /** Of the adapter's process; 0 where it has none of its own. */
  readonly pid: number;
  call(name: string, input?: Record<string, unknown>): Promise<Answer>;
  /** The structured answer of a call that has to succeed. */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  ok(name: string, input?: Record<string, unknown>): Promise<any>;
  close(): Promise<void>;
}

/** What the user of a client says to a question. */
export type Says = (message: string) => { readonly choice: string };

/**
 * `pawl mcp` as an AI client starts it. Without a pause between tries, because a test waits for them.
 * @param says makes it a client whose user can be asked
 */
export async function startMcp(
  home: string,
  cwd: string,
  args: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
  says?: Says,
): Promise<McpRig> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [LAUNCHER, 'mcp', ...args],
    cwd,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      PAWL_HOME: home,
      PAWL_PORT: '0',
      PAWL_MCP_RETRY_SECONDS: '0,0',
      XDG_CACHE_HOME: dirname(cacheFolder()),
      ...settings,
    },
    stderr: 'ignore',
  });
  const rig = await connectBy(transport, says);
  return { ...rig, pid: transport.pid ?? 0 };
}

/** The same adapter in this process, in front of the engine that runs in `home`. */
export async function serveMcpHere(home: string, directory: string, toolset: string): Promise<McpRig> {
  const find = async () => {
    const endpoints = await liveEndpoints(home);
    if (endpoints === undefined) throw new Error('no engine runs in this home');
    return { ...endpoints, token: tokenOf(home, {}) };
  };
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const over = new AbortController();
  const engine = createReconnectingClient(find, over.signal);
  const served = serveMcpOnStdio({
    engine,
    keeps: { kind: 'there', callTool: callToolBy(engine.ask), caller: '' },
    askCaller: askCallerBy(engine.ask),
    tools: toolsOf(toolset),
    directory,
    allowApprove: false,
    version: '1',
    stdin,
    stdout,
    signal: over.signal,
  });
  // It reads lines and writes lines; which end of them is the server is nobody's business.
  const rig = await connectBy(new StdioServerTransport(stdout, stdin, { maxBufferSize: 64 * 1024 * 1024 }));
  return {
    ...rig,
    async close() {
      await rig.close();
      over.abort();
      await served;
    },
  };
}

/** An engine that is started again takes a busy machine long. */
const CALL_MS_MAX = 300_000;

async function connectBy(transport: Transport, says?: Says): Promise<McpRig> {
  const capabilities = says === undefined ? {} : { elicitation: { form: {} } };
  const client = new Client({ name: 'test', version: '1' }, { capabilities });
  if (says !== undefined) {
    client.setRequestHandler('elicitation/create', async ({ params: { message } }) => ({
      action: 'accept',
      content: { ...says(message) },
    }));
  }
  await client.connect(transport);
  const call = async (name: string, input: Record<string, unknown> = {}): Promise<Answer> => {
    const answer = await client.callTool({ name, arguments: input }, { timeout: CALL_MS_MAX });
    const [first] = answer.content as readonly { readonly text?: string }[];
    return {
      isError: answer.isError === true,
      structured: answer.structuredContent,
      text: first?.text ?? '',
    };
  };
  return {
    client,
    pid: 0,
    call,
    async ok(name, input) {
      const answer = await call(name, input);
      if (answer.isError) throw new Error(`${name}: ${answer.text}`);
      return answer.structured;
    },
    close: () => client.close(),
  };
}
