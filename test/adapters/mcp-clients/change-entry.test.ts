/** `pawl mcp install` on real files: every client, and what must never be overwritten. */

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scope, Surroundings } from '../../../src/adapters/mcp-clients/known-clients.ts';
import { around, type Client, change, modeOf, put, read, surroundWith, top, uninstall } from './person.ts';

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

describe('an entry', () => {
  it('names the home that Pawl was told, and keeps what a person added', async () => {
    const file = await put(join(around.home, '.gemini', 'settings.json'), '{}');
    surroundWith({ pawlHome: '/srv/pawl' });
    await change('gemini');
    const written = JSON.parse(await read(file));
    expect(written.mcpServers.pawl.env).toEqual({ PAWL_HOME: '/srv/pawl' });
    Object.assign(written.mcpServers.pawl, { timeout: 5_000 }).env.TEMPORAL_ADDRESS = 'db:7233';
    await writeFile(file, JSON.stringify(written));
    surroundWith({ pawlHome: undefined, launcher: () => ['/new/node', '/new/pawl'] });
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
      surroundWith({ env: { PATH: dirname(bin) } });
      expect(await change(client, { dryRun: true })).toMatchObject({ outcome: 'added' });
      surroundWith({ env: {} });
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
    surroundWith({ ...parts });
    expect(await change(client, { dryRun: true, force: true })).toMatchObject({ file });
  });
});
