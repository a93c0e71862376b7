/** `pawl mcp install` on real files: every client, and what must never be overwritten. */
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  changeMcpEntry,
  type McpEntryRequest,
  type McpSurroundings,
} from '../../../src/adapters/mcp-clients/change-entry.ts';
import {
  openConfiguration,
  removeConfiguration,
  replaceConfiguration,
} from '../../../src/adapters/mcp-clients/configuration-file.ts';
import type { Scope, Surroundings } from '../../../src/adapters/mcp-clients/known-clients.ts';
import { launcherFor } from '../../../src/adapters/mcp-clients/launcher.ts';

let top: string;
let around: McpSurroundings;
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

type Client = McpEntryRequest['client'];
const change = (client: Client, parts: Partial<McpEntryRequest> = {}) =>
  changeMcpEntry({ client, scope: 'user', act: 'install', dryRun: false, force: false, ...parts }, around);
const uninstall = (client: Client, parts: Partial<McpEntryRequest> = {}) =>
  change(client, { act: 'uninstall', ...parts });

async function put(path: string, text: string, mode = 0o600): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}
const read = (path: string) => readFile(path, 'utf8');
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

const HUMAN =
  '// mine\n{\n  "a": 1, // one\n  "KEY": {\n    "other": { "url": "http://x" } // last\n  }\n}\n';
const HUMAN_TOML = '# mine\nmodel = "x" # one\n\n[mcp_servers.other] # last\nurl = "http://x"\n';
/** Where each client has its file, and what a person may have written there. */
const CLIENTS: readonly [Client, Scope, string, string][] = [
  ['claude', 'user', 'home/.claude.json', HUMAN.replace('KEY', 'mcpServers')],
  ['claude', 'project', 'shop/.mcp.json', HUMAN.replace('KEY', 'mcpServers')],
  ['codex', 'user', 'home/.codex/config.toml', HUMAN_TOML],
  ['codex', 'project', 'shop/.codex/config.toml', HUMAN_TOML],
  ['gemini', 'user', 'home/.gemini/settings.json', HUMAN.replace('KEY', 'mcpServers')],
  ['gemini', 'project', 'shop/.gemini/settings.json', HUMAN.replace('KEY', 'mcpServers')],
  ['cursor', 'user', 'home/.cursor/mcp.json', HUMAN.replace('KEY', 'mcpServers')],
  ['cursor', 'project', 'shop/.cursor/mcp.json', HUMAN.replace('KEY', 'mcpServers')],
  ['vscode', 'user', 'home/.config/Code/User/mcp.json', HUMAN.replace('KEY', 'servers')],
  ['vscode', 'project', 'shop/.vscode/mcp.json', HUMAN.replace('KEY', 'servers')],
];

describe.each(CLIENTS)('%s of the %s', (client, scope, place, human) => {
  const file = () => join(top, place);

  it('has a fresh file, which goes with the entry', async () => {
    const added = await change(client, { scope, force: true });
    expect(added).toMatchObject({ file: file(), outcome: 'added', next: expect.stringContaining('anew') });
    expect(await modeOf(file())).toBe(scope === 'user' ? 0o600 : 0o644);
    const text = await read(file());
    expect(text).toContain('/opt/pawl/bin/pawl');
    expect(await change(client, { scope })).toMatchObject({ outcome: 'unchanged', entry: added.entry });
    expect(await read(file())).toBe(text);
    expect(await uninstall(client, { scope })).toMatchObject({ outcome: 'removed' });
    expect(await readdir(dirname(file()))).toEqual([]);
    expect(await uninstall(client, { scope })).toEqual({
      title: added.title,
      file: file(),
      outcome: 'absent',
    });
  });

  it('keeps what a person wrote, and its mode, and gives it back', async () => {
    await put(file(), human, 0o640);
    await change(client, { scope });
    const text = await read(file());
    for (const line of human.split('\n')) expect(text).toContain(line.replace(/ \/\/ last$/, ''));
    expect(await change(client, { scope, toolset: 'orchestrator' })).toMatchObject({ outcome: 'updated' });
    expect(await read(file())).toContain('orchestrator');
    await change(client, { scope });
    expect(await read(file())).toBe(text);
    await uninstall(client, { scope });
    expect(await read(file())).toBe(human);
    expect(await modeOf(file())).toBe(0o640);
    expect(await readdir(dirname(file()))).toHaveLength(1);
  });

  it('only says what it would do in a dry run', async () => {
    expect(await change(client, { scope, force: true, dryRun: true })).toMatchObject({ outcome: 'added' });
    await expect(read(file())).rejects.toMatchObject({ code: 'ENOENT' });
    await put(file(), human);
    expect(await change(client, { scope, dryRun: true })).toMatchObject({ outcome: 'added' });
    expect(await read(file())).toBe(human);
  });

  it('never overwrites a file that it cannot read', async () => {
    for (const broken of ['{ "a": [1, }', '= 1', '<<<<<<< mine']) {
      await put(file(), broken);
      for (const act of ['install', 'uninstall'] as const)
        await expect(change(client, { scope, act, force: true })).rejects.toMatchObject({
          code: 'precondition',
          message: expect.stringContaining('line 1'),
        });
      expect(await read(file())).toBe(broken);
    }
  });

  it('leaves a server of another program that has the name', async () => {
    const foreign = human.startsWith('#')
      ? `${human}\n[mcp_servers.pawl]\ncommand = "other"\nargs = ["secret"]\n`
      : human.replace('"other": {', '"pawl": { "command": "other", "args": ["secret"], ');
    await put(file(), foreign);
    for (const act of ['install', 'uninstall'] as const) {
      const refused = change(client, { scope, act });
      await expect(refused).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('--force'),
      });
      await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
    }
    expect(await read(file())).toBe(foreign);
    const { entry } = await change(client, { scope, force: true });
    expect(entry?.args).toEqual(['/opt/pawl/bin/pawl', 'mcp']);
    expect(await change(client, { scope })).toMatchObject({ outcome: 'unchanged', entry });
    expect(await read(file())).not.toContain('secret');
  });
});

