/** With what Codex is started where only that counts which the repository declares. What that keeps away: `test/agents`. */
import { existsSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../../../src/adapters/agents/acp/kinds.ts';
import { createCodexAgent } from '../../../../src/adapters/agents/codex/agent.ts';
import { keptOf } from '../../../../src/adapters/agents/codex/declared-only.ts';
import { requestWith, startOf } from '../noted-start.ts';

const agent = createCodexAgent({ environment: {} });
const CONFIG = `
model = "gpt-5" # theirs
model_provider = "azure"
developer_instructions = "Be brief."
notify = ["say", "done"]
sandbox_workspace_write.network_access = true

[model_providers.azure]
name = "Azure"
base_url = "https://azure"

[mcp_servers.own]
command = "own"

[features]
hooks = true

[[hooks.Stop]]
command = "own"

[profiles.fast]
model = "mini"
developer_instructions = "Be fast."
`;
const files = {
  home: {
    '.codex/config.toml': CONFIG,
    '.codex/auth.json': '{}',
    '.codex/AGENTS.md': 'theirs',
    '.codex/skills/own/SKILL.md': 'theirs',
    '.agents/skills/deep/down/SKILL.md': 'theirs',
    'elsewhere/SKILL.md': 'theirs',
  },
};

describe('its folder', () => {
  it('is that of its user for a task of theirs', async () => {
    const { env } = await startOf(agent, requestWith(files));
    expect(env).not.toHaveProperty('CODEX_HOME');
  });

  it.each([1, 2])(
    'is one of its own, with links to their login and sessions (made %i times)',
    async (times) => {
      const request = requestWith(files, { declaredOnly: true });
      symlinkSync(join(request.home, 'elsewhere'), join(request.home, '.agents', 'skills', 'linked'));
      let env: Readonly<Record<string, string>> = {};
      for (let time = 0; time < times; time += 1) ({ env } = await startOf(agent, request));
      const own = env.CODEX_HOME ?? '';
      expect(own.startsWith(request.scratch)).toBe(true);
      for (const name of ['auth.json', 'sessions'])
        expect(readlinkSync(join(own, name))).toBe(join(request.home, '.codex', name));
      for (const name of ['AGENTS.md', 'skills', 'rules', '.env'])
        expect(existsSync(join(own, name))).toBe(false);
      expect(settingsIn(readFileSync(join(own, 'config.toml'), 'utf8'))).toEqual({
        model: 'gpt-5',
        model_provider: 'azure',
        sandbox_workspace_write: { network_access: true },
        model_providers: { azure: { name: 'Azure', base_url: 'https://azure' } },
        profiles: { fast: { model: 'mini' } },
        features: { apps: false, plugins: false, remote_plugin: false },
        skills: {
          config: [
            { path: join(request.home, 'elsewhere', 'SKILL.md'), enabled: false },
            { path: join(request.home, '.agents', 'skills', 'deep', 'down', 'SKILL.md'), enabled: false },
          ],
        },
      });
    },
  );

  it('is named where the user has theirs elsewhere, and by the bridge as well', async () => {
    const request = requestWith({ home: { 'codex/auth.json': '{}' } });
    const environment = { ...request.environment, CODEX_HOME: join(request.home, 'codex') };
    const bridge = KINDS.find(({ name }) => name === 'codex-acp');
    const told = await bridge?.declared?.({ ...request, environment });
    const own = told?.sets?.CODEX_HOME ?? '';
    expect(readlinkSync(join(own, 'auth.json'))).toBe(join(request.home, 'codex', 'auth.json'));
  });

  it.each([
    ['TOML', '.codex/config.toml'],
    ['a file', '.codex/config.toml/folder'],
  ])('cannot be made from settings that are not %s', async (_, path) => {
    const request = requestWith({ home: { [path]: 'model = ' } }, { declaredOnly: true });
    const run = agent.run(request, () => undefined, new AbortController().signal);
    await expect(run).rejects.toMatchObject({
      class: 'setup_failed',
      message: expect.stringMatching(/expected TOML in .*config\.toml: correct the file/),
    });
  });
});

const settingsIn = (text: string) => getStaticTOMLValue(parseTOML(text));

it('nothing stays of other settings, whatever they are and wherever they stand', () => {
  const name = fc.stringMatching(/^[a-z_]{1,12}$/);
  const table = fc.dictionary(name, fc.oneof(fc.integer(), fc.boolean()), { minKeys: 1 });
  fc.assert(
    fc.property(fc.dictionary(name, table), table, (tables, top) => {
      const lines = (fields: object, at: string) =>
        Object.entries(fields).map(([key, value]) => `${at}_${key} = ${value}`);
      const parts = Object.entries(tables).flatMap(([key, fields]) => [
        `[table_${key}]`,
        ...lines(fields, 'model'),
      ]);
      const kept = keptOf(['model = "kept"', ...lines(top, 'top'), ...parts].join('\n'));
      expect(settingsIn(kept ?? '')).toEqual({ model: 'kept' });
    }),
  );
});
