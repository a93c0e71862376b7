/** `pawl mcp`: Pawl as tools of an AI client, over stdin and stdout; `install` and `uninstall` below it. */
import { type Command, Option } from 'commander';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit.ts';
import { addMcpInstall } from './mcp-install.ts';

/** Known without loading the tools themselves. */
export const TOOLSETS = ['core', 'orchestrator', 'loop'];

const HELP = `
Examples:
  pawl mcp                                     what an AI client starts
  pawl mcp --toolset core,orchestrator
  pawl mcp install claude                      writes the entry that starts it

It serves the engine of this home and starts one where none runs. The same tools are at /mcp of the engine, with its token.
Decisions are asked of the person in the client's own prompt; --allow-approve lets the client decide by itself.`;

export function addMcp(program: Command, cli: Cli): void {
  const mcp = program
    .command('mcp')
    .summary('Serve AI clients over MCP')
    .description('Serve the tools of Pawl to an AI client over stdin and stdout, until it closes them.')
    .addOption(
      new Option('--toolset <names>', `of ${TOOLSETS.join(', ')}: one or more, with commas`).default('core'),
    )
    .option('--allow-approve', 'the client may decide gates itself, without asking a person')
    .addHelpText('after', HELP)
    .action(async ({ toolset, allowApprove = false }: { toolset: string; allowApprove?: boolean }) => {
      await cli.world.serveMcp({ toolset, allowApprove }, cli.telling.notice);
      cli.exit(EXIT.done);
    });
  addMcpInstall(mcp, cli, TOOLSETS);
}
