/** Who logged in, and set a provider, has done so for agents too that else get nothing of what is their user's. With the real ones. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createClaudeAgent } from '../../src/adapters/agents/claude/agent.ts';
import { createCodexAgent } from '../../src/adapters/agents/codex/agent.ts';
import { startAnthropic } from './anthropic.ts';
import { startOpenAi } from './openai.ts';
import { agentProgram } from './rig.ts';
import { placeInHome } from './set-up.ts';
import { attempt } from './trial.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A token of the kind that says when it ends. */
const tokenUntil = (seconds: number, name: string) => {
  const part = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url');
  const account = { chatgpt_account_id: 'account', chatgpt_plan_type: 'pro', chatgpt_user_id: 'user' };
  return [
    part({ alg: 'none' }),
    part({ exp: seconds, name, 'https://api.openai.com/auth': account }),
    'c2ln',
  ].join('.');
};

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  return `http://127.0.0.1:${port}`;
}

it('Claude Code', async () => {
  const place = placeInHome();
  const provider = await startAnthropic(() => ({ text: 'done' }));
  closing.push(provider.close);
  const folder = join(place.home, '.claude');
  mkdirSync(folder);
  const claudeAiOauth = {
    ...{ accessToken: 'token-of-the-login', refreshToken: 'other', expiresAt: Date.now() + 3_600_000 },
    ...{ scopes: ['user:inference'], subscriptionType: 'max' },
  };
  writeFileSync(join(folder, '.credentials.json'), JSON.stringify({ claudeAiOauth }));
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ env: { ANTHROPIC_BASE_URL: provider.url } }));
  const agent = createClaudeAgent({ environment: {} });
  const choice = { name: 'claude', command: [agentProgram('claude')], model: 'claude-sonnet-4-5' };
  const { ended } = attempt(agent, place, {}, { choice, declaredOnly: true });
  expect(await ended).toMatchObject({ status: 'done', summary: 'done' });
  expect(provider.requests[0]?.headers.authorization).toBe('Bearer token-of-the-login');
});

it('Codex, whose login is renewed for its user as well', async () => {
  const place = placeInHome();
  const provider = await startOpenAi(() => ({ text: 'done' }));
  closing.push(provider.close);
  const now = Math.floor(Date.now() / 1_000);
  const [old, renewed] = [tokenUntil(now - 3_600, 'old'), tokenUntil(now + 3_600, 'renewed')];
  const answer = { id_token: renewed, access_token: renewed, refresh_token: 'second-refresh-token' };
  const account = await serve((asked, response) => {
    response.writeHead(asked.url === '/token' ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  const folder = join(place.home, '.codex');
  mkdirSync(folder);
  const tokens = { id_token: old, access_token: old, refresh_token: 'first', account_id: 'account' };
  const login = { auth_mode: 'chatgpt', tokens, last_refresh: '2026-01-01T00:00:00Z' };
  writeFileSync(join(folder, 'auth.json'), JSON.stringify(login));
  const config = [
    `chatgpt_base_url = "${account}/"`,
    'model_provider = "own"',
    '[model_providers.own]',
    'name = "own"',
    `base_url = "${provider.url}"`,
    'wire_api = "responses"',
    'requires_openai_auth = true',
  ];
  writeFileSync(join(folder, 'config.toml'), config.join('\n'));
  const choice = {
    ...{ name: 'codex', command: [agentProgram('codex')], model: 'gpt-5-codex' },
    env: ['CODEX_REFRESH_TOKEN_URL_OVERRIDE'],
  };
  const environment = { CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${account}/token` };
  const agent = createCodexAgent({ environment: {} });
  const { ended } = attempt(agent, place, environment, { choice, declaredOnly: true });
  expect(await ended).toMatchObject({ status: 'done', summary: 'done' });
  expect(provider.requests[0]?.headers.authorization).toBe(`Bearer ${renewed}`);
  expect(readFileSync(join(folder, 'auth.json'), 'utf8')).toContain('second-refresh-token');
});
