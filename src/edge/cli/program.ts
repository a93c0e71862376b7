/** The `pawl` program: one command per operation, made from their table, and a few of its own. */
import { Command, CommanderError } from 'commander';
import type { executionOperations } from '../../domain/execution-operations.ts';
import { ERROR_CODES, PawlError } from '../../domain/failures.ts';
import { lacksIn } from '../../domain/lacks.ts';
import { clip } from '../../domain/limits.ts';
import type { loopOperations } from '../../domain/loop-operations.ts';
import { NO_TEXT } from '../../domain/no-text.ts';
import { type OperationName, operations } from '../../domain/operations.ts';
import type { tokenOperations } from '../../domain/token-operations.ts';
import { EngineAway } from './absence.ts';
import { type Cli, createCli } from './cli.ts';
import { describeCreate } from './commands/create.ts';
import { describeDashboard } from './commands/dashboard.ts';
import {
  describeApprove,
  describeCancel,
  describeReject,
  describeRetry,
  describeTell,
} from './commands/decisions.ts';
import { addDown } from './commands/down.ts';
import { addStart, addUp } from './commands/engine.ts';
import { addEnsure } from './commands/ensure.ts';
import { addExecutions } from './commands/executions.ts';
import { addHook } from './commands/hook.ts';
import { addInit } from './commands/init.ts';
import { describeLogs } from './commands/logs.ts';
import { addLoops } from './commands/loops.ts';
import { addMcp } from './commands/mcp.ts';
import {
  describeArchive,
  describeArtifact,
  describeClaim,
  describeForget,
  describeOpen,
  describeRemove,
  describeSessions,
} from './commands/planned-tasks.ts';
import { describeComplete, describeUpdate } from './commands/report.ts';
import { describeRun } from './commands/run.ts';
import { addShell } from './commands/shell.ts';
import { describeCount, describeDiff, describeGates, describeList, describeShow } from './commands/show.ts';
import { addToken } from './commands/token.ts';
import { describeUpload } from './commands/upload.ts';
import { describeRestart, describeVitals } from './commands/vitals.ts';
import { EXIT } from './exit.ts';
import { Interrupted } from './interrupt.ts';
import { JSON_OPTION, refuseRepeated } from './options.ts';
import { shellAdvice } from './shell-advice.ts';
import { createTelling, safeLine, type Telling } from './telling.ts';
import type { CliWorld } from './world.ts';

/** Headings of help. */
const TASKS = 'Tasks:';
const DECISIONS = 'Decisions:';
const OWN = 'Tasks that you work on yourself:';
const ENGINE = 'The engine:';

/** Adds arguments, options, examples and action. An operation without a row does not compile; those on tokens and loops are below `token` and `loops`, `preview` is `run --dry-run`. */
type Describe = (command: Command, cli: Cli) => void;
const COMMANDS: {
  readonly [N in Exclude<
    OperationName,
    keyof typeof tokenOperations | keyof typeof loopOperations | keyof typeof executionOperations | 'preview'
  >]: readonly [heading: string, Describe];
} = {
  run: [TASKS, describeRun],
  list: [TASKS, describeList],
  show: [TASKS, describeShow],
  count: [TASKS, describeCount],
  logs: [TASKS, describeLogs],
  diff: [TASKS, describeDiff],
  tell: [TASKS, describeTell],
  retry: [TASKS, describeRetry],
  cancel: [TASKS, describeCancel],
  archive: [TASKS, describeArchive],
  remove: [TASKS, describeRemove],
  upload: [OWN, describeUpload],
  artifact: [TASKS, describeArtifact],
  gates: [DECISIONS, describeGates],
  approve: [DECISIONS, describeApprove],
  reject: [DECISIONS, describeReject],
  create: [OWN, describeCreate],
  claim: [OWN, describeClaim],
  update: [OWN, describeUpdate],
  complete: [OWN, describeComplete],
  open: [OWN, describeOpen],
  sessions: [OWN, describeSessions],
  forget: [OWN, describeForget],
  dashboard: [ENGINE, describeDashboard],
  vitals: [ENGINE, describeVitals],
  restart: [ENGINE, describeRestart],
};

