/** The commands around it: what is asked of the world, and what people and programs are told. */
import { Command } from 'commander';
import { expect, it } from 'vitest';
import type { Cli } from '../../../src/edge/cli/cli.ts';
import { addMcpInstall } from '../../../src/edge/cli/commands/mcp-install.ts';
import { createTelling } from '../../../src/edge/cli/telling.ts';
import type { CliWorld, McpEntryChange, McpEntryRequest, Screen } from '../../../src/edge/cli/world.ts';

const ADDED: McpEntryChange = {
  title: 'Codex',
  file: '/home/ann/.codex/config.toml',
  outcome: 'added',
  entry: { command: 'pawl', args: ['mcp'] },
  next: 'start Codex anew',
};

async function pawl(args: readonly string[], answer = ADDED) {
  const asked: McpEntryRequest[] = [];
  const written = { out: '', err: '' };
  const screen = (name: 'out' | 'err'): Screen => ({
    write: (text) => {
      written[name] += text;
    },
    columns: 120,
    colours: false,
  });
  const screens = { out: screen('out'), err: screen('err') };
  const mcpEntry = async (request: McpEntryRequest) => {
    asked.push(request);
    return answer;
  };
  const world = { ...screens, mcpEntry } as Partial<CliWorld> as CliWorld; // all that these commands use
  const telling = createTelling(screens, args.includes('--json'));
  const unused = () => Promise.reject(new Error('these commands need no engine'));
  const cli: Cli = { world, telling, engine: unused, call: unused, exit: () => undefined };
  const program = new Command('pawl').exitOverride().configureOutput({ writeErr: screens.err.write });
  const mcp = program.command('mcp').option('--toolset <names>').option('--json').action(unused);
  addMcpInstall(mcp, cli, ['core', 'orchestrator']);
  const failure = await program
    .parseAsync(['mcp', ...args], { from: 'user' })
    .then(() => undefined)
    .catch((error: Error) => error.message);
  return { asked, failure, ...written };
}

it('asks for the entry that is wanted', async () => {
  const usual = { scope: 'user', toolset: undefined, dryRun: false, force: false };
  expect((await pawl(['install', 'codex'])).asked).toEqual([{ ...usual, client: 'codex', act: 'install' }]);
  const options = ['--scope', 'project', '--toolset', 'core,orchestrator', '--dry-run', '--force'];
  expect((await pawl(['install', 'vscode', ...options])).asked).toEqual([
    {
      client: 'vscode',
      act: 'install',
      scope: 'project',
      toolset: 'core,orchestrator',
      dryRun: true,
      force: true,
    },
  ]);
  expect((await pawl(['uninstall', 'claude'])).asked).toEqual([
    { ...usual, client: 'claude', act: 'uninstall' },
  ]);
});

it('tells people the file, the entry and what to do next', async () => {
  const { out, err } = await pawl(['install', 'codex']);
  expect(out).toMatch(/^added pawl to Codex: \/home\/ann\/\.codex\/config\.toml\n\{\n {2}"command": "pawl"/);
  expect(err).toBe('next: start Codex anew\n');
  const dry = await pawl(['install', 'codex', '--dry-run']);
  expect(dry.out).toContain('would add pawl to Codex');
  expect(dry.err).toBe('');
  const absent = await pawl(['uninstall', 'codex'], { title: 'Codex', file: '/x', outcome: 'absent' });
  expect(absent.out).toBe('there is no pawl in Codex: /x\n');
});

it('tells programs the same as JSON', async () => {
  const { out } = await pawl(['install', 'codex', '--json']);
  expect(JSON.parse(out)).toEqual({ client: 'codex', scope: 'user', ...ADDED, written: true });
  const dry = await pawl(['install', 'codex', '--json', '--dry-run']);
  expect(JSON.parse(dry.out)).toMatchObject({ written: false });
  const same = await pawl(['install', 'codex', '--json'], { ...ADDED, outcome: 'unchanged' });
  expect(JSON.parse(same.out)).toMatchObject({ outcome: 'unchanged', written: false });
});

it.each([
  [['install', 'emacs'], 'claude, codex, gemini, cursor, vscode'],
  [['install'], 'client'],
  [['install', 'codex', '--scope', 'world'], 'user, project'],
  [['install', 'codex', '--toolset', 'core,all'], 'core or orchestrator'],
  [['uninstall', 'codex', '--toolset', 'core'], '--toolset'],
])('refuses %j', async (args, words) => {
  const { asked, failure } = await pawl(args);
  expect(failure).toContain(words);
  expect(asked).toEqual([]);
});
