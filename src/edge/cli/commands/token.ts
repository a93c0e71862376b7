/** `pawl token`: what a client of the HTTP API or of /mcp sends; `create`, `list` and `revoke` below it. */
import { type Command, Option } from 'commander';
import { TokenScope as NamedScope } from '../../../domain/scopes.ts';
import { tokenOperations } from '../../../domain/token-operations.ts';
import type { NamedToken } from '../../../domain/tokens.ts';
import type { Cli } from '../cli.ts';
import { JSON_OPTION } from '../options.ts';
import type { TokenScope } from '../world.ts';

const SCOPES: readonly TokenScope[] = ['all', 'operate', 'read'];

const HELP = `
  all       everything that you may, decisions too
  operate   all but decisions and programs of one's own: over /mcp a person is asked for decisions
  read      looks only

Examples:
  pawl token create ci --scope operate --expires 30d      for others: it has a name and can be revoked
  curl -H "Authorization: Bearer $(pawl token)" http://127.0.0.1:8100/api/tasks

A lesser token is made from yours and holds as long: delete the file \`token\` of the home, restart, and none of them does.`;

/** Of each operation on tokens the word below `token`, and its arguments, options, examples and action. */
const COMMANDS: {
  readonly [N in keyof typeof tokenOperations]: readonly [
    word: string,
    describe: (command: Command, cli: Cli) => void,
  ];
} = {
  createToken: ['create', describeCreateToken],
  tokens: ['list', describeTokens],
  revokeToken: ['revoke', describeRevokeToken],
};

export function addToken(program: Command, cli: Cli): void {
  const token = program
    .command('token')
    // Else it would take `--scope` out of the command lines of its subcommands.
    .enablePositionalOptions()
    .summary('Print a token of the HTTP API, or make one with a name')
    .description('Print a token for the HTTP API and /mcp of this home, made on first use.')
    .addOption(new Option('--scope <scope>', 'what it may do').choices(SCOPES).default('all'))
    .addHelpText('after', HELP)
    .option('--headers', 'as headers of HTTP in JSON, which an AI client asks for')
    .action(async ({ scope, headers }: { readonly scope: TokenScope; readonly headers?: boolean }) => {
      const text = await cli.world.token(scope);
      const sent = { Authorization: `Bearer ${text}` };
      if (headers) cli.telling.result(sent, () => JSON.stringify(sent));
      else cli.telling.result({ token: text, scope }, () => text);
    });
  for (const [name, [word, describe]] of Object.entries(COMMANDS)) {
    const { summary } = tokenOperations[name as keyof typeof tokenOperations]; // the table's own key
    const command = token.command(word).summary(summary).description(`${summary}.`);
    describe(command.option(...JSON_OPTION), cli);
  }
}

const CREATE_HELP = `
  read      looks only
  operate   plans, claims, reports, and runs what the engine and the pawl.yaml of a repository name, where somebody who may
            approve has run before
  approve   decides too, and brings programs of its own

Examples:
  pawl token create ci --scope operate --expires 30d

What is decided with it is recorded under its name. It is told once and kept nowhere. Only your own token makes others.`;

function describeCreateToken(command: Command, cli: Cli): void {
  command
    .argument('<name>', 'who it is for: a-z, 0-9 and -')
    .addOption(
      new Option('--scope <scope>', 'what it may do').choices(NamedScope.options).makeOptionMandatory(),
    )
    .option('--expires <time>', 'how long it lasts: 90m, 12h, 30d (default: until it is revoked)')
    .addHelpText('after', CREATE_HELP)
    .action(async (name: string, { scope, expires }: { scope: NamedScope; expires?: string }) => {
      const made = await cli.call('createToken', { name, scope, ...(expires !== undefined && { expires }) });
      cli.telling.result(made, () => made.token);
    });
}

function describeTokens(command: Command, cli: Cli): void {
  command.addHelpText('after', '\nExamples:\n  pawl token list').action(async () => {
    const answer = await cli.call('tokens', {});
    cli.telling.result(answer, () =>
      answer.tokens.length === 0 ? 'no token has a name' : answer.tokens.map(lineOf).join('\n'),
    );
  });
}

function describeRevokeToken(command: Command, cli: Cli): void {
  command
    .argument('<name>', 'of the token')
    .addHelpText('after', '\nExamples:\n  pawl token revoke ci')
    .action(async (name: string) => {
      const revoked = await cli.call('revokeToken', { name });
      cli.telling.result(revoked, () => lineOf(revoked));
    });
}

function lineOf({ name, scope, createdAt, expiresAt, revokedAt }: NamedToken): string {
  const end = revokedAt !== undefined ? `revoked ${revokedAt}` : `until ${expiresAt ?? 'it is revoked'}`;
  return `${name}  ${scope}  made ${createdAt}, ${end}`;
}
