/** `pawl mcp` and the entries of AI clients that start it: what the command line has to do with MCP. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { McpSurroundings } from './adapters/mcp-clients/change-entry.ts';
import { type Config, placesIn } from './config.ts';
import { digestOf, digestOfText } from './domain/digest.ts';
import { PawlError } from './domain/failures.ts';
import type {
  HookChange,
  HookRequest,
  McpEntryChange,
  McpEntryRequest,
  McpServing,
} from './edge/cli/world.ts';
import { VERSION } from './version.ts';
import { workingFolder } from './working-folder.ts';

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
    { askCallerBy },
    { createSpoolFolder },
  ] = await Promise.all([
    import('./edge/mcp/stdio.ts'),
    import('./edge/http/reconnecting-client.ts'),
    import('./edge/http/pooled-fetch.ts'),
    import('./edge/mcp/toolsets.ts'),
    import('./connect.ts'),
    import('./edge/mcp/far-tools.ts'),
    import('./edge/mcp/own-token.ts'),
    import('./adapters/files/spool-folder.ts'),
  ]);
  const tools = toolsOf(toolset);
  const find = async () => {
    const found = await findEngine(config);
    if (found !== undefined) return found;
    // What starts an engine is a fifth of this process, and seldom needed.
    const [{ ensureEngine, withFreePort }, { tokenOf }] = await Promise.all([
      import('./engine/background.ts'),
      import('./engine/home.ts'),
    ]);
    const own = withFreePort(config, onNotice);
    return { ...(await ensureEngine(own, onNotice)), token: tokenOf(config.home) };
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
    askCaller: askCallerBy(engine.ask),
    tools,
    directory: workingFolder(),
    ...(config.elsewhere && {
      readFile: async (directory, path) =>
        (await import('./own-files.ts')).readFileIn(config, directory, path),
    }),
    allowApprove,
    away: {
      delaysMs: config.mcpRetryMs,
      // One elsewhere is started there.
      bringBack: async () => (config.elsewhere === undefined ? find() : undefined),
      lookAgain: engine.lookAgain,
      spool: createSpoolFolder(spoolOf(config)),
      skipsUnasked: config.mcpSpool,
    },
    version: VERSION,
    stdin: process.stdin,
    stdout: process.stdout,
    signal,
  });
}

/** Kept apart by engine and token, because a key counts for its token. */
function spoolOf({ home, elsewhere }: Config): string {
  const digest = digestOf([elsewhere?.api ?? '', process.env.PAWL_TOKEN ?? '']);
  return join(placesIn(home).spool, digest.slice('sha256:'.length, 'sha256:'.length + 16));
}

/** @throws PawlError `precondition` to install for an engine elsewhere: its token would stand in the client's configuration */
export async function mcpEntry(request: McpEntryRequest, config: Config): Promise<McpEntryChange> {
  onThisHost(request, config);
  const { changeMcpEntry } = await import('./adapters/mcp-clients/change-entry.ts');
  return changeMcpEntry(request, await surroundings(config));
}

/** @throws PawlError as `mcpEntry`, and `invalid_input` for an address that is none of `/mcp` on this host */
export async function changeHookOf(request: HookRequest, config: Config): Promise<HookChange> {
  onThisHost(request, config);
  if (request.url !== undefined) await checkAddress(request.url, config);
  const { changeHook } = await import('./adapters/mcp-clients/change-hook.ts');
  return changeHook(request, await surroundings(config));
}

function onThisHost({ act }: McpEntryRequest, { elsewhere }: Config): void {
  if (act !== 'install' || elsewhere === undefined) return;
  throw new PawlError(
    'precondition',
    `PAWL_URL names an engine elsewhere (${elsewhere.api}), and an entry holds no token: unset PAWL_URL, or write an entry that runs \`pawl mcp\` with PAWL_URL and PAWL_TOKEN in its environment yourself`,
  );
}

/** The token of this home is sent there. */
async function checkAddress(given: string, { host }: Config): Promise<void> {
  const url = URL.parse(given);
  const own = ['127.0.0.1', 'localhost', '[::1]', host, `[${host}]`];
  const isOurs = url?.protocol === 'http:' && own.includes(url.hostname) && url.pathname === '/mcp';
  // What is in place of a password is not shown.
  if (!isOurs || url.username !== '' || url.password !== '' || url.hash !== '')
    throw new PawlError(
      'invalid_input',
      '--url: expected the address of /mcp of the engine on this host, such as http://127.0.0.1:8100/mcp?toolset=core,loop, got another text',
    );
  const { addressIn } = await import('./edge/mcp/address.ts');
  addressIn(given);
}

async function surroundings({ home }: Config): Promise<McpSurroundings> {
  const { launcherFor } = await import('./adapters/mcp-clients/launcher.ts');
  const { env, execPath, platform } = process;
  const pawl = { root: ROOT, path: env.PATH ?? '', execPath };
  return {
    home: homedir(),
    env,
    platform,
    cwd: workingFolder(),
    launcher: (scope) => launcherFor(scope, pawl),
    // Only where it was told, because clients do not hand down all variables; the usual place is the same for them.
    pawlHome: env.PAWL_HOME || env.XDG_STATE_HOME ? home : undefined,
  };
}
