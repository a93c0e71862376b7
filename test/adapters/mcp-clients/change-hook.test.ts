/** `pawl hook install` on real files: the hook and the entry that it brings, and nothing else of a person's. */
import { lstat, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeHook, type HookRequest } from '../../../src/adapters/mcp-clients/change-hook.ts';
import { around, change, modeOf, put, read, surroundWith, top } from './person.ts';

const hook = (parts: Partial<HookRequest> = {}) =>
  changeHook(
    { client: 'claude', scope: 'user', act: 'install', dryRun: false, force: false, ...parts },
    around,
  );
const uninstall = (parts: Partial<HookRequest> = {}) => hook({ act: 'uninstall', ...parts });

const SETTINGS =
  '// mine\n{\n  "hooks": {\n    "PreToolUse": [\n      { "matcher": "Bash", "hooks": [{ "type": "command", "command": "check.sh" }] } // keep\n    ]\n  },\n  "model": "opus" }\n';
const SERVERS = '{"numStartups":3,"mcpServers":{"other":{"url":"http://x"}}}';

describe.each([
  ['user', 'home/.claude/settings.json', 'home/.claude.json'],
  ['project', 'shop/.claude/settings.json', 'shop/.mcp.json'],
] as const)('of the %s', (scope, settings, servers) => {
  const files = () => [join(top, settings), join(top, servers)] as const;
  const texts = () => Promise.all(files().map(read));

  it('has fresh files, which go with it', async () => {
    const [inSettings, inServers] = files();
    const added = await hook({ scope, force: true });
    expect(added).toMatchObject({
      title: 'Claude Code',
      hook: {
        file: inSettings,
        outcome: 'added',
        command: '/usr/bin/node /opt/pawl/bin/pawl ensure --hook # put here with the MCP entry',
      },
      entry: { file: inServers, outcome: 'added', entry: { args: ['/opt/pawl/bin/pawl', 'mcp'] } },
      next: expect.stringContaining('start Claude Code anew'),
    });
    expect(await modeOf(inSettings)).toBe(scope === 'user' ? 0o600 : 0o644);
    const after = await texts();
    expect(await hook({ scope })).toMatchObject({
      hook: { outcome: 'unchanged' },
      entry: { outcome: 'unchanged' },
    });
    expect(await texts()).toEqual(after);
    expect(await uninstall({ scope })).toMatchObject({
      hook: { outcome: 'removed' },
      entry: { outcome: 'removed' },
    });
    for (const file of files()) expect(await readdir(dirname(file))).not.toContain(file);
    expect(await readdir(dirname(inSettings))).toEqual([]);
    expect(await uninstall({ scope })).toEqual({
      title: 'Claude Code',
      hook: { file: inSettings, outcome: 'absent' },
      entry: { file: inServers, outcome: 'absent' },
    });
  });

  it('keeps what a person wrote, and its mode, and gives it back', async () => {
    const [inSettings, inServers] = files();
    await put(inSettings, SETTINGS, 0o640);
    await put(inServers, SERVERS, 0o604);
    await hook({ scope });
    await hook({ scope, toolset: 'core,loop' });
    expect(await read(inServers)).toContain('core,loop');
    await hook({ scope, url: 'http://127.0.0.1:8100/mcp' });
    await uninstall({ scope });
    expect(await texts()).toEqual([SETTINGS, SERVERS]);
    expect([await modeOf(inSettings), await modeOf(inServers)]).toEqual([0o640, 0o604]);
  });

  it('leaves the entry that was there before it', async () => {
    const [inSettings, inServers] = files();
    await put(inServers, SERVERS);
    await change('claude', { scope, toolset: 'core' });
    const before = await read(inServers);
    expect(await hook({ scope, toolset: 'core' })).toMatchObject({ entry: { outcome: 'unchanged' } });
    expect(await uninstall({ scope })).toMatchObject({
      hook: { outcome: 'removed' },
      entry: { file: inServers, outcome: 'kept' },
    });
    expect(await read(inServers)).toBe(before);
    await expect(read(inSettings)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('leaves an entry that is of another by now', async () => {
    const [, inServers] = files();
    await hook({ scope, force: true });
    const theirs = '{ "mcpServers": { "pawl": { "command": "other", "args": ["mcp"] } } }';
    await writeFile(inServers, theirs);
    expect(await uninstall({ scope })).toMatchObject({
      hook: { outcome: 'removed' },
      entry: { outcome: 'kept' },
    });
    expect(await read(inServers)).toBe(theirs);
  });

  it('changes neither where one of both is broken', async () => {
    for (const [broken, whole] of [files(), files().toReversed()] as [string, string][]) {
      await put(broken, '{\n  "a": [1, }\n', 0o600);
      await put(whole, '{}');
      for (const act of ['install', 'uninstall'] as const)
        await expect(hook({ scope, act })).rejects.toMatchObject({
          code: 'precondition',
          message: expect.stringMatching(
            new RegExp(`^${broken} is left as it is: .* line 2, column \\d+; put that right`),
          ),
        });
      expect([await read(broken), await read(whole)]).toEqual(['{\n  "a": [1, }\n', '{}']);
    }
  });

  it('only says what it would do in a dry run', async () => {
    expect(await hook({ scope, force: true, dryRun: true })).toMatchObject({ hook: { outcome: 'added' } });
    for (const file of files()) await expect(read(file)).rejects.toMatchObject({ code: 'ENOENT' });
    await hook({ scope, force: true });
    const after = await texts();
    expect(await uninstall({ scope, dryRun: true })).toMatchObject({ entry: { outcome: 'removed' } });
    expect(await texts()).toEqual(after);
  });
});

describe('over HTTP', () => {
  const url = 'http://127.0.0.1:8100/mcp?toolset=core,loop';

  it('has an address and no token in it', async () => {
    surroundWith({ pawlHome: '/srv/my pawl' });
    const { hook: one, entry } = await hook({ url, force: true });
    const program = "env 'PAWL_HOME=/srv/my pawl' /usr/bin/node /opt/pawl/bin/pawl";
    expect(one.command).toBe(`${program} ensure --hook --url '${url}' # put here with the MCP entry`);
    expect(entry.entry).toEqual({ type: 'http', url, headersHelper: `${program} token --headers` });
    expect(await hook({ url })).toMatchObject({
      hook: { outcome: 'unchanged' },
      entry: { outcome: 'unchanged' },
    });
  });

  it('becomes the other way to reach Pawl, and back, with what a person added', async () => {
    const file = join(around.home, '.claude.json');
    await hook({ force: true });
    const written = JSON.parse(await read(file));
    written.mcpServers.pawl.timeout = 5_000;
    await writeFile(file, JSON.stringify(written));
    expect((await hook({ url })).entry.entry).toEqual({
      ...{ type: 'http', url, timeout: 5_000 },
      headersHelper: '/usr/bin/node /opt/pawl/bin/pawl token --headers',
    });
    expect((await change('claude')).entry).toEqual({
      ...{ type: 'stdio', timeout: 5_000 },
      ...{ command: '/usr/bin/node', args: ['/opt/pawl/bin/pawl', 'mcp'] },
    });
  });
});

it('goes where Claude Code has its settings', async () => {
  surroundWith({ env: { CLAUDE_CONFIG_DIR: '/c' } });
  expect(await hook({ force: true, dryRun: true })).toMatchObject({
    hook: { file: '/c/settings.json' },
    entry: { file: '/c/.claude.json' },
  });
});

it('refuses where Claude Code seems not to be, or another server has the name', async () => {
  await expect(hook()).rejects.toMatchObject({
    message: expect.stringContaining('seems not to be installed'),
  });
  await put(
    join(around.home, '.claude.json'),
    '{ "mcpServers": { "pawl": { "command": "other", "args": [] } } }',
  );
  await expect(hook()).rejects.toMatchObject({ code: 'conflict' });
  expect(await readdir(around.home)).toEqual(['.claude.json']);
});

it('writes through a link', async () => {
  const end = await put(join(top, 'dotfiles', 'settings'), SETTINGS, 0o644);
  const file = join(around.home, '.claude', 'settings.json');
  await mkdir(dirname(file));
  await symlink(end, file);
  await hook();
  expect(await read(end)).toContain('ensure --hook');
  expect((await lstat(file)).isSymbolicLink()).toBe(true);
  await uninstall();
  expect(await read(end)).toBe(SETTINGS);
  expect(await modeOf(end)).toBe(0o644);
});
