/** `pawl mcp install` and `pawl mcp uninstall`: Pawl's entry in the configuration of an AI client. */
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { MCP_CLIENT_NAMES, type McpClientName } from '../../../domain/agent-names.ts';
import type { Cli } from '../cli.ts';
import { JSON_OPTION } from '../options.ts';
import { safeText } from '../telling.ts';
import type { McpEntryChange, McpEntryRequest } from '../world.ts';

interface EntryOptions {
  readonly scope: McpEntryRequest['scope'];
  readonly toolset?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

const EXAMPLES = `
Examples:
  pawl mcp install claude                      for you, in every project
  pawl mcp install cursor --scope project      in .cursor/mcp.json of this folder
  pawl mcp install codex --toolset core,orchestrator --dry-run
  pawl mcp uninstall claude`;

/** `toolsets` are the names that `--toolset` takes. */
export function addMcpInstall(mcp: Command, cli: Cli, toolsets: readonly string[]): void {
  withOwnOptions(mcp);
  addEntryCommand(mcp, cli, 'install')
    .summary('Add Pawl to an AI client')
    .description(
      "Write Pawl's entry into the MCP configuration of an AI client. All that stands there is left as it is; run again, it updates the entry.",
    )
    .option('--toolset <names>', `of ${toolsets.join(', ')}: one or more`, namesOf(toolsets))
    .addHelpText('after', EXAMPLES);
  addEntryCommand(mcp, cli, 'uninstall')
    .summary('Take Pawl out of an AI client')
    .description("Remove Pawl's entry from the MCP configuration of an AI client, and nothing else.");
}

/**
 * Else a command would take those of its own options that have the same names out of the command lines of its subcommands.
 * Commander looks for options of a command after its subcommand, too, unless all commands above it are told not to.
 */
export function withOwnOptions(command: Command): void {
  for (let at: Command | null = command; at !== null; at = at.parent) at.enablePositionalOptions();
}

export const scopeOption = (): Option =>
  new Option('--scope <scope>', 'the configuration of you, or of the project in this folder')
    .choices(['user', 'project'])
    .default('user');

function addEntryCommand(mcp: Command, cli: Cli, act: McpEntryRequest['act']): Command {
  return mcp
    .command(act)
    .addArgument(new Argument('<client>', 'the AI client').choices(MCP_CLIENT_NAMES))
    .addOption(scopeOption())
    .option('--dry-run', 'only show what would be done')
    .option('--force', 'also where the client seems not to be installed, or another server is called pawl')
    .option(...JSON_OPTION)
    .action((client: McpClientName, options: EntryOptions) => change(cli, act, client, options));
}

async function change(
  { world, telling }: Cli,
  act: McpEntryRequest['act'],
  client: McpClientName,
  { scope, toolset, dryRun = false, force = false }: EntryOptions,
): Promise<void> {
  const changed = await world.mcpEntry({ client, scope, act, toolset, dryRun, force });
  const written = !dryRun && !['unchanged', 'absent'].includes(changed.outcome);
  telling.result({ client, scope, ...changed, written }, () => words(changed, dryRun));
  if (written && changed.next !== undefined) telling.notice(`next: ${changed.next}`);
}

export const OUTCOMES: { readonly [O in McpEntryChange['outcome']]: readonly [done: string, dry: string] } = {
  added: ['added pawl to', 'would add pawl to'],
  updated: ['updated pawl in', 'would update pawl in'],
  unchanged: ['pawl is there already, the same, in', 'pawl is there already, the same, in'],
  removed: ['removed pawl from', 'would remove pawl from'],
  absent: ['there is no pawl in', 'there is no pawl in'],
};

function words({ title, file, outcome, entry }: McpEntryChange, dryRun: boolean): string {
  const line = `${OUTCOMES[outcome][dryRun ? 1 : 0]} ${title}: ${file}`;
  return safeText(entry === undefined ? line : `${line}\n${JSON.stringify(entry, null, 2)}`);
}

/** Names with commas between them, as they were given. */
export const namesOf =
  (known: readonly string[]) =>
  (text: string): string => {
    if (text.split(',').every((name) => known.includes(name))) return text;
    throw new InvalidArgumentError(`expected ${known.join(' or ')}, or several with commas between them`);
  };
