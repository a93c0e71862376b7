/** Real clients call a tool of Pawl through the entry that `pawl mcp install` wrote, and the task is in the engine. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CLAUDE_SETS } from '../../src/adapters/agents/claude/settings.ts';
import { attach, createRig, type Rig } from '../e2e/rig.ts';
import { startAnthropic } from './anthropic.ts';
import { startOpenAi } from './openai.ts';
import { KEY } from './play.ts';
import { agentProgram, newHome } from './rig.ts';

let home: string;
let shop: string;
let rig: Rig;
beforeEach(async () => {
  home = newHome();
  shop = join(home, 'shop');
  mkdirSync(shop);
  rig = createRig({ HOME: home });
  // In this user's empty home set-up would begin anew; the client finds the engine instead of starting it.
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
});
afterEach(() => rig.close());

const TASK = { id: 'from-the-client', title: 'Made by a client of MCP' };

async function install(client: string): Promise<void> {
  const told = await rig.pawl(['mcp', 'install', client, '--force', '--json'], { cwd: shop });
  expect(told).toMatchObject({ code: 0 });
}

async function expectTask(): Promise<void> {
  const running = await attach(rig);
  expect(await running.api.show({ id: TASK.id })).toMatchObject({ title: TASK.title });
  await running.leave();
}

const run = (program: string, args: readonly string[], env: Readonly<Record<string, string>>) =>
  execa(agentProgram(program), args, {
    cwd: shop,
    extendEnv: false,
    env: { PATH: process.env.PATH, HOME: home, ...env },
    input: 'Make a task',
    reject: false,
  });

it('Claude Code', async () => {
  const provider = await startAnthropic(({ afterTool }) =>
    afterTool ? { text: 'made' } : { tool: 'mcp__pawl__create', input: TASK },
  );
  await install('claude');
  const flags = ['-p', '--output-format', 'json', '--model', 'claude-sonnet-4-5'];
  const done = await run('claude', [...flags, '--allowedTools', 'mcp__pawl__create'], {
    ...CLAUDE_SETS,
    ANTHROPIC_API_KEY: KEY,
    ANTHROPIC_BASE_URL: provider.url,
    MCP_TIMEOUT: '60000',
  });
  await provider.close();
  expect(done.exitCode, done.stderr + done.stdout).toBe(0);
  expect(provider.requests.at(-1)?.body).toContain(TASK.id);
  await expectTask();
});

it('Codex', async () => {
  // On a busy machine Codex begins its turn before the server has started, and learns its tools in the middle of it.
  const provider = await startOpenAi(({ tools, body, number }) => {
    if (number < 30 && !JSON.stringify(tools).includes('mcp__pawl')) return { command: 'sleep 1' };
    return body.includes(TASK.id)
      ? { text: 'made' }
      : { tool: 'create', namespace: 'mcp__pawl', input: TASK };
  });
  mkdirSync(join(home, '.codex'));
  const settings = [
    'model = "gpt-5-codex"',
    'model_provider = "scripted"',
    'approval_policy = "never"',
    '[model_providers.scripted]',
    'name = "scripted"',
    `base_url = "${provider.url}"`,
    'env_key = "OPENAI_API_KEY"',
    'wire_api = "responses"',
  ];
  writeFileSync(join(home, '.codex', 'config.toml'), `${settings.join('\n')}\n`);
  await install('codex');
  const flags = [
    'exec',
    '--json',
    '--skip-git-repo-check',
    '--dangerously-bypass-approvals-and-sandbox',
    '-',
  ];
  const done = await run('codex', flags, { OPENAI_API_KEY: KEY });
  await provider.close();
  expect(done.exitCode, done.stderr + done.stdout).toBe(0);
  expect(provider.requests.at(-1)?.body).toContain(TASK.id);
  await expectTask();
});
