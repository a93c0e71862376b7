/** `pawl run`: a requirement becomes a task, followed to its end. */
import { type Command as CliCommand, Option } from 'commander';
import { AGENT_NAMES, AUTO } from '../../../domain/agent-names.ts';
import { checkNameOf } from '../../../domain/command-line.ts';
import { CONFIGURATION_FILE } from '../../../domain/configuration-name.ts';
import { PawlError } from '../../../domain/failures.ts';
import { type TaskId, taskIdFrom } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { CallOf } from '../../../domain/operations.ts';
import { type Command, PERMISSIONS } from '../../../domain/task-spec.ts';
import type { Cli } from '../cli.ts';
import { followTask } from '../follow-task.ts';
import {
  absolute,
  amount,
  collect,
  commandOption,
  priorityOption,
  textOrInput,
  wholeNumber,
} from '../options.ts';
import { previewText } from '../preview-text.ts';
import { addLoopOptions, type LoopOptions, refuseWithoutLoop, runLoop } from './run-loop.ts';

interface RunOptions extends LoopOptions {
  readonly repo: string;
  readonly base?: string;
  readonly dir?: string;
  readonly agent?: string;
  readonly agentCommand?: Command;
  readonly check?: readonly Command[];
  readonly setup?: Command;
  readonly copy?: readonly string[];
  readonly model?: string;
  readonly permissions?: 'ask' | 'allow' | 'deny';
  readonly forge?: 'local' | 'github';
  readonly timeout?: number;
  readonly stall?: number;
  readonly maxCost?: number;
  readonly maxTurns?: number;
  readonly priority?: CallOf<'run'>['priority'];
  readonly id?: string;
  readonly yes?: boolean;
}

const DAY_SECONDS = 24 * 3600;

const EXAMPLES = `
Examples:
  pawl run "Fix the login" --check "npm test"
  pawl run "Fix the login" --agent claude --max-cost 2 --permissions allow
  pawl run "Fix the rounding" --dir packages/api --check "npm test"
  pawl run "Test the login" --copy .env --copy config/local.json
  pawl run - --repo ../shop --agent reviewer < requirement.md
  pawl run "Orders can be cancelled" --loop feature
  pawl run "The shop is down" --priority critical
  pawl run --dry-run                            who would work here, and what judges it
  pawl run "Sort the imports" --agent-command "npx biome check --write ."
  pawl run -- "--verbose prints nothing"        a text that starts with - goes after --

The agent works in a workspace of its own, from the base branch; changes that are not committed are not part of it.
Ctrl-C leaves the task running, and so does an engine that goes away, which is waited for.
Exit code: 0 merged, 1 failed, 2 wrong use, 3 waiting for a person, 4 the engine stays away, 130 interrupted.`;

export function describeRun(command: CliCommand, cli: Cli): void {
  addLoopOptions(command)
    .argument('[requirement]', 'what should be done, in words; - reads it from stdin')
    .option('--repo <dir>', 'the git repository to work on', '.')
    .option('--base <ref>', 'the branch to start from and merge into (default: what is checked out)')
    .option(
      '--dir <dir>',
      "the folder in which agent, set-up and checks start, from the repository's top (default: where in it --repo is)",
    )
    .option(
      '--agent <name>',
      `${AGENT_NAMES.join(', ')}, or a name under agents in the repository's ${CONFIGURATION_FILE} (default: auto, the one that agent names there, else the first of ${AUTO.slice(0, -1).join(', ')} and ${AUTO.at(-1)} that is installed and has credentials)`,
    )
    .option('--agent-command <command>', 'a program of yours that works as the agent', commandOption)
    .option(
      '--check <command>',
      `a command that must exit with 0; repeatable, replaces those of ${CONFIGURATION_FILE}`,
      collect(commandOption),
    )
    .option(
      '--setup <command>',
      `prepares the workspace; replaces that of ${CONFIGURATION_FILE}`,
      commandOption,
    )
    .option(
      '--copy <path>',
      `a file that git ignores, such as .env, brought along from the checkout, by its path from the repository's top; repeatable, besides those of ${CONFIGURATION_FILE}`,
      collect(String),
    )
    .option('--model <name>', "the provider's name of the model (default: what the agent is set to)")
    .addOption(
      new Option(
        '--permissions <policy>',
        'what the agent may do besides changing files of its workspace',
      ).choices([...PERMISSIONS]),
    )
    .addOption(
      new Option(
        '--forge <name>',
        'where the pull request is made (default: github where the remote and a token are)',
      ).choices(['local', 'github']),
    )
    .option('--timeout <seconds>', 'ends an attempt that takes longer', wholeNumber(1, DAY_SECONDS))
    .option(
      '--stall <seconds>',
      'ends an attempt without output or changed files',
      wholeNumber(1, DAY_SECONDS),
    )
    .option('--max-cost <dollars>', 'ends an attempt that costs more, where the agent can be told', amount)
    .option('--max-turns <count>', 'the same for rounds with the model', wholeNumber(1, 100_000))
    .addOption(priorityOption())
    .option('--id <id>', 'the task id; the same id and body finds the task instead of starting another')
    .option('-y, --yes', 'approve the change as yourself, without asking')
    .addHelpText('after', EXAMPLES)
    .action(async (text: string | undefined, options: RunOptions) => {
      const { loop } = options;
      if (loop !== undefined) return runLoop(cli, text, { ...options, loop });
      refuseWithoutLoop(options);
      if (options.dryRun === true) return preview(cli, options);
      if (text === undefined)
        throw new PawlError('invalid_input', 'requirement: expected what should be done, in words, got none');
      return cli.exit(await run(cli, text, options));
    });
}

