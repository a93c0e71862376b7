/** `pawl mcp` and the entries of AI clients that start it: what the command line has to do with MCP. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Config } from './config.ts';
import { digestOfText } from './domain/digest.ts';
import { PawlError } from './domain/failures.ts';
import type { McpEntryChange, McpEntryRequest, McpServing } from './edge/cli/world.ts';
import { VERSION } from './version.ts';

const ROOT = join(import.meta.dirname, '..');

export async function serveMcp(
  { toolset, allowApprove }: McpServing,
  config: Config,
  signal: AbortSignal,
  onNotice: (line: string) => void,
): Promise<void> {
  // One adapter runs for each client, mostly idle: V8 collects sooner, for 115 MB resident after many calls in place of 185.
  setFlagsFromString('--optimize-for-size');
  const [
    { serveMcpOnStdio },
    { createReconnectingClient },
    { createPooledFetch },
    { toolsOf },
    { findEngine },
    { callToolBy },
  ] = await Promise.all([
    import('./edge/mcp/stdio.ts'),
    import('./edge/http/reconnecting-client.ts'),
    import('./edge/http/pooled-fetch.ts'),
    import('./edge/mcp/toolsets.ts'),
    import('./connect.ts'),
    import('./edge/mcp/far-tools.ts'),
  ]);
  const tools = toolsOf(toolset);
  const find = async () => {
    const found = await findEngine(config);
    if (found !== undefined) return found;
    // What starts an engine is a fifth of this process, and seldom needed.
    const [{ ensureEngine }, { tokenOf }] = await Promise.all([
      import('./engine/background.ts'),
      import('./engine/home.ts'),
    ]);
    return { ...(await ensureEngine(config, onNotice)), token: tokenOf(config.home) };
  };
  // Each call of the client is one of the engine, and `fetch` takes longer for it than Node's HTTP itself.
  const engine = createReconnectingClient(find, signal, createPooledFetch);
  await serveMcpOnStdio({
    engine,
    keeps: {
      kind: 'there',
      callTool: callToolBy(engine.ask),
      // Whose it is only the engine knows. Without one the process is the local user's.
      caller: digestOfText(process.env.PAWL_TOKEN ?? ''),
    },
    tools,
    directory: process.cwd(),
    ...(config.elsewhere && {
      readFile: async (directory, path) =>
        (await import('./own-files.ts')).readFileIn(config, directory, path),
    }),
    allowApprove,
    version: VERSION,
    stdin: process.stdin,
    stdout: process.stdout,
    signal,
  });
}

/** @throws PawlError `precondition` to install for an engine elsewhere: its token would stand in the client's configuration */
export async function mcpEntry(
  request: McpEntryRequest,
  { home, elsewhere }: Config,
): Promise<McpEntryChange> {
  if (request.act === 'install' && elsewhere !== undefined) {
    throw new PawlError(
      'precondition',
      `PAWL_URL names an engine elsewhere (${elsewhere.api}), and an entry holds no token: unset PAWL_URL, or write an entry that runs \`pawl mcp\` with PAWL_URL and PAWL_TOKEN in its environment yourself`,
    );
  }
  const [{ changeMcpEntry }, { launcherFor }] = await Promise.all([
    import('./adapters/mcp-clients/change-entry.ts'),
    import('./adapters/mcp-clients/launcher.ts'),
  ]);
  const { env, execPath, platform } = process;
  const pawl = { root: ROOT, path: env.PATH ?? '', execPath };
  return changeMcpEntry(request, {
    home: homedir(),
    env,
    platform,
    cwd: process.cwd(),
    launcher: (scope) => launcherFor(scope, pawl),
    // Only where it was told, because clients do not hand down all variables; the usual place is the same for them.
    pawlHome: env.PAWL_HOME || env.XDG_STATE_HOME ? home : undefined,
  });
}
