/** MCP over HTTP, and tools for adapters, for the engine's own server. */
import { homedir } from 'node:os';
import type { HttpDeps } from '../edge/http/app.ts';
import { callerOfRequest } from '../edge/http/authentication.ts';
import type { McpHttpDeps } from '../edge/mcp/http.ts';
import { VERSION } from '../version.ts';
import type { Endings } from './endings.ts';

type McpParts = Pick<McpHttpDeps, 'engine' | 'callerOf' | 'host' | 'onBug'>;

/**
 * Both are loaded by the first who asks. Most engines serve their AI clients over stdio, in processes of their own, and those need
 * nothing of the protocol here.
 */
export function mcpOf(parts: McpParts, endings: Endings): NonNullable<HttpDeps['mcp']> {
  const handler = lazily(async () => {
    const { createMcpHttp } = await import('../edge/mcp/http.ts');
    const mcp = createMcpHttp({
      ...parts,
      directory: homedir(),
      allowApprove: false,
      version: VERSION,
    });
    endings.add('MCP', () => mcp.close());
    return mcp;
  });
  const calls = lazily(async () => (await import('../edge/mcp/tool-calls.ts')).createToolCalls(parts));
  return {
    fetch: async (request) => (await handler()).fetch(request),
    call: async (request, name) => (await calls())(request, name),
    async caller(request) {
      const { name, scopes } = await callerOfRequest((header) => request.header(header), parts.callerOf);
      return { name, scopes };
    },
  };
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
