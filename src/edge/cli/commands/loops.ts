/** `pawl loops`: `list`, `show`, `check` and `new`. An execution of one: `executions.ts`. */
import { isUtf8 } from 'node:buffer';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { PawlError } from '../../../domain/failures.ts';
import { loopOperations } from '../../../domain/loop-operations.ts';
import { faultText } from '../../../domain/loops/found-loop.ts';
import type { OutputOf } from '../../../domain/operations.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit.ts';
import { planText } from '../loop-plan-text.ts';
import { absolute, JSON_OPTION } from '../options.ts';
import { safeLine, safeText } from '../telling.ts';
import { noteUncommitted } from '../uncommitted-loop.ts';

/** Of each operation on loops the word below `loops`, and its arguments, options, examples and action. */
const COMMANDS: {
  readonly [N in keyof typeof loopOperations]: readonly [
    word: string,
    describe: (command: Command, cli: Cli) => void,
  ];
} = {
  loops: ['list', describeLoops],
  loop: ['show', describeLoop],
  checkLoop: ['check', describeCheck],
};

const HELP = `
A loop is phases in order, each with skills and, after them, gates: .pawl/loops/*.yaml of a repository's base commit, then
loops/*.yaml of the home of Pawl, then those that Pawl brings. The nearer one of a name wins.

Examples:
  pawl loops new release --from feature
  pawl loops check .pawl/loops/release.yaml
  pawl loops show release --repo .`;

export function addLoops(program: Command, cli: Cli): void {
  const loops = program
    .command('loops')
    // Else it would take options out of the command lines of its subcommands.
    .enablePositionalOptions()
    .summary('Look at loops, check them, write a new one')
    .description('Look at loops, check them, write a new one. `pawl execution start` goes through one.')
    .addHelpText('after', HELP);
  for (const [name, [word, describe]] of Object.entries(COMMANDS)) {
    const { summary } = loopOperations[name as keyof typeof loopOperations]; // the table's own key
    const command = loops.command(word).summary(summary).description(`${summary}.`);
    describe(command.option(...JSON_OPTION), cli);
  }
  addNew(loops, cli);
}

interface Where {
  readonly repo?: string;
  readonly base?: string;
}

const placed = (command: Command): Command =>
  command
    .option(
      '--repo <dir>',
      'a repository, whose base commit counts too (default: the one around this folder, if any)',
    )
    .option('--base <branch>', 'the branch of it (default: what is checked out)');

const whereOf = (cli: Cli, { repo, base }: Where) => ({
  ...(repo !== undefined && { repository: absolute(cli, repo) }),
  ...(base !== undefined && { base }),
});

/** The same, where nobody names one: the repository around a folder. @param otherwise gets why there is none */
async function aroundOr(
  cli: Cli,
  where: Where,
  folder = cli.world.cwd,
  otherwise: (problem: string) => void = () => undefined,
): Promise<ReturnType<typeof whereOf>> {
  if (where.repo !== undefined || cli.world.isElsewhere()) return whereOf(cli, where);
  try {
    const { repository } = await cli.world.inspectRepository(folder);
    return whereOf(cli, { ...where, repo: repository });
  } catch (error) {
    if (!(error instanceof PawlError) || error.code !== 'precondition') throw error;
    otherwise(error.message);
    return whereOf(cli, where);
  }
}

function describeLoops(command: Command, cli: Cli): void {
  placed(command)
    .addHelpText('after', '\nExamples:\n  pawl loops list\n  pawl loops list --repo . --json')
    .action(async (where: Where) => {
      const answer = await cli.call('loops', await aroundOr(cli, where));
      cli.telling.result(answer, () => answer.loops.map(rowText).join('\n'));
    });
}

function rowText({ loop, title, source, file, shadows, faults }: OutputOf<'loops'>['loops'][number]): string {
  const hides = shadows.length === 0 ? '' : `, hides ${shadows.map((one) => one.file).join(', ')}`;
  const from = `${source === 'built-in' ? 'of Pawl' : file}${hides}`;
  const details = [from, ...faults.map((fault) => `✖ ${faultText(fault)}`)];
  return [
    `${safeLine(loop).padEnd(NAME_WIDTH)} ${safeLine(title ?? '')}`.trimEnd(),
    ...details.map((line) => `  ${safeLine(line)}`),
  ].join('\n');
}

