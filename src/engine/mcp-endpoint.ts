/** MCP over HTTP, for the engine's own server. */
import { homedir } from 'node:os';
import type { McpHttp, McpHttpDeps } from '../edge/mcp/http.ts';
import { VERSION } from '../version.ts';
import type { Endings } from './endings.ts';

type McpParts = Pick<McpHttpDeps, 'engine' | 'callerOf' | 'host' | 'onBug'>;

/** Loaded by the first who asks: most engines serve their AI clients over stdio, in processes of their own. */
export function mcpOf(parts: McpParts, endings: Endings): (request: Request) => Promise<Response> {
  let handler: Promise<McpHttp> | undefined;
  const load = async () => {
    const { createMcpHttp } = await import('../edge/mcp/http.ts');
    const mcp = createMcpHttp({
      ...parts,
      directory: homedir(),
      allowApprove: false,
      version: VERSION,
    });
    endings.add('MCP', () => mcp.close());
    return mcp;
  };
  return async (request) => {
    handler ??= load();
    return (await handler).fetch(request);
  };
}
