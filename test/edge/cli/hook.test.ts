/** `pawl hook`: what is asked of the world, and what people and programs are told. */
import { expect, it } from 'vitest';
import type { HookChange, HookRequest } from '../../../src/edge/cli/world.ts';
import { pawl } from './fakes.ts';

const ADDED: HookChange = {
  title: 'Claude Code',
  hook: { file: '/home/ann/.claude/settings.json', outcome: 'added', command: 'pawl ensure --hook' },
  entry: { file: '/home/ann/.claude.json', outcome: 'added', entry: { command: 'pawl', args: ['mcp'] } },
  next: 'start Claude Code anew',
};

async function hook(args: readonly string[], answer = ADDED) {
  const asked: HookRequest[] = [];
  const ran = await pawl(['hook', ...args], {
    hook: async (request) => {
      asked.push(request);
      return answer;
    },
  });
  return { asked, ...ran };
}

const USUAL = { client: 'claude', scope: 'user', dryRun: false, force: false };

it('asks for the hook that is wanted', async () => {
  expect((await hook(['install', 'claude'])).asked).toEqual([{ ...USUAL, act: 'install' }]);
  const options = ['--scope', 'project', '--toolset', 'core,loop', '--dry-run', '--force'];
  expect((await hook(['install', 'claude', ...options])).asked).toEqual([
    { ...USUAL, act: 'install', scope: 'project', toolset: 'core,loop', dryRun: true, force: true },
  ]);
  const url = 'http://127.0.0.1:8100/mcp';
  expect((await hook(['install', 'claude', '--url', url])).asked).toEqual([
    { ...USUAL, act: 'install', url },
  ]);
  expect((await hook(['uninstall', 'claude'])).asked).toEqual([{ ...USUAL, act: 'uninstall' }]);
});

it('tells people the files, the command, the entry and what to do next', async () => {
  const { out, err } = await hook(['install', 'claude']);
  expect(out).toBe(`the hook: added pawl to Claude Code: /home/ann/.claude/settings.json
  pawl ensure --hook
the MCP entry: added pawl to Claude Code: /home/ann/.claude.json
{
  "command": "pawl",
  "args": [
    "mcp"
  ]
}
`);
  expect(err).toBe('next: start Claude Code anew\n');
  const dry = await hook(['install', 'claude', '--dry-run']);
  expect(dry.out).toContain('would add pawl to Claude Code');
  expect(dry.err).toBe('');
  const kept = {
    ...ADDED,
    hook: { file: '/s', outcome: 'removed' },
    entry: { file: '/e', outcome: 'kept' },
  } as const;
  expect((await hook(['uninstall', 'claude'], kept)).out).toBe(
    'the hook: removed pawl from Claude Code: /s\nthe MCP entry did not come with the hook and stays: /e\n',
  );
});

it('tells programs the same as JSON', async () => {
  const { documents } = await hook(['install', 'claude', '--json']);
  expect(documents).toEqual([{ client: 'claude', scope: 'user', ...ADDED, written: true }]);
  const dry = await hook(['install', 'claude', '--json', '--dry-run']);
  expect(dry.documents).toMatchObject([{ written: false }]);
  const nothing = {
    ...ADDED,
    hook: { file: '/s', outcome: 'absent' },
    entry: { file: '/e', outcome: 'kept' },
  } as const;
  expect((await hook(['uninstall', 'claude', '--json'], nothing)).documents).toMatchObject([
    { written: false },
  ]);
});

it.each([
  [['install', 'codex'], 'claude'],
  [['install'], 'client'],
  [['install', 'claude', '--scope', 'world'], 'user, project'],
  [['install', 'claude', '--toolset', 'core,all'], 'core or orchestrator or loop'],
  [['install', 'claude', '--toolset', 'core', '--url', 'http://127.0.0.1:8100/mcp'], 'cannot be used with'],
  [['uninstall', 'claude', '--url', 'http://127.0.0.1:8100/mcp'], '--url'],
])('refuses %j', async (args, words) => {
  const { asked, code, err } = await hook(args);
  expect({ asked, code, err }).toEqual({ asked: [], code: 2, err: expect.stringContaining(words) });
});

it('prints the token as a client sends it', async () => {
  const sent = { Authorization: 'Bearer a-token-that-may-operate' };
  expect((await pawl(['token', '--headers', '--scope', 'operate'])).out).toBe(`${JSON.stringify(sent)}\n`);
  expect((await pawl(['token', '--headers', '--scope', 'operate', '--json'])).documents).toEqual([sent]);
});
