/** `pawl token`: what a client of the HTTP API or of /mcp sends. */
import { type Command, Option } from 'commander';
import type { Cli } from '../cli.ts';
import type { TokenScope } from '../world.ts';

const SCOPES: readonly TokenScope[] = ['all', 'operate', 'read'];

const HELP = `
  all       everything that you may, decisions too
  operate   all but decisions: over /mcp a person is asked for those
  read      looks only

Examples:
  curl -H "Authorization: Bearer $(pawl token)" http://127.0.0.1:8100/api/tasks
  pawl token --scope operate                   for an AI client that connects to /mcp

A lesser token is made from yours and holds as long: delete the file \`token\` of the home, restart, and none of them does.`;

export function addToken(program: Command, cli: Cli): void {
  program
    .command('token')
    .summary('Print a token of the HTTP API')
    .description('Print a token for the HTTP API and /mcp of this home, made on first use.')
    .addOption(new Option('--scope <scope>', 'what it may do').choices(SCOPES).default('all'))
    .addHelpText('after', HELP)
    .action(async ({ scope }: { readonly scope: TokenScope }) => {
      const token = await cli.world.token(scope);
      cli.telling.result({ token, scope }, () => token);
    });
}
