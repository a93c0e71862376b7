/** The home in which Gemini CLI starts where only that counts which the repository declares. What that keeps away: `test/agents`. */
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { geminiHome, keptOf } from '../../../../src/adapters/agents/acp/gemini-home.ts';
import { requestWith } from '../noted-start.ts';

it('has their login and no more of what is theirs, however often it is made', async () => {
  const settings = {
    security: { auth: { selectedType: 'oauth-personal' }, folderTrust: { enabled: true } },
    mcpServers: { own: { command: 'own' } },
  };
  const request = requestWith({
    home: {
      '.gemini/settings.json': JSON.stringify(settings),
      '.gemini/oauth_creds.json': '{}',
      '.gemini/GEMINI.md': 'theirs',
    },
  });
  for (const _ of [1, 2]) {
    const { GEMINI_CLI_HOME: home = '' } = await geminiHome(request);
    expect(home.startsWith(request.scratch)).toBe(true);
    const own = join(home, '.gemini');
    expect(readlinkSync(join(own, 'oauth_creds.json'))).toBe(
      join(request.home, '.gemini', 'oauth_creds.json'),
    );
    expect(existsSync(join(own, 'GEMINI.md'))).toBe(false);
    expect(JSON.parse(readFileSync(join(own, 'settings.json'), 'utf8'))).toEqual({
      security: { auth: { selectedType: 'oauth-personal' } },
    });
  }
});

it.each([undefined, null, [], 'text', { security: [] }])(
  'nothing stays of settings that are %j',
  (settings) => {
    expect(keptOf(settings)).toEqual({});
  },
);