describe('a file', () => {
  const file = () => join(around.home, '.claude.json');

  it('that is a link stays one, and its end is written', async () => {
    const end = await put(join(top, 'dotfiles', 'claude'), '{}\n', 0o644);
    await symlink(relative(around.home, end), file());
    await change('claude');
    expect((await lstat(file())).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await read(end))).toHaveProperty('mcpServers.pawl.type', 'stdio');
    expect(await modeOf(end)).toBe(0o644);
    await uninstall('claude');
    expect(JSON.parse(await read(end))).toEqual({});
    expect(await readdir(dirname(end))).toEqual(['claude']);
  });

  it('that is a link to nothing, to itself, a folder or no text is left', async () => {
    const refused = (words: string) =>
      expect(change('claude', { force: true })).rejects.toMatchObject({
        code: 'precondition',
        message: expect.stringContaining(words),
      });
    await symlink('nowhere', file());
    await refused('link to a file that is not there');
    await rm(file());
    await symlink('.claude.json', file());
    await refused('ELOOP');
    await rm(file());
    await mkdir(file());
    await refused('no file');
    await rm(file(), { recursive: true });
    await writeFile(file(), Buffer.from([0x7b, 0xff, 0x7d]));
    await refused('no UTF-8');
    expect(await readFile(file())).toEqual(Buffer.from([0x7b, 0xff, 0x7d]));
  });

  it('that another program changed in between is left to it', async () => {
    await put(file(), '{}');
    const opened = await openConfiguration(file());
    const absent = await openConfiguration(`${file()}.new`);
    for (const one of [opened, absent]) {
      await put(one.path, '{ "theirs": 1 }');
      const conflict = { code: 'conflict', message: expect.stringContaining('run this again') };
      await expect(replaceConfiguration(one, '{}', 0o600)).rejects.toMatchObject(conflict);
      await expect(removeConfiguration(one)).rejects.toMatchObject(conflict);
      expect(await read(one.path)).toBe('{ "theirs": 1 }');
    }
  });

  it('that cannot be written is told by its path', async () => {
    await put(join(around.home, '.codex'), 'a file where a folder is expected');
    await expect(change('codex', { force: true })).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringMatching(/config\.toml could not be written \((?:EEXIST|ENOTDIR)\)/),
    });
  });

  it('keeps its byte order mark', async () => {
    await put(file(), '\ufeff{ "a": 1 }');
    await change('claude');
    expect(await read(file())).toMatch(/^\ufeff\{ "a": 1, "mcpServers": /);
    await uninstall('claude');
    expect(await read(file())).toBe('\ufeff{ "a": 1 }');
  });
});