const NAME_WIDTH = 14;

function describeLoop(command: Command, cli: Cli): void {
  placed(command)
    .argument('<loop>', 'its id')
    .addHelpText('after', '\nExamples:\n  pawl loops show bugfix\n  pawl loops show feature --repo . --json')
    .action(async (loop: string, where: Where) => {
      const answer = await cli.call('loop', { loop, ...(await aroundOr(cli, where)) });
      noteUncommitted(cli, answer);
      cli.telling.result(answer, () => planText(answer));
    });
}

const CHECK_HELP = `
Examples:
  pawl loops check .pawl/loops/release.yaml
  cat release.yaml | pawl loops check - --repo .

The loops and guides of its repository, and the checks and agents of its pawl.yaml, count as they stand in the working tree,
committed or not; with --base as they are at the tip of that branch. Exit code 1: it has faults.`;

const WITHOUT = 'checked without a repository, so without its checks, agents, guides and loops';
const AS_THEY_STAND = 'as they stand, committed or not: a start reads those of a commit';

/** Four bytes are the longest character. */
const STDIN_BYTES_MAX = 1024 * 1024;

function describeCheck(command: Command, cli: Cli): void {
  command
    .option('--repo <dir>', 'the repository that it is for (default: the one around the file, if any)')
    .option('--base <branch>', 'with the files at the tip of this branch, and none of the working tree')
    .argument('<file>', 'YAML, or the JSON of create_loop; - reads it from stdin')
    .addHelpText('after', CHECK_HELP)
    .action(async (file: string, where: Where) => {
      const text = await textOf(cli, file);
      const named = file === '-' ? {} : { file };
      const around = await aroundOr(cli, where, dirname(absolute(cli, file)), (problem) =>
        cli.telling.notice(`${WITHOUT}: ${problem}`),
      );
      const { repository } = around;
      const uncommitted = repository !== undefined && where.base === undefined;
      const answer = await cli.call('checkLoop', {
        ...{ text, ...named, ...around },
        ...(uncommitted && { uncommitted }),
      });
      if (uncommitted) cli.telling.notice(`checked with the files of ${repository} ${AS_THEY_STAND}`);
      const { valid, loop, digest, faults } = answer;
      if (!valid) cli.exit(EXIT.failed);
      cli.telling.result(answer, () =>
        valid ? `${loop} is a loop: ${digest}` : faults.map((fault) => safeLine(faultText(fault))).join('\n'),
      );
    });
}

async function textOf(cli: Cli, file: string): Promise<string> {
  if (file === '-') return cli.world.readInput(STDIN_BYTES_MAX);
  const content = await cli.world.readFile(absolute(cli, file));
  if (isUtf8(content)) return content.toString('utf8');
  throw new PawlError('invalid_input', `${file}: expected text in UTF-8, got other bytes`);
}

interface NewOptions {
  readonly repo: string;
  readonly from?: string;
  readonly print?: boolean;
  readonly force?: boolean;
}

const NEW_HELP = `
Examples:
  pawl loops new release                    a short one to begin with
  pawl loops new hotfix --from bugfix       one that Pawl brings, to be changed
  pawl loops new release --print

Beside it .pawl/loop.schema.json is written, with which editors complete and check it.`;

function addNew(loops: Command, cli: Cli): void {
  loops
    .command('new')
    .summary('Begin a loop in a repository')
    .description('Begin a loop in a repository: writes .pawl/loops/<loop>.yaml.')
    .argument('<loop>', 'its id: lower-case letters, digits and hyphens')
    .option('--from <loop>', 'one that Pawl brings, to begin with')
    .option('--repo <dir>', 'the git repository', '.')
    .option('--print', 'only show it')
    .option('--force', 'overwrite the file that is there')
    .option(...JSON_OPTION)
    .addHelpText('after', NEW_HELP)
    .action(async (loop: string, { repo, from, print, force }: NewOptions) => {
      const { world, telling } = cli;
      const proposed = await world.proposeLoop(absolute(cli, repo), { loop, from });
      const written = print !== true;
      if (written) await world.writeLoop(proposed, force === true);
      const { path, text } = proposed;
      telling.result({ loop, path, text, written }, () => (written ? path : safeText(text).trimEnd()));
      if (written)
        telling.notice(
          'change it, check it with `pawl loops check`, and commit it: loops are read from the base branch',
        );
    });
}
