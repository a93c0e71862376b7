/** `pawl hook install` and `pawl hook uninstall`: an AI client makes sure that the engine runs before it calls it. */
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../cli.ts';
import { JSON_OPTION } from '../options.ts';
import { safeText } from '../telling.ts';
import type { HookChange, HookRequest } from '../world.ts';
import { TOOLSETS } from './mcp.ts';
import { namesOf, OUTCOMES, scopeOption, withOwnOptions } from './mcp-install.ts';

type HookOptions = Pick<HookRequest, 'scope' | 'toolset' | 'url'> &
  Partial<Pick<HookRequest, 'dryRun' | 'force'>>;

const HELP = `
Examples:
  pawl hook install claude                     for you, in every project
  pawl hook install claude --scope project     in .claude/settings.json and .mcp.json of this folder
  pawl hook install claude --url 'http://127.0.0.1:8100/mcp?toolset=core,loop'
  pawl hook uninstall claude

The client runs \`pawl ensure --hook\` before each call of one of Pawl's tools (\`pawl ensure --help\` says what it answers).`;

export function addHook(program: Command, cli: Cli): void {
  const hook = program
    .command('hook')
    .summary('Have an AI client start the engine before it calls it')
    .description('A hook of an AI client that makes sure that the engine runs, and the MCP entry with it.')
    .addHelpText('after', HELP);
  withOwnOptions(hook);
  const url = new Option(
    '--url <address>',
    'the client asks /mcp there over HTTP, with the token of this home',
  );
  addChange(hook, cli, 'install')
    .summary('Write the hook and the MCP entry')
    .description(
      'Write the hook into the settings of an AI client, and the MCP entry where there is none. All that stands there is left as it is; run again, it updates both.',
    )
    .option('--toolset <names>', `of ${TOOLSETS.join(', ')}: one or more`, namesOf(TOOLSETS))
    .addOption(url.conflicts('toolset'))
    .option('--force', 'also where the client seems not to be installed, or another server is called pawl')
    .addHelpText('after', HELP);
  addChange(hook, cli, 'uninstall')
    .summary('Take out the hook, and the MCP entry that came with it')
    .description('Remove the hook, and the MCP entry if it came with the hook, and nothing else.');
}

const addChange = (hook: Command, cli: Cli, act: HookRequest['act']): Command =>
  hook
    .command(act)
    .addArgument(new Argument('<client>', 'the AI client').choices(['claude']))
    .addOption(scopeOption())
    .option('--dry-run', 'only show what would be done')
    .option(...JSON_OPTION)
    .action((client: 'claude', options: HookOptions) => change(cli, { client, act }, options));

async function change(
  { world, telling }: Cli,
  { client, act }: Pick<HookRequest, 'client' | 'act'>,
  { scope, toolset, url, dryRun = false, force = false }: HookOptions,
): Promise<void> {
  const changed = await world.hook({ client, act, scope, toolset, url, dryRun, force });
  const written = !dryRun && [changed.hook, changed.entry].some(({ outcome }) => !IDLE.includes(outcome));
  telling.result({ client, scope, ...changed, written }, () => words(changed, dryRun));
  if (written && changed.next !== undefined) telling.notice(`next: ${changed.next}`);
}

const IDLE: readonly string[] = ['unchanged', 'absent', 'kept'];

function words({ title, hook, entry }: HookChange, dryRun: boolean): string {
  const at = dryRun ? 1 : 0;
  const lines = [
    `the hook: ${OUTCOMES[hook.outcome][at]} ${title}: ${hook.file}`,
    ...(hook.command === undefined ? [] : [`  ${hook.command}`]),
    entry.outcome === 'kept'
      ? `the MCP entry did not come with the hook and stays: ${entry.file}`
      : `the MCP entry: ${OUTCOMES[entry.outcome][at]} ${title}: ${entry.file}`,
    ...(entry.entry === undefined ? [] : [JSON.stringify(entry.entry, null, 2)]),
  ];
  return safeText(lines.join('\n'));
}