describe('an entry', () => {
  it('names the home that Pawl was told, and keeps what a person added', async () => {
    const file = await put(join(around.home, '.gemini', 'settings.json'), '{}');
    around = { ...around, pawlHome: '/srv/pawl' };
    await change('gemini');
    const written = JSON.parse(await read(file));
    expect(written.mcpServers.pawl.env).toEqual({ PAWL_HOME: '/srv/pawl' });
    Object.assign(written.mcpServers.pawl, { timeout: 5_000 }).env.TEMPORAL_ADDRESS = 'db:7233';
    await writeFile(file, JSON.stringify(written));
    around = { ...around, pawlHome: undefined, launcher: () => ['/new/node', '/new/pawl'] };
    expect(await change('gemini')).toMatchObject({
      outcome: 'updated',
      entry: {
        command: '/new/node',
        args: ['/new/pawl', 'mcp'],
        env: { TEMPORAL_ADDRESS: 'db:7233' },
        timeout: 5_000,
      },
    });
    expect(await change('gemini')).toMatchObject({ outcome: 'unchanged' });
  });

  it('is not written for a client that seems not to be there', async () => {
    for (const [client, folder, program] of [
      ['claude', '.claude', 'claude'],
      ['codex', '.codex', 'codex'],
      ['gemini', '.gemini', 'gemini'],
      ['cursor', '.cursor', 'cursor'],
      ['vscode', join('.config', 'Code', 'User'), 'code'],
    ] as const) {
      await expect(change(client)).rejects.toMatchObject({
        code: 'precondition',
        message: expect.stringContaining(join(around.home, folder)),
      });
      const bin = await put(join(top, `bin-${client}`, program), '#!/bin/sh\n', 0o755);
      around = { ...around, env: { PATH: dirname(bin) } };
      expect(await change(client, { dryRun: true })).toMatchObject({ outcome: 'added' });
      around = { ...around, env: {} };
      await mkdir(join(around.home, folder), { recursive: true });
      expect(await change(client, { dryRun: true })).toMatchObject({ outcome: 'added' });
    }
  });

  it.each<[Client, Partial<Surroundings>, string]>([
    ['claude', { env: { CLAUDE_CONFIG_DIR: '/c' } }, '/c/.claude.json'],
    ['codex', { env: { CODEX_HOME: '/c' } }, '/c/config.toml'],
    ['gemini', { env: { GEMINI_CLI_HOME: '/c' } }, '/c/.gemini/settings.json'],
    ['vscode', { env: { XDG_CONFIG_HOME: '/c' } }, '/c/Code/User/mcp.json'],
    ['vscode', { platform: 'darwin', home: '/h' }, '/h/Library/Application Support/Code/User/mcp.json'],
  ])('of %s goes where %j says', async (client, parts, file) => {
    around = { ...around, ...parts };
    expect(await change(client, { dryRun: true, force: true })).toMatchObject({ file });
  });
});

describe('the launcher', () => {
  const program = (path: string) => put(join(top, path), '#!/bin/sh\n', 0o755);
  const pathOf = (...folders: string[]) => folders.map((folder) => join(top, folder)).join(':');

  it('is by full paths that last', async () => {
    const launcher = await program('lib/pawl/bin/pawl');
    const root = join(top, 'lib', 'pawl');
    const older = await program('usr/bin/node');
    const node = await program('Cellar/26/bin/node');
    const named = join(top, 'bin', 'node');
    for (const folder of ['fnm_multishells/1/bin', 'node_modules/.bin', 'bin']) {
      await mkdir(join(top, folder), { recursive: true });
      await symlink(node, join(top, folder, 'node'));
    }
    const path = pathOf('fnm_multishells/1/bin', 'node_modules/.bin', 'usr/bin', 'bin');
    expect(launcherFor('user', { root, path, execPath: node })).toEqual([named, launcher]);
    // Another Node than the one that is known to work is no choice, but for one that may be deleted.
    const elsewhere = { root, path: pathOf('usr/bin', 'none'), execPath: node };
    expect(launcherFor('user', elsewhere)).toEqual([node, launcher]);
    const cached = await program('cache/pawl/node-22.18.0-linux-x64/node_modules/node/bin/node');
    expect(launcherFor('user', { root, path, execPath: cached })).toEqual([older, launcher]);
    expect(launcherFor('user', { root, path: 'bin', execPath: cached })).toEqual([cached, launcher]);
  });

  it('is by name in a project where that starts it', async () => {
    const launcher = await program('lib/pawl/bin/pawl');
    const execPath = await program('bin/node');
    await program('other/pawl');
    const installed = { root: join(top, 'lib', 'pawl'), path: pathOf('bin', 'other'), execPath };
    expect(launcherFor('project', installed)).toEqual([execPath, launcher]);
    await symlink(launcher, join(top, 'bin', 'pawl'));
    expect(launcherFor('project', installed)).toEqual(['pawl']);
    expect(launcherFor('user', installed)).toEqual([execPath, launcher]);
  });
});
