/** The official inspector's command line lists and calls every tool, over stdio and over HTTP. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suiteProgram } from '../../scripts/mcp/place.mjs';
import { callersOf } from '../../src/edge/http/authentication.ts';
import { createMcpHttp } from '../../src/edge/mcp/http.ts';
import { keeping } from '../edge/kept-in-memory.ts';
import { CALLS, inspectedEngine, TOOLS, TOOLSETS } from './inspected-engine.ts';

/** A program of the suite that hangs must not hang the tests. */
const RUN_MS_MAX = 60_000;

const engine = keeping(inspectedEngine());
const site = createMcpHttp({
  engine: () => engine,
  directory: process.cwd(),
  allowApprove: true,
  version: '1.2.3',
  callerOf: callersOf({ token: 'secret', name: 'ann' }),
  host: '127.0.0.1',
  onBug: (error) => console.error(error),
});
const server = serve({ fetch: site.fetch, hostname: '127.0.0.1', port: 0 });
let url = '';
beforeAll(async () => {
  if (!server.listening) await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp?toolset=${TOOLSETS}&directory=${encodeURIComponent(process.cwd())}`;
});
afterAll(async () => {
  await site.close();
  server.close();
  if ('closeAllConnections' in server) server.closeAllConnections();
});

const OVER: Readonly<Record<string, () => readonly string[]>> = {
  stdio: () => [process.execPath, join(import.meta.dirname, 'stdio-main.ts')],
  HTTP: () => [url, '--transport', 'http', '--header', 'Authorization: Bearer secret'],
};

async function inspect(
  server: readonly string[],
  ...args: readonly string[]
): Promise<Record<string, unknown>> {
  const { stdout } = await execa(suiteProgram('mcp-inspector'), ['--cli', ...server, ...args], {
    timeout: RUN_MS_MAX,
  });
  return JSON.parse(stdout);
}

describe.each(Object.keys(OVER))('over %s', (way) => {
  const server = () => OVER[way]?.() ?? [];

  it('lists every tool', { timeout: RUN_MS_MAX }, async () => {
    const { tools } = await inspect(server(), '--method', 'tools/list');
    expect((tools as { name: string }[]).map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
  });

  it.each(TOOLS.map(({ name }) => name))('calls %s', { timeout: RUN_MS_MAX }, async (name) => {
    const args = (CALLS[name] ?? []).flatMap((arg) => ['--tool-arg', arg]);
    const result = await inspect(server(), '--method', 'tools/call', '--tool-name', name, ...args);
    expect(result, JSON.stringify(result)).not.toHaveProperty('isError', true);
    expect(result).toHaveProperty('structuredContent');
  });
});
