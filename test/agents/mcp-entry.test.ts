/** What `pawl mcp install` writes is what the real clients read: each lists the entry, and starts its server. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, it } from 'vitest';
import { CLAUDE_SETS } from '../../src/adapters/agents/claude/settings.ts';
import { changeMcpEntry, type McpEntryRequest } from '../../src/adapters/mcp-clients/change-entry.ts';
import { agentProgram, newHome } from './rig.ts';

/** Answers as a server without tools, and writes down that it was asked, and with which home. */
const SERVER = `
import { createInterface } from 'node:readline';
import { appendFileSync } from 'node:fs';
const { HOME, PAWL_HOME } = process.env;
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  appendFileSync(HOME + '/asked', method + ' ' + PAWL_HOME + ' ' + process.argv.slice(2) + '\\n');
  if (id === undefined) continue;
  const serverInfo = { name: 'pawl', version: '0.0.0' };
  const welcome = { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo };
  const answer =
    method === 'initialize' ? { result: welcome }
    : method === 'tools/list' ? { result: { tools: [] } }
    : method === 'ping' ? { result: {} }
    : { error: { code: -32601, message: 'unknown' } };
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n');
}`;

let home: string;
let shop: string;
beforeEach(async () => {
  home = newHome();
  shop = join(home, 'shop');
  await mkdir(shop);
  await put('lib/package.json', '{ "type": "module" }');
  await put('lib/pawl', SERVER);
});

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), text);
}

const change = (client: McpEntryRequest['client'], parts: Partial<McpEntryRequest> = {}) =>
  changeMcpEntry(
    { client, scope: 'user', act: 'install', dryRun: false, force: true, ...parts },
    {
      home,
      env: {},
      platform: process.platform,
      cwd: shop,
      launcher: () => [process.execPath, join(home, 'lib', 'pawl')],
      pawlHome: join(home, 'state'),
    },
  );

/** Nobody answers there: nothing leaves this machine. */
const NOWHERE = 'http://127.0.0.1:9';
async function ask(client: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { all } = await execa(agentProgram(client), args, {
    cwd: shop,
    extendEnv: false,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      HTTPS_PROXY: NOWHERE,
      HTTP_PROXY: NOWHERE,
      ...CLAUDE_SETS,
      ...env,
    },
    all: true,
    stdin: 'ignore',
  });
  return all;
}
const asked = async () => (await readFile(join(home, 'asked'), 'utf8')).split('\n');

describe('Claude Code', () => {
  it('starts the server of a person', async () => {
    await put('.claude.json', '{\n  "numStartups": 3\n}\n');
    await change('claude', { toolset: 'core,orchestrator' });
    expect(await ask('claude', ['mcp', 'list'])).toMatch(/^pawl: .* Connected$/m);
    expect(await asked()).toContain(`tools/list ${join(home, 'state')} mcp,--toolset,core,orchestrator`);
    expect(await ask('claude', ['mcp', 'get', 'pawl'])).toContain('User config');
    // It has written into its file since.
    await change('claude', { act: 'uninstall' });
    expect(await ask('claude', ['mcp', 'list'])).not.toContain('pawl');
    expect(JSON.parse(await readFile(join(home, '.claude.json'), 'utf8'))).toMatchObject({ numStartups: 3 });
  });

  it('asks before it starts the server of a project', async () => {
    await change('claude', { scope: 'project' });
    expect(await ask('claude', ['mcp', 'list'])).toMatch(/^pawl: .* Pending approval/m);
    await change('claude', { scope: 'project', act: 'uninstall' });
    expect(await ask('claude', ['mcp', 'list'])).not.toMatch(/pawl|error/i);
  });

  it('takes the same entry as the one that it writes itself', async () => {
    const file = join(home, '.claude.json');
    const { entry } = await change('claude');
    await ask('claude', ['mcp', 'remove', 'pawl', '-s', 'user']);
    const words = [
      '-e',
      `PAWL_HOME=${join(home, 'state')}`,
      '--',
      entry?.command ?? '',
      ...(entry?.args ?? []),
    ];
    await ask('claude', ['mcp', 'add', '-s', 'user', 'pawl', ...words]);
    expect(JSON.parse(await readFile(file, 'utf8')).mcpServers.pawl).toEqual(entry);
    expect(await change('claude')).toMatchObject({ outcome: 'unchanged' });
  });
});

describe('Codex', () => {
  const get = async () => JSON.parse((await ask('codex', ['mcp', 'get', 'pawl', '--json'])) ?? '');

  it('lists the server of a person', async () => {
    const before = '# mine\nmodel = "gpt-5" # the good one\n';
    await put('.codex/config.toml', before);
    await change('codex');
    expect(await get()).toMatchObject({
      name: 'pawl',
      enabled: true,
      transport: {
        type: 'stdio',
        command: process.execPath,
        args: [join(home, 'lib', 'pawl'), 'mcp'],
        env: { PAWL_HOME: join(home, 'state') },
      },
    });
    await change('codex', { act: 'uninstall' });
    expect(await ask('codex', ['mcp', 'list'])).not.toContain('pawl');
    expect(await readFile(join(home, '.codex', 'config.toml'), 'utf8')).toBe(before);
  });

  it('lists the server of a project that it trusts', async () => {
    await put('.codex/config.toml', `[projects.${JSON.stringify(shop)}]\ntrust_level = "trusted"\n`);
    await change('codex', { scope: 'project' });
    expect(await get()).toMatchObject({ name: 'pawl', enabled: true });
  });

  it('may write the entry anew in its own way', async () => {
    await change('codex');
    const { entry } = await change('codex');
    const env = ['--env', `PAWL_HOME=${join(home, 'state')}`];
    await ask('codex', ['mcp', 'add', 'other', '--', 'true']);
    await ask('codex', ['mcp', 'add', 'pawl', ...env, '--', entry?.command ?? '', ...(entry?.args ?? [])]);
    expect(await change('codex')).toMatchObject({ outcome: 'unchanged', entry });
    expect(await change('codex', { toolset: 'orchestrator' })).toMatchObject({ outcome: 'updated' });
    expect((await get()).transport.args).toContain('orchestrator');
    await change('codex', { act: 'uninstall' });
    expect(await ask('codex', ['mcp', 'list'])).toMatch(/^other /m);
    expect(await ask('codex', ['mcp', 'list'])).not.toContain('pawl');
  });
});

describe('Gemini CLI', () => {
  const TRUSTED = { GEMINI_CLI_TRUST_WORKSPACE: 'true' };
  const SETTINGS = '// mine\n{\n  "privacy": { "usageStatisticsEnabled": false } // quiet\n}\n';

  it.each(['user', 'project'] as const)('starts the server of the %s where it trusts', async (scope) => {
    await put('.gemini/settings.json', SETTINGS);
    await change('gemini', { scope });
    expect(await ask('gemini', ['mcp', 'list'], TRUSTED)).toMatch(/pawl: .* Connected/);
    expect(await asked()).toContain(`initialize ${join(home, 'state')} mcp`);
    await change('gemini', { scope, act: 'uninstall' });
    expect(await ask('gemini', ['mcp', 'list'], TRUSTED)).not.toContain('pawl');
  });
});