/** Nobody may pay for a run of which they only want to know what it would be. */
async function preview(cli: Cli, options: RunOptions): Promise<void> {
  const shown = await cli.call('preview', askedOf(cli, options));
  cli.telling.result(shown, () => `${previewText(shown, options.priority)}\n\nNothing was started.`);
}

async function run(cli: Cli, text: string, options: RunOptions): Promise<number> {
  const { world, telling } = cli;
  const requirement = await textOrInput(cli, text, 4 * LIMITS.requirementCharsMax);
  const input = inputOf(cli, requirement, options);
  const engine = await cli.engine();
  const startedAtMs = world.now();
  const { id, created } = await cli.call('run', input);
  if (!created) telling.notice(`task ${id} was started already: following it`);
  const agent = input.agent?.name;
  const known = { ...(created ? { startedAtMs } : {}), ...(agent === undefined ? {} : { agent }) };
  return followTask({ world, engine, telling }, id, { yes: options.yes === true, ...known });
}

const inputOf = (cli: Cli, requirement: string, options: RunOptions): CallOf<'run'> => ({
  id: options.id ?? newId(cli, requirement),
  requirement,
  ...askedOf(cli, options),
});

function askedOf(cli: Cli, options: RunOptions): CallOf<'preview'> {
  const { agent, agentCommand, check, setup, base, dir } = options;
  const { model, forge, copy, priority } = options;
  // A program of the user's needs no name.
  const name = agent ?? (agentCommand === undefined ? 'auto' : 'command');
  const policy = policyOf(options);
  return {
    repository: absolute(cli, options.repo),
    ...(base === undefined ? {} : { base }),
    ...(dir === undefined ? {} : { dir }),
    ...(agent === undefined && agentCommand === undefined && model === undefined
      ? {}
      : {
          agent: {
            name,
            ...(agentCommand === undefined ? {} : { command: agentCommand }),
            ...(model === undefined ? {} : { model }),
          },
        }),
    ...(forge === undefined ? {} : { forge }),
    ...(priority === undefined ? {} : { priority }),
    ...(Object.keys(policy).length === 0 ? {} : { policy }),
    ...(check === undefined
      ? {}
      : { checks: check.map((one) => ({ name: checkNameOf(one), run: [...one] })) }),
    ...(setup === undefined ? {} : { setup }),
    ...(copy === undefined ? {} : { copy: [...copy] }),
  };
}

const policyOf = ({ permissions, timeout, stall, maxCost, maxTurns }: RunOptions) => ({
  ...(permissions === undefined ? {} : { permissions }),
  ...(timeout === undefined ? {} : { attemptSecondsMax: timeout }),
  ...(stall === undefined ? {} : { stallSecondsMax: stall }),
  ...(maxCost === undefined ? {} : { costUsdMax: maxCost }),
  ...(maxTurns === undefined ? {} : { turnsMax: maxTurns }),
});

/** From the first line that says something. */
function newId({ world }: Cli, requirement: string): TaskId {
  const line = requirement
    .trim()
    .slice(0, LIMITS.titleShownCharsMax)
    .split(/[\r\n]/)[0];
  return taskIdFrom(line ?? '', world.newSuffix());
}