/**
 * Runs one command line (without the program's name). Never throws: errors are one line on stderr, a bug's details are
 * in a log. @returns the exit code
 */
export async function runCli(args: readonly string[], world: CliWorld): Promise<number> {
  const ours = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const telling = createTelling(world, ours.includes('--json'));
  let code: number = EXIT.done;
  const cli = createCli(world, telling, (value) => {
    code = value;
  });
  try {
    refuseNoText(args);
    await createProgram(cli).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    const exitCode = tellError(error, world, telling);
    await adviseOn(error, world, telling);
    return exitCode;
  }
}

/** What would be sent is another text than was typed. @throws PawlError `invalid_input` */
function refuseNoText(args: readonly string[]): void {
  const at = args.findIndex((arg) => arg.includes(NO_TEXT));
  if (at === -1) return;
  throw new PawlError(
    'invalid_input',
    `expected arguments in UTF-8, got other bytes in number ${at + 1} (${clip(args[at] ?? '', 60)})`,
  );
}

/** A list of things to do begins as an option does. */
const hintOn = (error: string): string =>
  /^error: unknown option '-[^'\n]*\s[^'\n]*'/.test(error)
    ? '(a text that begins with "-" comes after "--": pawl run --check "npm test" -- "- [ ] do this")\n'
    : '';

export function createProgram(cli: Cli): Command {
  const { world } = cli;
  const program = new Command('pawl')
    .description('Durable workflows for coding agents: a task goes on where it stopped, whatever is killed.')
    .version(world.version, '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.out.write(text),
      writeErr: (text) => world.err.write(text),
      outputError: (text, write) => write(`${text.replace(/^error: /, 'pawl: ')}${hintOn(text)}`),
      getOutHasColors: () => world.out.colours,
      getErrHasColors: () => world.err.colours,
    })
    .showHelpAfterError('(pawl --help lists the commands, pawl <command> --help explains one)')
    .addHelpText('after', '\nStart with: pawl run "Fix the failing test" --check "npm test"');
  for (const [name, [heading, describe]] of Object.entries(COMMANDS)) {
    const { summary } = operations[name as OperationName]; // the table's own key
    const command = program.command(name).helpGroup(heading);
    describe(command.summary(summary).description(`${summary}.`), cli);
  }
  addShell(program.commandsGroup(TASKS), cli);
  program.commandsGroup(ENGINE);
  program.addHelpCommand(
    new Command('help').argument('[command]').description('Explain a command').helpGroup(ENGINE),
  );
  addStart(program, cli);
  addUp(program, cli);
  addEnsure(program, cli);
  addDown(program, cli);
  addInit(program, cli);
  addLoops(program, cli);
  addExecutions(program, cli);
  addMcp(program, cli);
  addHook(program, cli);
  addToken(program, cli);
  // Commander hands settings down only to commands made by .command() of a parent that has them already.
  for (const command of program.commands) command.option(...JSON_OPTION);
  refuseRepeated(program);
  return program;
}

/** What the engine lacks and this shell has is named, with how to give it. */
async function adviseOn(error: unknown, world: CliWorld, telling: Telling): Promise<void> {
  const lacks = error instanceof PawlError ? lacksIn(error.details) : undefined;
  if (lacks === undefined) return;
  for (const line of shellAdvice(await world.inShell(lacks))) telling.notice(`pawl: ${safeLine(line)}`);
}

function tellError(error: unknown, world: CliWorld, telling: Telling): number {
  if (error instanceof Interrupted) return EXIT.interrupted;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    // Commander has told people already.
    telling.document({
      error: { code: 'invalid_input', message: safeLine(error.message.replace(/^error: /, '')) },
    });
    return EXIT.wrongUse;
  }
  if (error instanceof PawlError) {
    const { code, message, details } = error;
    telling.notice(`pawl: ${safeLine(message)}`);
    telling.document({ error: { code, message, ...(details === undefined ? {} : { details }) } });
    return error instanceof EngineAway ? EXIT.away : ERROR_CODES[code].exitCode;
  }
  const words = `internal error, a bug of Pawl's: details are in ${world.logBug(error)}`;
  telling.notice(`pawl: ${words}`);
  telling.document({ error: { code: 'internal', message: words } });
  return ERROR_CODES.internal.exitCode;
}
