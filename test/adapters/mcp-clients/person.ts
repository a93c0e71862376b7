/** A person's folders for a test, and Pawl's entry in the configuration of an AI client there. */
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import {
  changeMcpEntry,
  type McpEntryRequest,
  type McpSurroundings,
} from '../../../src/adapters/mcp-clients/change-entry.ts';

export let top: string;

export let around: McpSurroundings;

beforeEach(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), 'pawl-mcp-clients-')));
  around = {
    home: join(top, 'home'),
    env: {},
    platform: 'linux',
    cwd: join(top, 'shop'),
    launcher: () => ['/usr/bin/node', '/opt/pawl/bin/pawl'],
  };
  for (const folder of [around.home, around.cwd]) await mkdir(folder);
});

afterEach(() => rm(top, { recursive: true, force: true }));

/** The rest of this test is elsewhere, or under other variables. */
export function surroundWith(parts: Partial<McpSurroundings>): void {
  around = { ...around, ...parts };
}

export type Client = McpEntryRequest['client'];

export const change = (client: Client, parts: Partial<McpEntryRequest> = {}) =>
  changeMcpEntry({ client, scope: 'user', act: 'install', dryRun: false, force: false, ...parts }, around);

export const uninstall = (client: Client, parts: Partial<McpEntryRequest> = {}) =>
  change(client, { act: 'uninstall', ...parts });

export async function put(path: string, text: string, mode = 0o600): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

export const read = (path: string) => readFile(path, 'utf8');

export const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
